package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Operation.Activation;

/**
 * The separable residual network of the CamVid tutorial: residual blocks of separable convolutions
 * with pooling in between, and scores combined from three grids as in FCN. Its input has six
 * channels, B, G, R and L, a, b; its output is probabilities.
 */
public final class SeparableResidual {
  private static final int[] CHANNELS = {32, 64, 96, 128};
  private static final Kernel POINTWISE = Kernel.of(1).withBias();

  private SeparableResidual() {}

  public static Network of(NetworkOptions options) {
    int classes = options.classes();
    Layer[] pools = new Layer[CHANNELS.length + 1];
    pools[0] =
        image(options)
            .convolution("conv", options.channels(16), Kernel.of(3).withBias())
            .batchNorm("bn")
            .activation(Activation.ELU)
            .maxPool(2, 2, 0);
    for (int i = 0; i < CHANNELS.length; i++) {
      int channels = options.channels(CHANNELS[i]);
      pools[i + 1] = block("blocks." + i + ".", pools[i], channels).maxPool(2, 2, 0);
    }
    Layer deep =
        pools[4]
            .convolution("conv6", options.channels(2048), Kernel.of(7).withBias())
            .relu()
            .convolution("conv7", options.channels(2048), POINTWISE)
            .relu()
            .transposedConvolution("up7", classes, enlarging(4));
    Layer fourth =
        pools[3]
            .convolution("score4", classes, POINTWISE)
            .relu()
            .transposedConvolution("up4", classes, enlarging(2));
    Layer third = pools[2].convolution("score3", classes, POINTWISE).relu();
    Layer scores = deep.plus(fourth).plus(third).transposedConvolution("up", classes, enlarging(8));
    return Network.of("separable-residual", scores.softmax());
  }

  private static Layer image(NetworkOptions options) {
    InputSpec spec =
        InputSpec.builder("input", Photograph.size(options, SizeRule.fixed(224, 224)))
            .channelOrder(ChannelOrder.BGR)
            .scale(1 / 127.5)
            .mean(1, 1, 1)
            .preprocessor("bgr-lab")
            .build();
    return Layer.input(6, spec);
  }

  /** Three separable convolutions, the first of which widens, and a convolution on the shortcut. */
  private static Layer block(String name, Layer x, int channels) {
    Layer y = x;
    for (int i = 0; i < 3; i++) {
      y = separable(name + "separable." + i + ".", y, channels).activation(Activation.ELU);
    }
    return y.plus(separable(name + "shortcut.", x, channels)).relu();
  }

  private static Layer separable(String name, Layer x, int channels) {
    return x.depthwise(name + "depthwise", Kernel.of(3))
        .convolution(name + "pointwise", channels, POINTWISE)
        .batchNorm(name + "bn");
  }

  private static Kernel enlarging(int factor) {
    return Kernel.of(factor).stride(factor).padding(0);
  }
}
