package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Scores;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rearranged networks compute the same as PyTorch, on every engine. Weights, numbers, and the
 * network in Python are in lowering_golden.py.
 */
class LoweredNetworkTest {
  private static final Path RESOURCES =
      Path.of("src/test/resources/io/github/pixelwise/integration");

  @TempDir private Path folder;

  private static FloatTensor golden(String name) throws IOException {
    return GoldenTensors.read(RESOURCES.resolve("lowering-golden.txt"), name);
  }

  private static Network network(SizeRule size) {
    Layer image = Layer.input(3, InputSpec.builder("image", size).build());
    Layer stem = image.convolution("stem", 6, Kernel.of(3).stride(2).withBias());
    Layer grid = stem.batchNorm("norm").relu().plus(stem).batchNorm("alone");
    Layer node = grid.globalAveragePool().upsampleTo(grid, GridAlignment.HALF_PIXEL);
    Layer mixed =
        Layer.concatenate(node, grid, node)
            .convolution("mix", 6, Kernel.of(1).withBias())
            .batchNorm("mix_norm")
            .relu();
    Layer scores =
        mixed
            .maxPool(3, 2, 1)
            .upsampleTo(grid, GridAlignment.HALF_PIXEL)
            .convolution("scores", 4, Kernel.of(1))
            .batchNorm("scores_norm");
    return Network.of("rearranged", scores.upsampleTo(image, GridAlignment.HALF_PIXEL));
  }

  static List<SizeRule> sizes() {
    return List.of(SizeRule.longEdge(19), SizeRule.fixed(19, 13));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void equalsPyTorch(SizeRule size) throws IOException {
    for (Scores scores : List.of(Scores.GRID, Scores.INPUT)) {
      ModelCard model =
          Conversion.of(network(size), RESOURCES.resolve("lowering.pth"))
              .scores(scores)
              .write(folder);
      FloatTensor expected = golden(scores == Scores.GRID ? "grid" : "scores");
      for (BackendProvider backend : Catalog.load().backends()) {
        FloatTensor found = run(model, backend);
        assertThat(found.shape()).containsExactly(expected.shape());
        assertThat(found.toFloatArray())
            .as("%s of %s on %s", scores, size, backend.name())
            .containsExactly(expected.toFloatArray(), offset(2e-5f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void separatesAClassFromTheRestWithOneChannel(SizeRule size) throws IOException {
    Layer image = Layer.input(3, InputSpec.builder("image", size).build());
    Layer grid =
        image
            .convolution("stem", 6, Kernel.of(3).stride(2).withBias())
            .convolution("one", 1, Kernel.of(1).withBias());
    Layer end =
        grid.upsampleTo(image, GridAlignment.HALF_PIXEL).activation(Operation.Activation.SIGMOID);
    Network network = Network.of("one-class", end);
    float[] expected = golden("one-class").toFloatArray();

    for (Scores form : List.of(Scores.INPUT, Scores.CATEGORIES)) {
      ModelCard model =
          Conversion.of(network, RESOURCES.resolve("one-class.pth")).scores(form).write(folder);
      assertThat(model.labels().names()).containsExactly("class 0", "class 1");
      for (BackendProvider backend : Catalog.load().backends()) {
        float[] found = run(model, backend).toFloatArray();
        for (int i = 0; i < expected.length; i++) {
          if (form == Scores.CATEGORIES) {
            assertThat(found[i]).isEqualTo(expected[i] > 0.5 ? 1 : 0);
          } else {
            double margin = found[expected.length + i] - found[i];
            assertThat(1 / (1 + Math.exp(-margin))).isCloseTo(expected[i], offset(1e-6));
          }
        }
      }
    }
  }

  private static FloatTensor run(ModelCard model, BackendProvider backend) throws IOException {
    ModelFile file = model.file(backend.formats().get(0)).orElseThrow();
    try (InferenceSession session =
        backend.open(
            BackendContext.builder(backend, model, file.format(), Path.of(file.location()))
                .build())) {
      return session.run(golden("input"));
    }
  }
}
