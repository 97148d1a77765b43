package io.github.pixelwise.network;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.SizeRule;

/**
 * {@linkplain DeepLabV3 DeepLabV3} on MobileNetV2, whose scores at stride 16 a decoder after
 * {@linkplain DeepLabV3Plus DeepLabV3+} refines: it computes at stride 4 what is to be added to
 * them. The embedded model is one.
 *
 * <p>Backbone, {@code aspp.image}, {@code aspp.near}, {@code project} and {@code coarse} are
 * TensorFlow's {@code deeplabv3_mnv2}. Like it, the network works at sides of the form {@code 16k +
 * 1} and aligns corners, so that the first and the last node of every grid lie on the first and the
 * last pixel. There is no batch norm: every convolution has a bias.
 */
final class RefinedDeepLabV3Plus {
  private static final int[] RATES = {6, 12, 18};

  private RefinedDeepLabV3Plus() {}

  static Network onMobileNetV2(NetworkOptions options) {
    Layer image = options.photograph(SizeRule.longEdge(513).withMultiple(16, 1));
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

  /** Atrous spatial pyramid pooling: what is in the whole image, near, and at three distances. */
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

  /** What is added to the coarse scores, at the stride of the low-level features. */
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
