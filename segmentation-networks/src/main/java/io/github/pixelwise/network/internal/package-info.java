/** PyTorch's archive format, shared by the writers of checkpoints and TorchScript. */
@NullMarked
package io.github.pixelwise.network.internal;

import org.jspecify.annotations.NullMarked;
