package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;

/**
 * FCN: Long, Shelhamer, Darrell, "Fully Convolutional Networks for Semantic Segmentation" (2014),
 * as implemented in torchvision: one dilated grid and no skip connections.
 */
public final class Fcn {
  private Fcn() {}

  public static Network onResNet(int depth, NetworkOptions options) {
    Layer image = Torchvision.image(options);
    ResNet features = Torchvision.resNet(image, depth, options);
    Layer scores = head("classifier.", features.layer4(), options.channels(512), options);
    return Network.of("fcn-resnet" + depth, scores.upsampleTo(image, GridAlignment.HALF_PIXEL))
        .withAuxiliary(auxiliary(features.layer3(), options.channels(256), options));
  }

  /** The auxiliary head that torchvision trains on an earlier grid to help the lower layers. */
  static Layer auxiliary(Layer features, int inner, NetworkOptions options) {
    return head("aux_classifier.", features, inner, options);
  }

  private static Layer head(String name, Layer x, int inner, NetworkOptions options) {
    return x.convolution(name + "0", inner, Kernel.of(3))
        .batchNorm(name + "1")
        .relu()
        .dropout(0.1)
        .convolution(name + "4", options.classes(), Kernel.of(1).withBias());
  }
}
