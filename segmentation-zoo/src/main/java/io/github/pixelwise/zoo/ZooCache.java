package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The fetched models, each a folder {@code zoo/NAME} in the cache that may be copied elsewhere, and
 * the fetched checkpoints, {@code zoo/NAME.pth}.
 */
final class ZooCache {
  private static final String FOLDER = "zoo";

  private final CacheFolders cache;

  ZooCache(CacheFolders cache) {
    this.cache = cache;
  }

  /**
   * Finds a fetched model.
   *
   * @param hashes whether to verify the files' hashes instead of only their existence
   * @return its card; empty if it was not fetched
   * @throws IOException if it was, and is damaged
   */
  Optional<ModelCard> find(ZooEntry entry, boolean hashes) throws IOException {
    IOException damage = null;
    for (Path zoo : cache.trusted(FOLDER)) {
      Path model = zoo.resolve(entry.name());
      if (Files.isDirectory(model)) {
        try {
          return Optional.of(read(card(model), hashes));
        } catch (IOException e) {
          damage = e;
        }
      }
    }
    if (damage != null) {
      throw damage;
    }
    return Optional.empty();
  }

  /** Returns the places where an entry's checkpoint may be. */
  List<Path> checkpoints(ZooEntry entry) {
    return cache.trusted(FOLDER).stream().map(zoo -> checkpoint(zoo, entry)).toList();
  }

  /** Returns the path of an entry's checkpoint in a folder of the cache. */
  static Path checkpoint(Path zoo, ZooEntry entry) {
    return zoo.resolve(entry.name() + ".pth");
  }

  /** Returns the path of the card in a model's folder. */
  static Path card(Path model) {
    return model.resolve(model.getFileName() + ".properties");
  }

  /** Reads a card whose files are all there. */
  static ModelCard read(Path card, boolean hashes) throws IOException {
    ModelCard model = ModelCard.read(card);
    for (ModelFile file : model.files()) {
      Path path = Path.of(file.location());
      if (!Files.isRegularFile(path)) {
        throw new IOException(path + " is missing");
      }
      String expected =
          file.sha256().orElseThrow(() -> new IOException(card + " has no hash for " + path));
      if (hashes && !ExternalWeights.hash(file.format(), path).equals(expected)) {
        throw new IOException(path + " does not have the SHA-256 " + expected);
      }
    }
    return model;
  }

  /**
   * Returns the real path of the folder that models are fetched into, and creates it if it does not
   * exist.
   */
  Path writable(ZooEntry entry) throws IOException {
    return cache
        .writable(FOLDER)
        .orElseThrow(
            () ->
                new IOException(
                    "cannot fetch %s: %s".formatted(entry.name(), cache.whyNotWritable(FOLDER))))
        .toRealPath();
  }

  /** The folders that are searched for models. */
  @Override
  public String toString() {
    return cache.folders().stream()
        .map(folder -> folder.resolve(FOLDER).toString())
        .collect(Collectors.joining(" or "));
  }
}
