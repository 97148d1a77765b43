package io.github.pixelwise.internal;

import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFile;
import io.github.pixelwise.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds a model's file on disk, copying it out of its jar once, and checks its hash. */
final class ModelFiles {
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
              "model %s: its card names %s for %s, found %s there"
                  .formatted(
                      model.name(),
                      path,
                      key(file),
                      Files.isDirectory(path) ? "a folder" : "nothing"));
        }
        if (file.sha256().isPresent()) {
          requireHash(model, file, path.toString(), sha256(path));
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
    String hash =
        file.sha256()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "model %s: its card has no %s.sha256, which a model inside a jar needs"
                            .formatted(model.name(), key(file))));
    String location = file.location().toString();
    Path inCache = Path.of("models", hash, location.substring(location.lastIndexOf('/') + 1));
    List<Path> folders = cacheFolders();
    for (Path folder : folders) {
      Path path = folder.resolve(inCache);
      // One that was cut short by a full disk, or changed since, is copied again.
      if (Files.isRegularFile(path) && sha256(path).equals(hash)) {
        return path;
      }
    }
    Path path =
        folders.stream()
            .filter(ModelFiles::canWrite)
            .findFirst()
            .orElseThrow(() -> noCache(model, folders))
            .resolve(inCache);
    Files.createDirectories(path.getParent());
    try (InputStream in = file.location().toURL().openStream()) {
      AtomicFile.write(path, in::transferTo);
    }
    requireHash(model, file, location, sha256(path));
    return path;
  }

  /**
   * Where models are copied to: the system property {@code pixelwise.cache}, the environment
   * variable {@code PIXELWISE_CACHE}, the user's cache folder, and if that cannot be written a
   * folder for temporary files. One that holds the file already need not be writable.
   */
  private static List<Path> cacheFolders() {
    Optional<Path> chosen =
        Stream.of(System.getProperty("pixelwise.cache"), System.getenv("PIXELWISE_CACHE"))
            .filter(path -> path != null && !path.isEmpty())
            .map(Path::of)
            .findFirst();
    if (chosen.isPresent()) {
      return List.of(chosen.get());
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path users =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg, "pixelwise")
            : Path.of(System.getProperty("user.home"), ".cache", "pixelwise");
    Path temporary =
        Path.of(
            System.getProperty("java.io.tmpdir"), "pixelwise-" + System.getProperty("user.name"));
    // Who has no home, as many a container's user, has the relative one "?" for Java.
    return Stream.of(users, temporary).filter(Path::isAbsolute).toList();
  }

  private static ModelLoadException noCache(ModelDescriptor model, List<Path> folders) {
    return new ModelLoadException(
        ("model %s: it has to be copied out of its jar, and no cache folder can be written: %s. Set"
                + " -Dpixelwise.cache or PIXELWISE_CACHE to one that can, or to one that holds the"
                + " model already.")
            .formatted(
                model.name(),
                folders.isEmpty()
                    ? "neither user.home nor java.io.tmpdir is an absolute path"
                    : folders.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  private static boolean canWrite(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.isWritable(folder);
    } catch (IOException e) {
      return false;
    }
  }

  private static String sha256(Path path) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
        byte[] buffer = new byte[1 << 16];
        while (in.read(buffer) >= 0) {
          // The stream feeds the digest.
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
