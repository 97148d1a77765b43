/**
 * Model cards: their keys, their file format, finding and completing them. Not exported to
 * applications.
 */
@NullMarked
package io.github.pixelwise.internal.card;

import org.jspecify.annotations.NullMarked;
