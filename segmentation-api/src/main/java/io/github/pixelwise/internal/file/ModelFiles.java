package io.github.pixelwise.internal.file;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.internal.card.CardValues;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds a model's file on disk, copying it out of its jar once, and checks its hash. */
public final class ModelFiles {
  private static final String FOLDER = "models";

  private ModelFiles() {}

  /**
   * Returns the path of a model's file.
   *
   * @throws ModelLoadException if it is missing, cannot be read or has another hash
   */
  public static Path resolve(ModelCard model, ModelFile file) {
    try {
      if ("file".equals(file.location().getScheme())) {
        Path path = Path.of(file.location());
        if (!Files.isRegularFile(path)) {
          throw new ModelLoadException(
              ModelLoadException.Reason.FILE_MISSING,
              (Files.isDirectory(path)
                      ? "model %s: %s (%s on a card) is a folder"
                      : "model %s: there is no file %s (%s on a card)")
                  .formatted(model.name(), path, key(file)));
        }
        List<Path> whole = withWeights(model, file, path);
        if (file.sha256().isPresent()) {
          requireHash(model, file, path, whole, Sha256.of(whole));
        }
        return path;
      }
      return cached(model, file);
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.FILE_MISSING,
          "model %s: cannot read %s: %s".formatted(model.name(), where(file), Reason.of(e)),
          e);
    }
  }

  /** A file and the files beside it that hold its weights, which must be in its folder. */
  private static List<Path> withWeights(ModelCard model, ModelFile file, Path path)
      throws IOException {
    List<Path> whole = new ArrayList<>(List.of(path));
    for (String name : ExternalWeights.of(file.format(), path)) {
      Path weights = ExternalWeights.locate(path, name);
      if (!Files.isRegularFile(weights)) {
        throw new ModelLoadException(
            ModelLoadException.Reason.FILE_MISSING,
            "model %s: %s has its weights in the file %s, which does not exist. Put it there, or export the model as one file."
                .formatted(model.name(), path, weights));
      }
      whole.add(weights);
    }
    return whole;
  }

  private static Object where(ModelFile file) {
    return "file".equals(file.location().getScheme()) ? Path.of(file.location()) : file.location();
  }

  /** The key by which a card names a file. */
  private static String key(ModelFile file) {
    return "file." + file.format();
  }

  private static void requireHash(
      ModelCard model, ModelFile file, Path path, List<?> where, String found) {
    String expected = file.sha256().orElse("");
    if (!expected.equals(found)) {
      throw explained(
          model,
          file,
          path,
          new ModelLoadException(
              ModelLoadException.Reason.FILE_DAMAGED,
              "model %s: %s has the SHA-256 %s, but its card expects %s for %s.sha256. Download the file again,"
                      .formatted(
                          model.name(),
                          where.stream()
                              .map(Object::toString)
                              .collect(Collectors.joining(" with ")),
                          found,
                          expected,
                          key(file))
                  + " or correct the card if the file is the right one."));
    }
  }

  /**
   * Explains a failure if the file is of another kind than its card says; otherwise returns the
   * failure unchanged. Only files that an engine cannot open are checked for their content.
   */
  public static ModelLoadException explained(
      ModelCard model, ModelFile file, Path path, ModelLoadException failure) {
    try {
      return FileContent.unlike(file.format(), path)
          .map(
              found ->
                  new ModelLoadException(
                      ModelLoadException.Reason.FILE_DAMAGED,
                      "model %s: %s is not in the format %s: %s."
                          .formatted(model.name(), path, file.format(), found),
                      failure))
          .orElse(failure);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static Path cached(ModelCard model, ModelFile file) throws IOException {
    if (file.sha256().isEmpty()) {
      String found;
      try (InputStream in = file.location().toURL().openStream()) {
        found = Sha256.of(in);
      }
      throw new ModelLoadException(
          ("model %s: its card has no %s.sha256, which a model inside a jar needs. For this file "
                  + "add the line %2$s.sha256 = %s")
              .formatted(model.name(), key(file), found));
    }
    String hash = file.sha256().get();
    String location = file.location().toString();
    Path inCache = Path.of(hash, location.substring(location.lastIndexOf('/') + 1));
    CacheFolders cache = CacheFolders.configured();
    for (Path folder : cache.trusted(FOLDER)) {
      Path path = folder.resolve(inCache);
      // A file that was truncated by a full disk, or has changed since, is copied again.
      if (isWhole(path, file)) {
        return path;
      }
    }
    Path path =
        cache
            .writable(FOLDER)
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "model %s: it must be copied out of its jar, but %s"
                            .formatted(model.name(), cache.whyNotWritable(FOLDER))))
            .resolve(inCache);
    copy(file.location(), path);
    for (String name : ExternalWeights.of(file.format(), path)) {
      copy(CardValues.resolve(file.location().toURL(), name), ExternalWeights.locate(path, name));
    }
    requireHash(model, file, path, List.of(location), Sha256.of(withWeights(model, file, path)));
    return path;
  }

  private static boolean isWhole(Path path, ModelFile file) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    List<Path> whole = new ArrayList<>(List.of(path));
    for (String name : ExternalWeights.of(file.format(), path)) {
      whole.add(ExternalWeights.locate(path, name));
    }
    return whole.stream().allMatch(Files::isRegularFile)
        && file.sha256().equals(Optional.of(Sha256.of(whole)));
  }

  private static void copy(URI from, Path to) throws IOException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    try (InputStream in = from.toURL().openStream()) {
      AtomicFile.write(to, in::transferTo);
    }
  }
}
