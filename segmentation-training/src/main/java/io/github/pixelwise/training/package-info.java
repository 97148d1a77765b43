/** Training: from photographs with masks to a model that any backend opens. */
@NullMarked
package io.github.pixelwise.training;

import org.jspecify.annotations.NullMarked;
