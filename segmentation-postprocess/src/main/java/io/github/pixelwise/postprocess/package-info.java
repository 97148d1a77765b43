/**
 * What comes after segmentation: tidy a mask up, color it, lay it over the photograph, cut the
 * foreground out, put another background behind it, measure it, save it.
 *
 * <p>Pure functions of immutable values: nothing to open or close, safe for concurrent callers.
 * Large pictures are worked on by the JVM's common pool.
 */
@NullMarked
package io.github.pixelwise.postprocess;

import org.jspecify.annotations.NullMarked;
