/**
 * The shapes of a mask's regions: polygons with holes, which can be simplified, smoothed, and
 * measured.
 */
@NullMarked
package io.github.pixelwise.postprocess.shape;

import org.jspecify.annotations.NullMarked;
