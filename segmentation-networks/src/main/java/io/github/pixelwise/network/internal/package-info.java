/** PyTorch's archives, as the writers of checkpoints and of TorchScript need them. */
@NullMarked
package io.github.pixelwise.network.internal;

import org.jspecify.annotations.NullMarked;
