package io.github.pixelwise.training;

import io.github.pixelwise.Palette;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes what {@code exported_weights.py} reads to the folder that is the only argument. */
final class ExportedWeights {
  private ExportedWeights() {}

  public static void main(String[] args) throws IOException {
    for (String name : Networks.names()) {
      Network network = Networks.of(name, NetworkOptions.ofClasses(5).withWidth(1.0 / 16));
      Path folder = Files.createDirectories(Path.of(args[0], name));
      new Export(network, ExportTest.dataset(Palette.voc(), "a", "b", "c", "d", "e"), "")
          .write(folder, Tiny.tensors(network, 1), 12, Optional.of(ExportTest.SCORE));
    }
  }
}
