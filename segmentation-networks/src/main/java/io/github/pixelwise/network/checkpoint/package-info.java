/** Trained weights: PyTorch's checkpoints and safetensors. */
@NullMarked
package io.github.pixelwise.network.checkpoint;

import org.jspecify.annotations.NullMarked;
