package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;

/**
 * U-Net: Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image
 * Segmentation" (2015), with padding and batch norm. Names match the checkpoints of
 * milesial/Pytorch-UNet.
 */
public final class UNet {
  private static final int DEPTH = 4;

  private UNet() {}

  /** Upsamples by transposed convolutions, as in the paper. */
  public static Network transposed(NetworkOptions options) {
    Layer[] levels = encoder(1 << DEPTH, options);
    Layer x = levels[DEPTH];
    for (int i = 1; i <= DEPTH; i++) {
      Layer skip = levels[DEPTH - i];
      Kernel twofold = Kernel.of(2).stride(2).padding(0).withBias();
      Layer up = x.transposedConvolution("up" + i + ".up", skip.channels(), twofold);
      Layer both = Layer.concatenate(skip, up);
      x = twice("up" + i + ".conv.", both, skip.channels(), skip.channels());
    }
    return network("unet", x, options);
  }

  /**
   * Upsamples by interpolation, which keeps the number of channels. So each level narrows them for
   * the next one, and the lowest level is no wider than the one above it.
   */
  public static Network bilinear(NetworkOptions options) {
    Layer[] levels = encoder(1 << (DEPTH - 1), options);
    Layer x = levels[DEPTH];
    for (int i = 1; i <= DEPTH; i++) {
      Layer skip = levels[DEPTH - i];
      Layer both = Layer.concatenate(skip, x.upsample(2, GridAlignment.ALIGNED_CORNERS));
      int next = levels[Math.max(0, DEPTH - i - 1)].channels();
      x = twice("up" + i + ".conv.", both, skip.channels(), next);
    }
    return network("unet-bilinear", x, options);
  }

  /**
   * The levels, each half the width and height of the one before.
   *
   * @param widest the most channels a level may have, as a multiple of the first level's
   */
  private static Layer[] encoder(int widest, NetworkOptions options) {
    SizeRule size = Photograph.size(options, SizeRule.longEdge(512).withMultiple(1 << DEPTH, 0));
    Layer x = Layer.input(3, InputSpec.builder("input", size).build());
    Layer[] levels = new Layer[DEPTH + 1];
    for (int i = 0; i <= DEPTH; i++) {
      int channels = options.channels(64 * Math.min(1 << i, widest));
      x =
          i == 0
              ? twice("inc.", x, channels, channels)
              : twice("down" + i + ".maxpool_conv.1.", x.maxPool(2, 2, 0), channels, channels);
      levels[i] = x;
    }
    return levels;
  }

  private static Layer twice(String name, Layer x, int inner, int channels) {
    return x.convolution(name + "double_conv.0", inner, Kernel.of(3))
        .batchNorm(name + "double_conv.1")
        .relu()
        .convolution(name + "double_conv.3", channels, Kernel.of(3))
        .batchNorm(name + "double_conv.4")
        .relu();
  }

  private static Network network(String name, Layer x, NetworkOptions options) {
    return Network.of(name, x.convolution("outc.conv", options.classes(), Kernel.of(1).withBias()));
  }
}
