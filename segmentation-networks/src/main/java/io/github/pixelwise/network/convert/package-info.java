/** Networks with their weights as files for inference: ONNX and TorchScript, with a card. */
@NullMarked
package io.github.pixelwise.network.convert;

import org.jspecify.annotations.NullMarked;
