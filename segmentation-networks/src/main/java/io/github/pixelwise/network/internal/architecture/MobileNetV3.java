package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation.Activation;

/**
 * The features of MobileNetV3-Large: Howard et al., "Searching for MobileNetV3" (2019), table 1,
 * with the last stride replaced by dilation. Names are torchvision's.
 *
 * @param low the output of the fourth block, at stride 8
 * @param high the output of the last layer, at stride 16
 */
record MobileNetV3(Layer low, Layer high) {
  /** The epsilon of every batch norm. */
  private static final double EPSILON = 1e-3;

  /** Of the running statistics. */
  private static final double MOMENTUM = 0.01;

  /** The block whose output is the low-level features. */
  private static final int LOW = 4;

  /** A row of the paper's table; in dilated rows, dilation replaces the stride. */
  private record Block(
      int kernel,
      int expanded,
      int channels,
      boolean squeezes,
      Activation activation,
      int stride,
      int dilation) {}

  private static final Activation RE = Activation.RELU;
  private static final Activation HS = Activation.HARD_SWISH;

  private static final Block[] LARGE = {
    new Block(3, 16, 16, false, RE, 1, 1),
    new Block(3, 64, 24, false, RE, 2, 1),
    new Block(3, 72, 24, false, RE, 1, 1),
    new Block(5, 72, 40, true, RE, 2, 1),
    new Block(5, 120, 40, true, RE, 1, 1),
    new Block(5, 120, 40, true, RE, 1, 1),
    new Block(3, 240, 80, false, HS, 2, 1),
    new Block(3, 200, 80, false, HS, 1, 1),
    new Block(3, 184, 80, false, HS, 1, 1),
    new Block(3, 184, 80, false, HS, 1, 1),
    new Block(3, 480, 112, true, HS, 1, 1),
    new Block(3, 672, 112, true, HS, 1, 1),
    new Block(5, 672, 160, true, HS, 2, 2),
    new Block(5, 960, 160, true, HS, 1, 2),
    new Block(5, 960, 160, true, HS, 1, 2),
  };

  static MobileNetV3 large(Layer image, double width) {
    int stem = Widths.multipleOf8(16, width);
    Layer x =
        image
            .convolution("backbone.0.0", stem, Kernel.of(3).stride(2))
            .batchNorm("backbone.0.1", EPSILON, MOMENTUM)
            .activation(HS);
    Layer low = x;
    for (int i = 0; i < LARGE.length; i++) {
      x = block("backbone." + (i + 1) + ".block.", x, LARGE[i], width);
      if (i + 1 == LOW) {
        low = x;
      }
    }
    String last = "backbone." + (LARGE.length + 1) + ".";
    Layer high =
        x.convolution(last + "0", 6 * x.channels(), Kernel.of(1))
            .batchNorm(last + "1", EPSILON, MOMENTUM)
            .activation(HS);
    return new MobileNetV3(low, high);
  }

  /** Expands, convolves each channel, weights the channels, and projects. */
  private static Layer block(String name, Layer x, Block block, double width) {
    int expanded = Widths.multipleOf8(block.expanded, width);
    int channels = Widths.multipleOf8(block.channels, width);
    int step = 0;
    Layer y = x;
    if (expanded != x.channels()) {
      y =
          y.convolution(name + "0.0", expanded, Kernel.of(1))
              .batchNorm(name + "0.1", EPSILON, MOMENTUM)
              .activation(block.activation);
      step++;
    }
    int stride = block.dilation > 1 ? 1 : block.stride;
    Kernel kernel = Kernel.of(block.kernel).stride(stride).dilation(block.dilation);
    y =
        y.depthwise(name + step + ".0", kernel)
            .batchNorm(name + step + ".1", EPSILON, MOMENTUM)
            .activation(block.activation);
    step++;
    if (block.squeezes) {
      y = y.times(channelWeights(name + step + ".", y));
      step++;
    }
    y =
        y.convolution(name + step + ".0", channels, Kernel.of(1))
            .batchNorm(name + step + ".1", EPSILON, MOMENTUM);
    return block.stride == 1 && channels == x.channels() ? y.plus(x) : y;
  }

  /** Squeeze and excitation. */
  private static Layer channelWeights(String name, Layer x) {
    Kernel one = Kernel.of(1).withBias();
    return x.globalAveragePool()
        .convolution(name + "fc1", Widths.multipleOf8(x.channels() / 4, 1), one)
        .relu()
        .convolution(name + "fc2", x.channels(), one)
        .activation(Activation.HARD_SIGMOID);
  }
}
