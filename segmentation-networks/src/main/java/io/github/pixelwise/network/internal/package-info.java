/** PyTorch's archive format and mapped files, shared by the readers and writers of files. */
@NullMarked
package io.github.pixelwise.network.internal;

import org.jspecify.annotations.NullMarked;
