package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Operation.Activation;

/**
 * LR-ASPP, the head of Howard et al., "Searching for MobileNetV3" (2019), section 6.4, as
 * implemented in torchvision.
 */
public final class LrAspp {
  private LrAspp() {}

  public static Network onMobileNetV3(NetworkOptions options) {
    Layer image = Torchvision.image(options);
    MobileNetV3 features = MobileNetV3.large(image, options.width());
    Layer low = features.low();
    Layer high = features.high();
    int inner = options.channels(128);
    Layer weights =
        high.globalAveragePool()
            .convolution("classifier.scale.1", inner, Kernel.of(1))
            .activation(Activation.SIGMOID);
    Layer weighed =
        high.convolution("classifier.cbr.0", inner, Kernel.of(1))
            .batchNorm("classifier.cbr.1")
            .relu()
            .times(weights)
            .upsampleTo(low, GridAlignment.HALF_PIXEL);
    Kernel toScores = Kernel.of(1).withBias();
    Layer scores =
        low.convolution("classifier.low_classifier", options.classes(), toScores)
            .plus(weighed.convolution("classifier.high_classifier", options.classes(), toScores));
    return Network.of(
        "lraspp-mobilenet-v3-large", scores.upsampleTo(image, GridAlignment.HALF_PIXEL));
  }
}
