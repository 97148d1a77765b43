/** Networks with their weights as files for inference: ONNX and TorchScript, with a card. */
@NullMarked
package io.github.pixelwise.zoo.convert;

import org.jspecify.annotations.NullMarked;
