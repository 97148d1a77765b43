package io.github.pixelwise.examples.backend;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.CardConformance;
import io.github.pixelwise.testkit.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class PointwiseCardsTest extends CardConformance {
  private static final Pattern ROWS = Pattern.compile("logits = affine planes (.+)");

  @Override
  protected BackendProvider provider() {
    return new PointwiseBackend();
  }

  @Override
  protected Set<Limit> limits() {
    return EnumSet.of(Limit.NO_CHANNELS_LAST, Limit.ONE_OUTPUT, Limit.NO_CATEGORIES);
  }

  /** Writes the networks of scores and sigmoids in floats; the format has no softmax. */
  @Override
  protected void writeNetworks(Path folder) throws IOException {
    for (int stride : new int[] {1, 4, 8}) {
      write(folder, "nchw-%d-logits-float".formatted(stride), stride, "none");
      write(folder, "nchw-%d-sigmoid-float".formatted(stride), stride, "sigmoid");
    }
  }

  private static void write(Path folder, String name, int stride, String activation)
      throws IOException {
    Matcher rows = ROWS.matcher(Files.readString(folder.resolve(name + ".reference")));
    if (!rows.find()) {
      throw new IOException(name + " has no rows");
    }
    Files.writeString(
        folder.resolve(name + ".pointwise"),
        "pointwise 1\ninput image\noutput out-nchw\nstride %d\nactivation %s\nrow %s\nend\n"
            .formatted(stride, activation, rows.group(1).replace(" | ", "\nrow ")));
  }
}
