/** The backend on ONNX Runtime. */
@NullMarked
package io.github.pixelwise.onnx;

import org.jspecify.annotations.NullMarked;
