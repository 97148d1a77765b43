/** Networks as graphs of layers. */
@NullMarked
package io.github.pixelwise.zoo.network;

import org.jspecify.annotations.NullMarked;
