package io.github.pixelwise.zoo.network;

import io.github.pixelwise.GridAlignment;
import io.github.pixelwise.SizeRule;

/**
 * A light {@linkplain DeepLabV3Plus DeepLabV3+}: separable convolutions of 128 channels on
 * MobileNetV2, at output stride 16. The embedded model is one.
 */
final class LightDeepLabV3Plus {
  private static final int[] RATES = {6, 12, 18};

  private LightDeepLabV3Plus() {}

  static Network onMobileNetV2(NetworkOptions options) {
    Layer image = options.photograph(SizeRule.longEdge(512).withMultiple(16, 0));
    MobileNetV2 features =
        MobileNetV2.of(
            "backbone.",
            image,
            16,
            options.width(),
            Dilation.AFTER_FIRST_BLOCK,
            MobileNetV2::bottleneck);
    Layer low = features.low();
    int inner = options.channels(128);
    Layer context = pyramid(features.high(), inner).upsampleTo(low, GridAlignment.HALF_PIXEL);
    Layer detail = pointwise("low.", 0, low, options.channels(48));
    Layer x = separable("decoder.0.", Layer.concatenate(context, detail), inner, 1);
    Layer scores =
        separable("decoder.1.", x, inner, 1)
            .convolution("classifier", options.classes(), Kernel.of(1).withBias());
    return Network.of(
        "deeplabv3plus-mobilenetv2-light", scores.upsampleTo(image, GridAlignment.HALF_PIXEL));
  }

  /** Atrous spatial pyramid pooling: what lies near, at three distances, and in the whole image. */
  private static Layer pyramid(Layer x, int inner) {
    Layer near = pointwise("aspp.0.", 0, x, inner);
    Layer far1 = separable("aspp.1.", x, inner, RATES[0]);
    Layer far2 = separable("aspp.2.", x, inner, RATES[1]);
    Layer far3 = separable("aspp.3.", x, inner, RATES[2]);
    Layer whole =
        pointwise("aspp.4.", 0, x.globalAveragePool(), inner)
            .upsampleTo(x, GridAlignment.HALF_PIXEL);
    return pointwise("project.", 0, Layer.concatenate(near, far1, far2, far3, whole), inner);
  }

  private static Layer separable(String sequence, Layer x, int channels, int dilation) {
    Layer y =
        x.depthwise(sequence + "0", Kernel.of(3).dilation(dilation))
            .batchNorm(sequence + "1")
            .relu();
    return pointwise(sequence, 3, y, channels);
  }

  /** Convolution, batch norm and ReLU, as the steps of a sequence from a number on. */
  private static Layer pointwise(String sequence, int step, Layer x, int channels) {
    return x.convolution(sequence + step, channels, Kernel.of(1))
        .batchNorm(sequence + (step + 1))
        .relu();
  }
}
