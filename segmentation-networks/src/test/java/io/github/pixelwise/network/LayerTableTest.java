package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.model.GridAlignment;
import org.junit.jupiter.api.Test;

class LayerTableTest {
  /**
   * Counted by hand. The stem has 8 * 3 * 3 * 3 = 216 weights, used at 4 * 3 = 12 nodes each; batch
   * norm has 2 numbers for each of 8 channels; the scores have 2 * 8 weights, used at 12 nodes, and
   * 2 biases.
   */
  @Test
  void listsShapesParametersAndMultiplyAdds() {
    Layer image = LayerTest.image();
    Layer scores =
        image
            .convolution("stem", 8, Kernel.of(3).stride(2))
            .batchNorm("norm")
            .relu()
            .convolution("scores", 2, Kernel.of(1).withBias())
            .upsampleTo(image, GridAlignment.HALF_PIXEL);

    assertThat(Network.of("tiny", scores).table(8, 6))
        .isEqualToNormalizingNewlines(
            """
                layer                 output C x H x W     parameters      multiply-adds
                Input input                  3 x 6 x 8              0                  0
                Convolution stem             8 x 3 x 4            216              2,592
                BatchNorm norm               8 x 3 x 4             16                  0
                relu                         8 x 3 x 4              0                  0
                Convolution scores           2 x 3 x 4             18                192
                Upsample                     2 x 6 x 8              0                  0
                total                                             250              2,784
                """);
  }

  @Test
  void refusesASizeThatTheNetworkDoesNotTake() {
    Layer pooled = LayerTest.image().maxPool(2, 2, 0);
    Network network = Network.of("tiny", pooled);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.table(8, 1))
        .withMessage(
            "network tiny does not support an input of 8 x 1: MaxPool: a kernel of size 2 with "
                + "dilation 1"
                + " and padding 0 does not fit an input side of 1");
  }
}
