/** The backend on PyTorch, through DJL. */
@NullMarked
package io.github.pixelwise.djl;

import org.jspecify.annotations.NullMarked;
