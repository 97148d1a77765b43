/** Helpers that several packages share. Not exported to applications. */
@NullMarked
package io.github.pixelwise.internal.util;

import org.jspecify.annotations.NullMarked;
