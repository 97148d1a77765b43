/**
 * Pictures in tiles: how large the tiles are, and pictures and masks that are read and written row
 * by row because they are too large for memory.
 */
@NullMarked
package io.github.pixelwise.tile;

import org.jspecify.annotations.NullMarked;
