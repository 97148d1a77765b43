package io.github.pixelwise.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.github.pixelwise.Device;
import org.junit.jupiter.api.Test;

class ConvolutionCheckTest {
  @Test
  void acceptsACorrectEngine() {
    assertThat(ConvolutionCheck.problem(ConvolutionCheckTest::byDefinition)).isEmpty();
  }

  @Test
  void reportsOneWrongNumberAndSaysWhatToSet() {
    assertThat(
            ConvolutionCheck.problem(
                convolution -> {
                  float[] result = byDefinition(convolution);
                  if (convolution.groups() > 1) {
                    result[13] += 0.01f;
                  }
                  return result;
                }))
        .contains(
            "PyTorch computes convolutions incorrectly on this processor, so results would be wrong."
                + " Set the environment variable ONEDNN_MAX_CPU_ISA to SSE41 before Java starts. To"
                + " run a model, you can also choose another backend");
  }

  @Test
  void reportsNaN() {
    assertThat(
            ConvolutionCheck.problem(
                convolution -> {
                  float[] result = byDefinition(convolution);
                  result[0] = Float.NaN;
                  return result;
                }))
        .isPresent();
  }

  /** Tests limit PyTorch to SSE 4.1 (see the parent POM), with which it is correct everywhere. */
  @Test
  void acceptsPyTorch() {
    try (NDManager arrays = PyTorch.start().newScope(Device.CPU)) {
      assertThat(
              ConvolutionCheck.problem(
                  convolution -> ConvolutionCheck.convolve(arrays, convolution)))
          .isEmpty();
    }
  }

  private static float[] byDefinition(ConvolutionCheck.Convolution convolution) {
    double[] expected = convolution.expected();
    float[] result = new float[expected.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) expected[i];
    }
    return result;
  }
}
