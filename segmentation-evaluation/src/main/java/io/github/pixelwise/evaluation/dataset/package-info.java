/** Photographs with true masks, in the forms that data sets are published in. */
@NullMarked
package io.github.pixelwise.evaluation.dataset;

import org.jspecify.annotations.NullMarked;
