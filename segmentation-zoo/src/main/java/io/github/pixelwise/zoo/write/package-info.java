/** Networks with their weights as files for inference: ONNX and TorchScript. */
@NullMarked
package io.github.pixelwise.zoo.write;

import org.jspecify.annotations.NullMarked;
