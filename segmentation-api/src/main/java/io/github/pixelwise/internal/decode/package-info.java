/**
 * From scores on the network's grid to a mask at any size, row by row. Not exported to
 * applications.
 */
@NullMarked
package io.github.pixelwise.internal.decode;

import org.jspecify.annotations.NullMarked;
