package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;

/**
 * {@linkplain DeepLabV3 DeepLabV3} on MobileNetV2 with a decoder like the one of {@linkplain
 * DeepLabV3Plus DeepLabV3+}, which computes a correction at stride 4 and adds it to the scores at
 * stride 16. The embedded model is one of these networks.
 *
 * <p>Backbone, {@code aspp.image}, {@code aspp.near}, {@code project} and {@code coarse} are
 * TensorFlow's {@code deeplabv3_mnv2}. As in TensorFlow, input sides have the form {@code 16k + 1}
 * and corners are aligned, so the first and last nodes of every grid lie on the first and last
 * pixels. There is no batch norm: every convolution has a bias.
 */
public final class RefinedDeepLabV3Plus {
  private static final int[] RATES = {6, 12, 18};

  private RefinedDeepLabV3Plus() {}

  public static Network onMobileNetV2(NetworkOptions options) {
    Layer image = Photograph.input(options, SizeRule.longEdge(513).withMultiple(16, 1));
    MobileNetV2 features =
        MobileNetV2.of(
            "backbone.",
            image,
            16,
            options.width(),
            Dilation.AFTER_FIRST_BLOCK,
            new MobileNetV2.FoldedBlocks());
    Layer low = features.low();
    Layer context = pyramid(features.high(), options);
    Layer coarse = pointwise("coarse", context, options.classes());
    Layer scores =
        coarse.upsampleTo(low, GridAlignment.ALIGNED_CORNERS).plus(decoder(context, low, options));
    return Network.of(
        "deeplabv3plus-mobilenetv2-refined",
        scores.upsampleTo(image, GridAlignment.ALIGNED_CORNERS));
  }

  /**
   * Atrous spatial pyramid pooling: global average pooling, a 1x1 convolution, and three dilated
   * ones.
   */
  private static Layer pyramid(Layer x, NetworkOptions options) {
    int inner = options.channels(256);
    int distant = options.channels(96);
    Layer whole =
        pointwise("aspp.image", x.globalAveragePool(), inner)
            .relu()
            .upsampleTo(x, GridAlignment.ALIGNED_CORNERS);
    Layer near = pointwise("aspp.near", x, inner).relu();
    Layer far1 = separable("aspp.far.0", x, distant, RATES[0]);
    Layer far2 = separable("aspp.far.1", x, distant, RATES[1]);
    Layer far3 = separable("aspp.far.2", x, distant, RATES[2]);
    return pointwise("project", Layer.concatenate(whole, near, far1, far2, far3), inner).relu();
  }

  /** The correction added to the coarse scores, at the stride of the low-level features. */
  private static Layer decoder(Layer context, Layer low, NetworkOptions options) {
    int inner = options.channels(128);
    Layer reduced =
        pointwise("reduce", context, inner).relu().upsampleTo(low, GridAlignment.ALIGNED_CORNERS);
    Layer detail = pointwise("low", low, options.channels(48)).relu();
    Layer x = separable("refine.0", Layer.concatenate(reduced, detail), inner, 1);
    return pointwise("fine", separable("refine.1", x, inner, 1), options.classes());
  }

  private static Layer separable(String name, Layer x, int channels, int dilation) {
    Layer y = x.depthwise(name + ".depthwise", Kernel.of(3).dilation(dilation).withBias()).relu();
    return pointwise(name + ".pointwise", y, channels).relu();
  }

  private static Layer pointwise(String name, Layer x, int channels) {
    return x.convolution(name, channels, Kernel.of(1).withBias());
  }
}
