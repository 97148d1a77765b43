/** Segments pictures tile by tile. */
@NullMarked
package io.github.pixelwise.internal.tile;

import org.jspecify.annotations.NullMarked;
