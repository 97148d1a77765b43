package io.github.pixelwise.network;

import io.github.pixelwise.network.Operation.Activation;

/**
 * The features of MobileNetV2: Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted
 * Residuals and Linear Bottlenecks" (2018), table 2, up to the last bottleneck.
 *
 * @param low what the third block gives, at stride 4
 * @param high what the last block gives, at the output stride
 */
record MobileNetV2(Layer low, Layer high) {
  private static final int LOW = 3;

  /** A row of the paper's table. */
  private record Stage(int expansion, int channels, int blocks, int stride) {}

  private static final Stage[] STAGES = {
    new Stage(1, 16, 1, 1),
    new Stage(6, 24, 2, 2),
    new Stage(6, 32, 3, 2),
    new Stage(6, 64, 4, 2),
    new Stage(6, 96, 3, 1),
    new Stage(6, 160, 3, 2),
    new Stage(6, 320, 1, 1),
  };

  /** How the first convolution and the bottlenecks are named, padded and normalized. */
  interface Blocks {
    /** The first convolution, with its activation. */
    Layer stem(String name, Layer image, int channels, Kernel kernel);

    /** A bottleneck, which expands, looks around in each channel alone, and projects. */
    Layer bottleneck(String name, Layer x, int expansion, int channels, Kernel kernel);
  }

  /**
   * Builds the features.
   *
   * @param name what the layers' names begin with, up to their number
   * @param outputStride the stride of the last grid: where a stage would exceed it, it dilates
   */
  static MobileNetV2 of(
      String name, Layer image, int outputStride, double width, Dilation dilation, Blocks blocks) {
    Layer x = blocks.stem(name + "0.", image, Widths.truncated(32, width), Kernel.of(3).stride(2));
    Layer low = x;
    int number = 0;
    int reached = 2;
    int rate = 1;
    for (int i = 0; i < STAGES.length; i++) {
      Stage stage = STAGES[i];
      int channels = Widths.truncated(stage.channels, width);
      int before = rate;
      int stride = stage.stride;
      if (reached * stride > outputStride) {
        rate *= stride;
        stride = 1;
      }
      reached *= stride;
      for (int block = 0; block < stage.blocks; block++) {
        number++;
        Kernel kernel =
            Kernel.of(3)
                .stride(block == 0 ? stride : 1)
                .dilation(dilation.of(i + 1, block, before, rate));
        Layer y = blocks.bottleneck(name + number + ".conv.", x, stage.expansion, channels, kernel);
        x = kernel.stride() == 1 && channels == x.channels() ? y.plus(x) : y;
        if (number == LOW) {
          low = x;
        }
      }
    }
    return new MobileNetV2(low, x);
  }

  /** Blocks as torchvision has them, with batch norm folded into the convolutions. */
  static final class FoldedBlocks implements Blocks {
    @Override
    public Layer stem(String name, Layer image, int channels, Kernel kernel) {
      return image
          .convolution(name + "0", channels, kernel.withBias())
          .activation(Activation.RELU6);
    }

    @Override
    public Layer bottleneck(String name, Layer x, int expansion, int channels, Kernel kernel) {
      int step = 0;
      Layer y = x;
      if (expansion != 1) {
        y =
            x.convolution(name + "0.0", expansion * x.channels(), Kernel.of(1).withBias())
                .activation(Activation.RELU6);
        step++;
      }
      return y.depthwise(name + step + ".0", kernel.withBias())
          .activation(Activation.RELU6)
          .convolution(name + (step + 1), channels, Kernel.of(1).withBias());
    }
  }

  /**
   * Blocks as jfzhang95/pytorch-deeplab-xception has them: padded before they expand, so that
   * around the depthwise convolution lies what batch norm makes of zeros, not zeros.
   */
  static final class PaddedBlocks implements Blocks {
    @Override
    public Layer stem(String name, Layer image, int channels, Kernel kernel) {
      return image
          .convolution(name + "0", channels, kernel)
          .batchNorm(name + "1")
          .activation(Activation.RELU6);
    }

    @Override
    public Layer bottleneck(String name, Layer x, int expansion, int channels, Kernel kernel) {
      int step = 0;
      Layer y = x;
      Kernel inner = kernel;
      if (expansion != 1) {
        y =
            x.convolution(
                    name + "0", expansion * x.channels(), Kernel.of(1).padding(kernel.padding()))
                .batchNorm(name + "1")
                .activation(Activation.RELU6);
        inner = kernel.padding(0);
        step = 3;
      }
      return y.depthwise(name + step, inner)
          .batchNorm(name + (step + 1))
          .activation(Activation.RELU6)
          .convolution(name + (step + 3), channels, Kernel.of(1))
          .batchNorm(name + (step + 4));
    }
  }
}
