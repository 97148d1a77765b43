/** Int8 copies of models, calibrated on photos. */
@NullMarked
package io.github.pixelwise.quantization;

import org.jspecify.annotations.NullMarked;
