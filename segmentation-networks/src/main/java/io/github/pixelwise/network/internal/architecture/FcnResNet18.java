package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import java.util.Map;

/**
 * FCN: Long, Shelhamer, Darrell, "Fully Convolutional Networks for Semantic Segmentation" (2014),
 * as the textbook "Dive into Deep Learning" builds it: ResNet-18, and one transposed convolution of
 * stride 32 that starts as bilinear interpolation. Names are those of a sequence of ResNet-18's
 * parts: 0 convolution, 1 batch norm, 4 to 7 its stages.
 */
public final class FcnResNet18 {
  private static final int STRIDE = 32;

  /** The sequence's prefixes by those of torchvision's ResNet-18, whose weights are published. */
  private static final Map<String, String> TORCHVISION =
      Map.of(
          "conv1.", "0.", "bn1.", "1.", "layer1.", "4.", "layer2.", "5.", "layer3.", "6.",
          "layer4.", "7.");

  private FcnResNet18() {}

  public static Network of(NetworkOptions options) {
    Layer x =
        Photograph.input(options, SizeRule.longEdge(512).withMultiple(STRIDE, 0))
            .convolution("0", options.channels(64), Kernel.of(7).stride(2))
            .batchNorm("1")
            .relu()
            .maxPool(3, 2, 1);
    for (int stage = 0; stage < 4; stage++) {
      int channels = options.channels(64 << stage);
      String name = (4 + stage) + ".";
      x = block(name + "0.", x, channels, stage > 0);
      x = block(name + "1.", x, channels, false);
    }
    Kernel bilinear = Kernel.of(2 * STRIDE).stride(STRIDE).padding(STRIDE / 2).withBias();
    Layer scores =
        x.convolution("final_conv", options.classes(), Kernel.of(1).withBias())
            .transposedConvolution("transpose_conv", options.classes(), bilinear);
    return Network.of("fcn-resnet18", scores).withAliases(TORCHVISION);
  }

  /**
   * Two convolutions and a shortcut around them.
   *
   * @param halves whether the width and height are halved
   */
  private static Layer block(String name, Layer x, int channels, boolean halves) {
    int stride = halves ? 2 : 1;
    Layer residual =
        x.convolution(name + "conv1", channels, Kernel.of(3).stride(stride))
            .batchNorm(name + "bn1")
            .relu()
            .convolution(name + "conv2", channels, Kernel.of(3))
            .batchNorm(name + "bn2");
    return ResNet.joined(name, x, residual, stride, halves);
  }
}
