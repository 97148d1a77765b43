/** Networks as graphs of layers. */
@NullMarked
package io.github.pixelwise.network;

import org.jspecify.annotations.NullMarked;
