package io.github.pixelwise.zoo.network;

import io.github.pixelwise.InputSpec;
import io.github.pixelwise.SizeRule;

/**
 * U-Net: Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image
 * Segmentation" (2015), padded and with batch norm. Names are those of the checkpoints of
 * milesial/Pytorch-UNet.
 */
final class UNet {
  private static final int DEPTH = 4;

  private UNet() {}

  static Network of(NetworkOptions options) {
    SizeRule size = options.sizeOr(SizeRule.longEdge(512).withMultiple(1 << DEPTH, 0));
    Layer[] levels = new Layer[DEPTH + 1];
    Layer image = Layer.input(3, InputSpec.builder("input", size).build());
    levels[0] = twice("inc.", image, options.channels(64));
    for (int i = 1; i <= DEPTH; i++) {
      Layer pooled = levels[i - 1].maxPool(2, 2, 0);
      levels[i] = twice("down" + i + ".maxpool_conv.1.", pooled, options.channels(64 << i));
    }
    Layer x = levels[DEPTH];
    for (int i = 1; i <= DEPTH; i++) {
      Layer skip = levels[DEPTH - i];
      Kernel twofold = Kernel.of(2).stride(2).padding(0).withBias();
      Layer up = x.transposedConvolution("up" + i + ".up", skip.channels(), twofold);
      x = twice("up" + i + ".conv.", Layer.concatenate(skip, up), skip.channels());
    }
    return Network.of(
        "unet", x.convolution("outc.conv", options.classes(), Kernel.of(1).withBias()));
  }

  private static Layer twice(String name, Layer x, int channels) {
    Layer once =
        x.convolution(name + "double_conv.0", channels, Kernel.of(3))
            .batchNorm(name + "double_conv.1")
            .relu();
    return once.convolution(name + "double_conv.3", channels, Kernel.of(3))
        .batchNorm(name + "double_conv.4")
        .relu();
  }
}
