package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation.Activation;

/**
 * The features of MobileNetV2: Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted
 * Residuals and Linear Bottlenecks" (2018), table 2, up to the last bottleneck.
 *
 * @param low the output of the third block, at stride 4
 * @param high the output of the last block, at the output stride
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

    /** A bottleneck: it expands, convolves each channel, and projects. */
    Layer bottleneck(String name, Layer x, int expansion, int channels, Kernel kernel);
  }

  /**
   * Builds the features.
   *
   * @param name the prefix of the layers' names, up to their number
   * @param outputStride the stride of the last grid; stages that would exceed it dilate instead
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
        x = kernel.horizontal().stride() == 1 && channels == x.channels() ? y.plus(x) : y;
        if (number == LOW) {
          low = x;
        }
      }
    }
    return new MobileNetV2(low, x);
  }

  /** Blocks as in torchvision, with batch norm folded into the convolutions. */
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
   * Blocks as in jfzhang95/pytorch-deeplab-xception. They pad before they expand, so the padding of
   * the depthwise convolution is not zero but the batch norm of zeros.
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
                    name + "0",
                    expansion * x.channels(),
                    Kernel.of(1).padding(kernel.horizontal().before()))
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
