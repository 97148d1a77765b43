package io.github.pixelwise.internal.util;

/**
 * Conversions to and from 16-bit floats: IEEE 754 binary16, which Java has only since version 20,
 * and bfloat16. Values are rounded to the nearest, ties to even; values that are too large become
 * infinite.
 */
public final class HalfFloats {
  private HalfFloats() {}

  /** The bits of the nearest binary16. */
  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return 0x7e00;
    }
    if (magnitude < 0x1p-14f) {
      // Subnormal: steps of 2^-24. Adding 0.5 leaves exactly these steps, rounded, in the low bits.
      return (short) (sign | (Float.floatToRawIntBits(magnitude + 0.5f) - 0x3f000000));
    }
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    int exact = bits & 0x7fffffff;
    int rounded = exact + 0xfff + (exact >>> 13 & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }

  /** The bits of the nearest bfloat16. */
  public static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    // Cutting off the payload could turn NaN into infinity.
    return (short) (Float.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  /** The value of a binary16. */
  public static float ofFloat16(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) { // infinite or not a number
      return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
    }
    if (magnitude < 0x400) { // subnormal: so many times 2^-24
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * 0x1p-24f));
    }
    return Float.intBitsToFloat(sign | (magnitude << 13) + (112 << 23));
  }
}
