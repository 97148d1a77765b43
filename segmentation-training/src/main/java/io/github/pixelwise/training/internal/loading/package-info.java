/** Batches of augmented samples, loaded ahead. Not exported. */
@NullMarked
package io.github.pixelwise.training.internal.loading;

import org.jspecify.annotations.NullMarked;
