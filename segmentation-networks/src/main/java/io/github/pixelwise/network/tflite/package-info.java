/** Networks from TensorFlow Lite files. */
@NullMarked
package io.github.pixelwise.network.tflite;

import org.jspecify.annotations.NullMarked;
