package io.github.pixelwise.testkit;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** An engine with every limit passes, too: networks of one shape, in half precision. */
class LimitedBackendTest extends BackendConformance {
  private static final int WIDTH = 20;
  private static final int HEIGHT = 12;

  @TempDir private Path networks;

  @Override
  protected BackendProvider provider() {
    return new ReferenceBackend();
  }

  @Override
  protected Set<Limit> limits() {
    return EnumSet.allOf(Limit.class);
  }

  @Override
  protected ModelCard fixture(MicroModel model) throws IOException {
    ModelCard card = model.descriptor();
    Path original = Path.of(card.file(ReferenceBackend.FORMAT).orElseThrow().location());
    Path network = networks.resolve(original.getFileName());
    Files.writeString(
        network,
        Files.readString(original)
            .replace("input image ? 3 ? ?", "input image 1 3 %d %d".formatted(HEIGHT, WIDTH))
            .replace("\nout = ", "\nfull = ")
            .replace("\noutput out", "\nout = half full\noutput out"));
    InputSpec fixed = InputSpec.builder(card.input().name(), SizeRule.fixed(WIDTH, HEIGHT)).build();
    return ModelCard.builder(card.name(), fixed, card.output(), card.labels())
        .file(ReferenceBackend.FORMAT, network)
        .build();
  }
}
