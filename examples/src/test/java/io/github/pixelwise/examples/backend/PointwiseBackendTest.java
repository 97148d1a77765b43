package io.github.pixelwise.examples.backend;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.BackendConformance;
import io.github.pixelwise.testkit.Limit;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class PointwiseBackendTest extends BackendConformance {
  private static final String LOGITS =
      """
      row 1 0.25 -0.5 0.125
      row -0.5 1 0.25 0
      row 0.25 -0.5 1 -0.125
      """;
  private static final String SAMPLES =
      """
      row 1 0 0 0
      row 0 1 0 0
      row 0 0 1 0
      """;

  @TempDir private Path networks;

  @Override
  protected BackendProvider provider() {
    return new PointwiseBackend();
  }

  @Override
  protected Set<Limit> limits() {
    return EnumSet.of(Limit.NO_CHANNELS_LAST, Limit.ONE_OUTPUT, Limit.NO_CATEGORIES);
  }

  @Override
  protected ModelCard fixture(MicroModel model) throws IOException {
    List<String> network =
        switch (model) {
          case AFFINE -> List.of("1", "none", LOGITS);
          case STRIDED -> List.of("4", "none", LOGITS);
          case SIGMOID -> List.of("1", "sigmoid", "row -4 4 0.5 0.25\n");
          case SLOW -> List.of("1", "none", SAMPLES);
          default -> throw new IllegalArgumentException(model + " is beyond the limits");
        };
    ModelCard card = model.descriptor();
    Path file = networks.resolve(card.name() + ".pointwise");
    Files.writeString(
        file,
        "pointwise 1\ninput image\noutput out\nstride %s\nactivation %s\n%send\n"
            .formatted(network.toArray()));
    return card.toBuilder().file(PointwiseBackend.FORMAT, file).build();
  }
}
