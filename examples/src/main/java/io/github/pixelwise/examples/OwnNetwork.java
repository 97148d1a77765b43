package io.github.pixelwise.examples;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Path;

/** Defines a network, prints its layers, and writes it with initial weights. */
public final class OwnNetwork {
  private OwnNetwork() {}

  /**
   * Runs the example.
   *
   * @param args the folder for the model
   * @throws IOException if it cannot be written
   */
  public static void main(String[] args) throws IOException {
    InputSpec spec = InputSpec.builder("input", SizeRule.longEdge(512).withMultiple(4, 0)).build();
    Layer image = Layer.input(3, spec);
    Layer half = image.convolution("stem", 16, Kernel.of(3).stride(2)).batchNorm("stem_bn").relu();
    Layer quarter =
        half.convolution("down", 32, Kernel.of(3).stride(2)).batchNorm("down_bn").relu();
    Layer joined = Layer.concatenate(half, quarter.upsample(2, GridAlignment.HALF_PIXEL));
    Layer scores = joined.convolution("classifier", 5, Kernel.of(1).withBias());
    Network network = Network.of("tiny", scores.upsampleTo(image, GridAlignment.HALF_PIXEL));
    System.out.print(network.table(512, 384));
    Conversion.of(network, Weights.initial(network, 1)).write(Path.of(args[0]));
  }
}
