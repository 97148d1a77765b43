package io.github.pixelwise.zoo.convert;

import java.util.Locale;

/** Numbers of 16 bits: IEEE 754 binary16, and bfloat16. Rounded to the nearest, ties to even. */
final class HalfFloats {
  private HalfFloats() {}

  /**
   * Converts numbers.
   *
   * @param precision {@link Precision#FLOAT16} or {@link Precision#BFLOAT16}
   * @param name what they are called where one does not fit
   * @throws IllegalArgumentException if a finite number is too large
   */
  static short[] of(Precision precision, String name, float[] values) {
    boolean half = precision == Precision.FLOAT16;
    short infinity = (short) (half ? 0x7c00 : 0x7f80);
    short[] converted = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      converted[i] = half ? float16(values[i]) : bfloat16(values[i]);
      if ((converted[i] & 0x7fff) == infinity && Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s holds %s, which is too large for %s; write it with float32 weights"
                .formatted(name, values[i], precision.name().toLowerCase(Locale.ROOT)));
      }
    }
    return converted;
  }

  private static short float16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return 0x7e00;
    }
    if (magnitude < 0x1p-14f) {
      // Subnormal: steps of 2^-24. Adding 0.5 leaves just these, rounded, in the low bits.
      return (short) (sign | (Float.floatToRawIntBits(magnitude + 0.5f) - 0x3f000000));
    }
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    int exact = bits & 0x7fffffff;
    int rounded = exact + 0xfff + (exact >>> 13 & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    // A payload that is cut off would make infinity of a NaN.
    return (short) (Float.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
