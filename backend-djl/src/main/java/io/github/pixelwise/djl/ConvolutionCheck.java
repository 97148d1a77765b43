package io.github.pixelwise.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Checks that PyTorch computes convolutions correctly on this processor. On some processors with
 * AVX-512, oneDNN 3.7.1, which PyTorch uses, returns wrong numbers without an error, and masks
 * would be wrong: docs/decisions/0029-a-check-of-convolutions.md.
 */
final class ConvolutionCheck {
  /** Far above rounding errors, and far below the errors of a wrong result. */
  private static final double TOLERANCE = 1e-3;

  /** The smallest shapes with wrong results, one for each affected kernel. */
  private static final List<Convolution> CONVOLUTIONS =
      List.of(
          new Convolution(24, 24, 3, 1, 1, 33, false),
          new Convolution(184, 80, 1, 1, 1, 16, true),
          new Convolution(16, 16, 3, 7, 16, 8, true),
          new Convolution(20, 3, 3, 1, 1, 33, false),
          new Convolution(20, 80, 3, 1, 1, 33, true));

  /** Every so many results are compared; a wrong kernel has thousands of wrong ones. */
  private static final int STRIDE = 13;

  private ConvolutionCheck() {}

  /**
   * A convolution with stride 1 that keeps the size.
   *
   * @param side the width and height of input and output
   * @param channelsLast whether the input is channels-last in memory
   */
  record Convolution(
      int inputs,
      int outputs,
      int kernel,
      int dilation,
      int groups,
      int side,
      boolean channelsLast) {
    int padding() {
      return dilation * (kernel / 2);
    }

    /** The input, in NCHW: irregular numbers, the same each time. */
    float[] input() {
      return numbers(inputs * side * side, 0);
    }

    float[] weights() {
      return numbers(outputs * (inputs / groups) * kernel * kernel, 17);
    }

    private static float[] numbers(int count, int first) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (first + i) * 7919 % 1001 / 1001f - 0.5f;
      }
      return numbers;
    }

    /** The exact result, in NCHW; of every {@link #STRIDE}th number, the others are 0. */
    double[] expected() {
      float[] input = input();
      float[] weights = weights();
      int each = inputs / groups;
      double[] result = new double[outputs * side * side];
      for (int i = 0; i < result.length; i += STRIDE) {
        int output = i / (side * side);
        int first = output / (outputs / groups) * each;
        for (int channel = 0; channel < each; channel++) {
          for (int tap = 0; tap < kernel * kernel; tap++) {
            int y = i / side % side + tap / kernel * dilation - padding();
            int x = i % side + tap % kernel * dilation - padding();
            if (Math.min(x, y) >= 0 && Math.max(x, y) < side) {
              result[i] +=
                  (double) input[((first + channel) * side + y) * side + x]
                      * weights[(output * each + channel) * kernel * kernel + tap];
            }
          }
        }
      }
      return result;
    }
  }

  /** Computes a convolution; returns the result in NCHW. */
  @FunctionalInterface
  interface Engine {
    float[] convolve(Convolution convolution);
  }

  /** Returns what is wrong and what to do; empty if all results are correct. */
  static Optional<String> problem(Engine engine) {
    return CONVOLUTIONS.stream().allMatch(convolution -> isRight(engine, convolution))
        ? Optional.empty()
        : Optional.of(
            "PyTorch computes convolutions incorrectly on this processor, so results would be wrong."
                + " Set the environment variable ONEDNN_MAX_CPU_ISA to SSE41 before Java starts. To"
                + " run a model, you can also choose another backend");
  }

  private static boolean isRight(Engine engine, Convolution convolution) {
    float[] found = engine.convolve(convolution);
    double[] expected = convolution.expected();
    for (int i = 0; i < expected.length; i += STRIDE) {
      if (!(Math.abs(found[i] - expected[i]) < TOLERANCE)) {
        return false;
      }
    }
    return found.length == expected.length;
  }

  /** PyTorch on the CPU. */
  static float[] convolve(NDManager arrays, Convolution convolution) {
    int side = convolution.side();
    Shape planes = new Shape(1, convolution.inputs(), side, side);
    try (NDManager scope = arrays.newSubManager()) {
      NDArray input = scope.create(convolution.input(), planes);
      if (convolution.channelsLast()) {
        // Transposed in memory, then transposed back as a view.
        input = input.transpose(0, 2, 3, 1).flatten().reshape(1, side, side, planes.get(1));
        input = input.transpose(0, 3, 1, 2);
      }
      int kernel = convolution.kernel();
      NDArray weights =
          scope.create(
              convolution.weights(),
              new Shape(
                  convolution.outputs(),
                  convolution.inputs() / convolution.groups(),
                  kernel,
                  kernel));
      return input
          .getNDArrayInternal()
          .convolution(
              input,
              weights,
              null,
              new Shape(1, 1),
              new Shape(convolution.padding(), convolution.padding()),
              new Shape(convolution.dilation(), convolution.dilation()),
              convolution.groups())
          .singletonOrThrow()
          .toFloatArray();
    }
  }
}
