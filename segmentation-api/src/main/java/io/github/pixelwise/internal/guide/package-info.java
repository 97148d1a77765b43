/** What a photograph's colors say about values that were found on a coarser grid. */
@NullMarked
package io.github.pixelwise.internal.guide;

import org.jspecify.annotations.NullMarked;
