package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fetched models, each a folder {@code zoo/NAME} in the cache that may be copied elsewhere. */
final class ZooCache {
  private static final String FOLDER = "zoo";

  private final CacheFolders cache;

  ZooCache(CacheFolders cache) {
    this.cache = cache;
  }

  /**
   * Finds a fetched model.
   *
   * @param hashes whether its files are compared with their hashes, rather than looked for only
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

  /** Where the card lies in a model's folder. */
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
          file.sha256().orElseThrow(() -> new IOException(card + " lacks the hash of " + path));
      if (hashes && !Sha256.of(path).equals(expected)) {
        throw new IOException(path + " has not the SHA-256 " + expected);
      }
    }
    return model;
  }

  /** The folder to which a model is fetched, by its real path; it is made if it is not there. */
  Path writable(ZooEntry entry) throws IOException {
    return cache
        .writable(FOLDER)
        .orElseThrow(
            () ->
                new IOException(
                    "cannot fetch %s: %s".formatted(entry.name(), cache.whyNotWritable(FOLDER))))
        .toRealPath();
  }

  /** The folders where models are looked for. */
  @Override
  public String toString() {
    return cache.folders().stream()
        .map(folder -> folder.resolve(FOLDER).toString())
        .collect(Collectors.joining(" or "));
  }
}
