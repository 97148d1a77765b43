/** PyTorch's archives, as the writers of checkpoints and of TorchScript need them. */
@NullMarked
package io.github.pixelwise.internal.torch;

import org.jspecify.annotations.NullMarked;
