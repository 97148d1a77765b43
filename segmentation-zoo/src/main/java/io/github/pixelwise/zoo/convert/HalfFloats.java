package io.github.pixelwise.zoo.convert;

/** Numbers of 16 bits: IEEE 754 binary16, and bfloat16. Rounded to the nearest, ties to even. */
final class HalfFloats {
  private HalfFloats() {}

  /**
   * Converts to float16.
   *
   * @throws IllegalArgumentException if a finite number is too large
   */
  static short[] of(String name, float[] values) {
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = half(values[i]);
      if ((halves[i] & 0x7c00) == 0x7c00 && Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s holds %s, which is too large for float16; write it with float32 weights"
                .formatted(name, values[i]));
      }
    }
    return halves;
  }

  private static short half(float value) {
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

  /** Converts to bfloat16. */
  static short[] bfloats(float[] values) {
    short[] bfloats = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      // A payload that is cut off would make infinity of a NaN.
      bfloats[i] =
          (short) (Float.isNaN(values[i]) ? 0x7fc0 : (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
    return bfloats;
  }
}
