package io.github.pixelwise.zoo.convert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code torch.tensor(...).half()} and {@code .to(torch.bfloat16)} give. */
class HalfFloatsTest {
  @Test
  void float16IsRoundedAsByPyTorch() {
    float[] values = {
      1, 1 + 0x1p-11f, 1 + 0x3p-11f, -0.1f, 65504, 65519, 1e-7f, 6.1e-5f, 3e-8f, 2.9e-8f
    };

    assertThat(HalfFloats.of("weight", values))
        .containsExactly(0x3c00, 0x3c00, 0x3c02, 0xae66, 0x7bff, 0x7bff, 0x2, 0x3ff, 0x1, 0x0);
  }

  @Test
  void bfloat16IsRoundedAsByPyTorch() {
    float[] values = {
      1, 1 + 0x1p-8f, 1 + 0x3p-8f, -1 - 0x1p-8f, 3.0e-39f, 0.1f, 65504, -0.0f, Float.MIN_VALUE
    };

    assertThat(HalfFloats.bfloats(values))
        .containsExactly(0x3f80, 0x3f80, 0x3f82, 0xbf80, 0x21, 0x3dcd, 0x4780, 0x8000, 0x0);
  }

  @Test
  void whatIsNoNumberStaysSo() {
    float[] values = {Float.intBitsToFloat(0x7f800001), Float.POSITIVE_INFINITY};

    assertThat(HalfFloats.bfloats(values)).containsExactly(0x7fc0, 0x7f80);
    assertThat(HalfFloats.of("weight", values)).containsExactly(0x7e00, 0x7c00);
  }
}
