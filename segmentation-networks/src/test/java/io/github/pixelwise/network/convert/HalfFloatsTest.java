package io.github.pixelwise.network.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What the formats' definition says, and PyTorch's {@code half()} and {@code bfloat16()}. */
class HalfFloatsTest {
  private static final int SIGN = 0x8000;

  private static int infinity(Precision precision) {
    return precision == Precision.FLOAT16 ? 0x7c00 : 0x7f80;
  }

  /** The number that 16 bits stand for, of a magnitude up to the one after the largest. */
  private static float number(Precision precision, int bits) {
    int mantissaBits = precision == Precision.FLOAT16 ? 10 : 7;
    int bias = precision == Precision.FLOAT16 ? 15 : 127;
    int exponent = (bits & 0x7fff) >>> mantissaBits;
    int mantissa = bits & (1 << mantissaBits) - 1;
    int whole = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
    double magnitude = Math.scalb((double) whole, Math.max(exponent, 1) - bias - mantissaBits);
    return (float) ((bits & SIGN) == 0 ? magnitude : -magnitude);
  }

  private static int converted(Precision precision, float number) {
    return HalfFloats.of(precision, "w", new float[] {number})[0] & 0xffff;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FLOAT32")
  void everyNumberOf16BitsIsItself(Precision precision) {
    for (int bits = 0; bits < infinity(precision); bits++) {
      assertThat(converted(precision, number(precision, bits))).isEqualTo(bits);
      assertThat(converted(precision, number(precision, bits | SIGN))).isEqualTo(bits | SIGN);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FLOAT32")
  void whatLiesBetweenGoesToTheNearestAndTiesToTheEvenOne(Precision precision) {
    for (int bits = 0; bits < infinity(precision) - 1; bits++) {
      double sum = (double) number(precision, bits) + number(precision, bits + 1);
      float middle = (float) (sum / 2);
      int even = bits + (bits & 1);
      assertThat(converted(precision, middle)).isEqualTo(even);
      assertThat(converted(precision, -middle)).isEqualTo(even | SIGN);
      assertThat(converted(precision, Math.nextUp(middle))).isEqualTo(bits + 1);
      assertThat(converted(precision, Math.nextDown(middle))).isEqualTo(bits);
    }
  }

  @Test
  void numbersThatWouldRoundToInfinityAreRefused() {
    assertThat(converted(Precision.FLOAT16, Math.nextDown(65520f))).isEqualTo(0x7bff);
    assertThat(converted(Precision.BFLOAT16, 0x1.fefffep127f)).isEqualTo(0x7f7f);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> converted(Precision.FLOAT16, -65520))
        .withMessage("w contains -65520.0, which is too large for float16; use float32 weights");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> converted(Precision.BFLOAT16, 0x1.ffp127f))
        .withMessage(
            "w contains 3.3961775E38, which is too large for bfloat16; use float32 weights");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FLOAT32")
  void infinityAndNanStay(Precision precision) {
    int infinity = infinity(precision);

    assertThat(converted(precision, Float.POSITIVE_INFINITY)).isEqualTo(infinity);
    assertThat(converted(precision, Float.NEGATIVE_INFINITY)).isEqualTo(infinity | SIGN);
    for (int bits : new int[] {0x7fc00000, 0x7f800001, 0xffffffff}) {
      assertThat(converted(precision, Float.intBitsToFloat(bits)) & 0x7fff).isGreaterThan(infinity);
    }
  }

  @Test
  void float16IsRoundedAsByPyTorch() {
    float[] values = {
      1, 1 + 0x1p-11f, 1 + 0x3p-11f, -0.1f, 65504, 65519, 1e-7f, 6.1e-5f, 3e-8f, 2.9e-8f
    };

    assertThat(HalfFloats.of(Precision.FLOAT16, "w", values))
        .containsExactly(0x3c00, 0x3c00, 0x3c02, 0xae66, 0x7bff, 0x7bff, 0x2, 0x3ff, 0x1, 0x0);
  }

  @Test
  void bfloat16IsRoundedAsByPyTorch() {
    float[] values = {
      1, 1 + 0x1p-8f, 1 + 0x3p-8f, -1 - 0x1p-8f, 3.0e-39f, 0.1f, 65504, -0.0f, Float.MIN_VALUE
    };

    assertThat(HalfFloats.of(Precision.BFLOAT16, "w", values))
        .containsExactly(0x3f80, 0x3f80, 0x3f82, 0xbf80, 0x21, 0x3dcd, 0x4780, 0x8000, 0x0);
  }
}
