/** Random changes to photographs and their masks. */
@NullMarked
package io.github.pixelwise.training.augment;

import org.jspecify.annotations.NullMarked;
