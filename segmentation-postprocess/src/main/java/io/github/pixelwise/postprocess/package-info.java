/**
 * Postprocessing: clean up a mask, color it, overlay it on the photograph, cut out the foreground,
 * replace the background, and compute statistics.
 *
 * <p>Everything here is a pure function of immutable values: there is nothing to open or close, and
 * it is safe for use by several threads. Large pictures are processed in the JVM's common pool.
 */
@NullMarked
package io.github.pixelwise.postprocess;

import org.jspecify.annotations.NullMarked;
