/**
 * Pictures that are too large for memory: read row by row, and their masks written band by band,
 * with their place on the map.
 */
@NullMarked
package io.github.pixelwise.imaging.stream;

import org.jspecify.annotations.NullMarked;
