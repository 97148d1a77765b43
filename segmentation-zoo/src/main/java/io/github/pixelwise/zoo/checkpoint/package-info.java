/** Trained weights: PyTorch's checkpoints and safetensors. */
@NullMarked
package io.github.pixelwise.zoo.checkpoint;

import org.jspecify.annotations.NullMarked;
