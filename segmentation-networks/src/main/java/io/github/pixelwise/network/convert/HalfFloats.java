package io.github.pixelwise.network.convert;

import static io.github.pixelwise.internal.util.HalfFloats.toBfloat16;
import static io.github.pixelwise.internal.util.HalfFloats.toFloat16;

import java.util.Locale;

/** Conversion of weights to 16 bits, rounded to nearest, ties to even. */
final class HalfFloats {
  private HalfFloats() {}

  /**
   * Converts numbers.
   *
   * @param precision {@link Precision#FLOAT16} or {@link Precision#BFLOAT16}
   * @param name the name for error messages
   * @throws IllegalArgumentException if a finite number is too large
   */
  static short[] of(Precision precision, String name, float[] values) {
    boolean half = precision == Precision.FLOAT16;
    short infinity = (short) (half ? 0x7c00 : 0x7f80);
    short[] converted = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      converted[i] = half ? toFloat16(values[i]) : toBfloat16(values[i]);
      if ((converted[i] & 0x7fff) == infinity && Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s contains %s, which is too large for %s; use float32 weights"
                .formatted(name, values[i], precision.name().toLowerCase(Locale.ROOT)));
      }
    }
    return converted;
  }
}
