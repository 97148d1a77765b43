/** Converts networks with their weights to ONNX and TorchScript files with a model card. */
@NullMarked
package io.github.pixelwise.network.convert;

import org.jspecify.annotations.NullMarked;
