package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;

/**
 * DeepLabV3: Chen, Papandreou, Schroff, Adam, "Rethinking Atrous Convolution for Semantic Image
 * Segmentation" (2017), as implemented in torchvision: rates 12, 24 and 36 at either output stride.
 */
public final class DeepLabV3 {
  private static final int[] RATES = {12, 24, 36};

  private DeepLabV3() {}

  public static Network onResNet(int depth, NetworkOptions options) {
    Layer image = Torchvision.image(options);
    ResNet features = Torchvision.resNet(image, depth, options);
    return Network.of("deeplabv3-resnet" + depth, scores(features.layer4(), image, options))
        .withAuxiliary(Fcn.auxiliary(features.layer3(), options.channels(256), options));
  }

  public static Network onMobileNetV3(NetworkOptions options) {
    Layer image = Torchvision.image(options);
    MobileNetV3 features = MobileNetV3.large(image, options.width());
    int inner = features.low().channels() / 4;
    return Network.of("deeplabv3-mobilenet-v3-large", scores(features.high(), image, options))
        .withAuxiliary(Fcn.auxiliary(features.low(), inner, options));
  }

  private static Layer scores(Layer features, Layer image, NetworkOptions options) {
    int inner = options.channels(256);
    return step("classifier.", 1, pyramid(features, inner), inner, Kernel.of(3))
        .convolution("classifier.4", options.classes(), Kernel.of(1).withBias())
        .upsampleTo(image, GridAlignment.HALF_PIXEL);
  }

  /**
   * Atrous spatial pyramid pooling: a 1x1 convolution, three dilated ones, and global average
   * pooling.
   */
  private static Layer pyramid(Layer x, int inner) {
    String name = "classifier.0.convs.";
    Layer near = step(name + "0.", 0, x, inner, Kernel.of(1));
    Layer[] far = new Layer[RATES.length];
    for (int i = 0; i < RATES.length; i++) {
      far[i] = step(name + (i + 1) + ".", 0, x, inner, Kernel.of(3).dilation(RATES[i]));
    }
    Layer whole =
        step(name + "4.", 1, x.globalAveragePool(), inner, Kernel.of(1))
            .upsampleTo(x, GridAlignment.HALF_PIXEL);
    Layer all = Layer.concatenate(near, far[0], far[1], far[2], whole);
    return step("classifier.0.project.", 0, all, inner, Kernel.of(1)).dropout(0.5);
  }

  /**
   * Convolution, batch norm and ReLU, as consecutive entries of a sequence starting at {@code
   * number}.
   */
  private static Layer step(String sequence, int number, Layer x, int channels, Kernel kernel) {
    return x.convolution(sequence + number, channels, kernel)
        .batchNorm(sequence + (number + 1))
        .relu();
  }
}
