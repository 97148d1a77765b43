/** The command line {@code segment}. */
@NullMarked
package io.github.pixelwise.cli;

import org.jspecify.annotations.NullMarked;
