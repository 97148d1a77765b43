package io.github.pixelwise.djl;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs, opens, and closes a network many times, and prints the process's resident memory. */
final class SoakProbe {
  private static final Path FILE =
      Path.of("../segmentation-testkit/src/main/resources/io/github/pixelwise/testkit/models")
          .resolve("two-outputs.pt");
  private static final ModelCard CARD = MicroModel.TWO_OUTPUTS.descriptor();

  private SoakProbe() {}

  public static void main(String[] args) throws IOException {
    try (InferenceSession session = open()) {
      for (int i = 0; i <= 12_000; i++) {
        // Each size has its own kernels.
        FloatTensor input = MicroModel.TWO_OUTPUTS.input(1, 1 + i % 2, 64 + i % 5, 48);
        session.run(input);
        print("runs", i, 2_000, 1_000);
      }
    }
    for (int i = 0; i <= 1_200; i++) {
      try (InferenceSession session = open()) {
        session.run(MicroModel.TWO_OUTPUTS.input(1, 1, 64, 48));
      }
      print("openings", i, 200, 100);
    }
  }

  private static InferenceSession open() {
    DjlBackend djl = new DjlBackend();
    return djl.open(BackendContext.builder(djl, CARD, ModelFormat.TORCHSCRIPT, FILE).build());
  }

  private static void print(String what, int done, int from, int step) throws IOException {
    if (done >= from && done % step == 0) {
      System.gc();
      String resident =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("VmRSS"))
              .findFirst()
              .orElseThrow();
      System.out.println("%s %d %s".formatted(what, done, resident.replaceAll("\\D+", "")));
    }
  }
}
