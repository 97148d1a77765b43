/** Models that are fetched or converted from PyTorch's checkpoints. */
@NullMarked
package io.github.pixelwise.zoo;

import org.jspecify.annotations.NullMarked;
