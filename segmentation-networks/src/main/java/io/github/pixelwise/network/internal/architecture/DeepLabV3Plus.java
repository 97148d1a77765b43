package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;

/**
 * DeepLabV3+: Chen, Zhu, Papandreou, Schroff, Adam, "Encoder-Decoder with Atrous Separable
 * Convolution for Semantic Image Segmentation" (2018). Names and arithmetic match
 * jfzhang95/pytorch-deeplab-xception, which aligns corners in all interpolation.
 */
public final class DeepLabV3Plus {
  private static final int OWN_STRIDE = 16;

  private DeepLabV3Plus() {}

  public static Network onXception(NetworkOptions options) {
    Layer image = image(options);
    Xception features = Xception.of(image, outputStride(options), options);
    return network("deeplabv3plus-xception", image, features.low(), features.high(), options);
  }

  public static Network onResNet101(NetworkOptions options) {
    // The blocks of the fourth layer form a multi-grid of 1, 2 and 4 times its rate.
    Dilation multiGrid = (stage, block, before, rate) -> stage == 4 ? rate << block : rate;
    Layer image = image(options);
    ResNet features = ResNet.of(image, 101, outputStride(options), multiGrid, options);
    return network("deeplabv3plus-resnet101", image, features.layer1(), features.layer4(), options);
  }

  public static Network onMobileNetV2(NetworkOptions options) {
    // A stage whose stride was replaced is not dilated itself; the next one is.
    Dilation afterStage = (stage, block, before, rate) -> before;
    Layer image = image(options);
    MobileNetV2 features =
        MobileNetV2.of(
            "backbone.features.",
            image,
            outputStride(options),
            options.width(),
            afterStage,
            new MobileNetV2.PaddedBlocks());
    Network network =
        network("deeplabv3plus-mobilenetv2", image, features.low(), features.high(), options);
    // The state dict contains the features a second time, in two parts.
    for (int i = 0; i < 18; i++) {
      String part = i < 4 ? "low_level_features" : "high_level_features";
      network =
          network.repeating(
              "backbone.%s.%s.".formatted(part, i), "backbone.features.%s.".formatted(i));
    }
    return network;
  }

  private static Layer image(NetworkOptions options) {
    // At multiples of 16, all grids have constant factors.
    return Photograph.input(options, SizeRule.longEdge(512).withMultiple(16, 0));
  }

  private static int outputStride(NetworkOptions options) {
    return options.outputStride().orElse(OWN_STRIDE);
  }

  private static Network network(
      String name, Layer image, Layer low, Layer high, NetworkOptions options) {
    Layer context = pyramid(high, 6 * OWN_STRIDE / outputStride(options), options.channels(256));
    Layer scores = decoder(context, low, options);
    return Network.of(name, scores.upsampleTo(image, GridAlignment.ALIGNED_CORNERS));
  }

  /**
   * Atrous spatial pyramid pooling: a 1x1 convolution, three dilated ones, and global average
   * pooling.
   *
   * @param rate the smallest dilation rate: 6 at output stride 16, 12 at output stride 8
   */
  private static Layer pyramid(Layer x, int rate, int inner) {
    Layer near = branch("aspp.aspp1.", x, inner, Kernel.of(1));
    Layer far1 = branch("aspp.aspp2.", x, inner, Kernel.of(3).dilation(rate));
    Layer far2 = branch("aspp.aspp3.", x, inner, Kernel.of(3).dilation(2 * rate));
    Layer far3 = branch("aspp.aspp4.", x, inner, Kernel.of(3).dilation(3 * rate));
    Layer whole =
        x.globalAveragePool()
            .convolution("aspp.global_avg_pool.1", inner, Kernel.of(1))
            .batchNorm("aspp.global_avg_pool.2")
            .relu()
            .upsampleTo(x, GridAlignment.ALIGNED_CORNERS);
    return Layer.concatenate(near, far1, far2, far3, whole)
        .convolution("aspp.conv1", inner, Kernel.of(1))
        .batchNorm("aspp.bn1")
        .relu()
        .dropout(0.5);
  }

  private static Layer branch(String name, Layer x, int channels, Kernel kernel) {
    return x.convolution(name + "atrous_conv", channels, kernel).batchNorm(name + "bn").relu();
  }

  private static Layer decoder(Layer x, Layer low, NetworkOptions options) {
    int inner = options.channels(256);
    Layer detail =
        low.convolution("decoder.conv1", options.channels(48), Kernel.of(1))
            .batchNorm("decoder.bn1")
            .relu();
    return Layer.concatenate(x.upsampleTo(low, GridAlignment.ALIGNED_CORNERS), detail)
        .convolution("decoder.last_conv.0", inner, Kernel.of(3))
        .batchNorm("decoder.last_conv.1")
        .relu()
        .dropout(0.5)
        .convolution("decoder.last_conv.4", inner, Kernel.of(3))
        .batchNorm("decoder.last_conv.5")
        .relu()
        .dropout(0.1)
        .convolution("decoder.last_conv.8", options.classes(), Kernel.of(1).withBias());
  }
}
