package io.github.pixelwise.internal;

import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFile;
import io.github.pixelwise.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a model's file on disk, copying it out of its jar once, and checks its hash. */
final class ModelFiles {
  private static final String FOLDER = "models";

  private ModelFiles() {}

  /**
   * Returns the path of a model's file.
   *
   * @throws ModelLoadException if it is missing, cannot be read or has another hash
   */
  static Path resolve(ModelDescriptor model, ModelFile file) {
    try {
      if ("file".equals(file.location().getScheme())) {
        Path path = Path.of(file.location());
        if (!Files.isRegularFile(path)) {
          throw new ModelLoadException(
              (Files.isDirectory(path)
                      ? "model %s: %s (%s on a card) is a folder"
                      : "model %s: there is no file %s (%s on a card)")
                  .formatted(model.name(), path, key(file)));
        }
        if (file.sha256().isPresent()) {
          requireHash(model, file, path.toString(), Sha256.of(path));
        }
        return path;
      }
      return cached(model, file);
    } catch (IOException e) {
      throw new ModelLoadException(
          "model %s: cannot read %s: %s".formatted(model.name(), file.location(), e), e);
    }
  }

  /** The key by which a card names a file. */
  private static String key(ModelFile file) {
    return "file." + file.format();
  }

  private static void requireHash(
      ModelDescriptor model, ModelFile file, String where, String found) {
    String expected = file.sha256().orElse("");
    if (!expected.equals(found)) {
      throw new ModelLoadException(
          "model %s: %s has the SHA-256 %s, its card expects %s for %s.sha256. Fetch the file anew,"
                  .formatted(model.name(), where, found, expected, key(file))
              + " or correct the card if the file is the right one.");
    }
  }

  private static Path cached(ModelDescriptor model, ModelFile file) throws IOException {
    if (file.sha256().isEmpty()) {
      String found;
      try (InputStream in = file.location().toURL().openStream()) {
        found = Sha256.of(in);
      }
      throw new ModelLoadException(
          ("model %s: its card has no %s.sha256, which a model inside a jar needs. For the file that"
                  + " is there write the line %2$s.sha256 = %s")
              .formatted(model.name(), key(file), found));
    }
    String hash = file.sha256().get();
    String location = file.location().toString();
    Path inCache = Path.of(hash, location.substring(location.lastIndexOf('/') + 1));
    CacheFolders cache = CacheFolders.configured();
    for (Path folder : cache.trusted(FOLDER)) {
      Path path = folder.resolve(inCache);
      // One that was cut short by a full disk, or changed since, is copied again.
      if (Files.isRegularFile(path) && Sha256.of(path).equals(hash)) {
        return path;
      }
    }
    Path path =
        cache
            .writable(FOLDER)
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "model %s: it has to be copied out of its jar, and %s"
                            .formatted(model.name(), cache.whyNotWritable(FOLDER))))
            .resolve(inCache);
    Files.createDirectories(path.getParent());
    try (InputStream in = file.location().toURL().openStream()) {
      AtomicFile.write(path, in::transferTo);
    }
    requireHash(model, file, location, Sha256.of(path));
    return path;
  }
}
