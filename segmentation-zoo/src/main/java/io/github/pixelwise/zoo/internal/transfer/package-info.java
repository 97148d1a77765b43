/** Downloading files over HTTPS, verifying them, and taking turns. */
@NullMarked
package io.github.pixelwise.zoo.internal.transfer;

import org.jspecify.annotations.NullMarked;
