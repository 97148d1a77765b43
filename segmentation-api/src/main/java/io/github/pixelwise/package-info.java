/**
 * Semantic segmentation: open a model by name, get the class of every pixel of a photograph.
 *
 * <p>{@link io.github.pixelwise.Segmenter} is the place to start. Images and masks are immutable
 * heap values, rows from top to bottom, pixels from left to right; a pixel's center lies at half
 * coordinates, so resampling by a factor maps {@code src = (dst + 0.5) * factor - 0.5}.
 */
@NullMarked
package io.github.pixelwise;

import org.jspecify.annotations.NullMarked;
