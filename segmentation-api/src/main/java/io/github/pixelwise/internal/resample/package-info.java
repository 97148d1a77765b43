/** Resizing of pictures and alpha masks, as Pillow does it. Not exported to applications. */
@NullMarked
package io.github.pixelwise.internal.resample;

import org.jspecify.annotations.NullMarked;
