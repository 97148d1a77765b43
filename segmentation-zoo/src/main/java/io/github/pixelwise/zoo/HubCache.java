package io.github.pixelwise.zoo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders in which Hugging Face's libraries cache downloads: {@code
 * models--OWNER--NAME/snapshots/COMMIT} is a model, consisting of links.
 */
final class HubCache {
  private static final String SNAPSHOTS = "snapshots";
  private static final String MODEL = "models--";

  private HubCache() {}

  /** Whether a folder is one in the cache that {@link #snapshot} resolves. */
  static boolean matches(Path folder) throws IOException {
    return Files.isDirectory(folder)
        && (name(folder).equals(SNAPSHOTS)
            || Files.isDirectory(folder.resolve(SNAPSHOTS))
            || !models(folder).isEmpty());
  }

  /**
   * Finds the folder of a model: the given one, or the latest snapshot in it.
   *
   * @throws IOException if it is a folder in the cache that does not identify one model
   */
  static Path snapshot(Path folder) throws IOException {
    Path model = name(folder).equals(SNAPSHOTS) ? folder.resolveSibling("") : folder;
    if (Files.isDirectory(model.resolve(SNAPSHOTS))) {
      List<Path> snapshots = folders(model.resolve(SNAPSHOTS), "");
      Path main = model.resolve("refs").resolve("main");
      if (Files.isRegularFile(main)) {
        Path newest = model.resolve(SNAPSHOTS).resolve(Files.readString(main).strip());
        if (snapshots.contains(newest)) {
          return newest;
        }
      }
      return onlyOne(folder, "snapshots of a model", snapshots);
    }
    if (!Files.exists(folder.resolve("config.json")) && !models(folder).isEmpty()) {
      return snapshot(onlyOne(folder, "models", models(folder)));
    }
    return folder;
  }

  private static Path onlyOne(Path folder, String what, List<Path> found) throws IOException {
    if (found.size() != 1) {
      throw new IOException(
          "%s: it is a Hugging Face cache with %d %s; choose the folder of one: %s"
              .formatted(
                  folder,
                  found.size(),
                  what,
                  found.isEmpty()
                      ? "download it again first"
                      : String.join(", ", found.stream().map(Path::toString).toList())));
    }
    return found.get(0);
  }

  private static List<Path> folders(Path parent, String prefix) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> name(entry).startsWith(prefix) && Files.isDirectory(entry))
          .sorted()
          .toList();
    }
  }

  /** Returns the name of the folder of a repository {@code OWNER/NAME}. */
  static String folder(String repository) {
    return MODEL + repository.replace("/", "--");
  }

  /** Returns the repository of such a folder. */
  static String repository(Path model) {
    return name(model).substring(MODEL.length()).replace("--", "/");
  }

  /** Returns the folders of the repositories in a cache. */
  static List<Path> models(Path cache) throws IOException {
    return folders(cache, MODEL);
  }

  /** Returns the model's name: {@code OWNER/NAME} in the cache, otherwise the folder's name. */
  static String modelName(Path folder) {
    Path model = folder.toAbsolutePath().normalize();
    Path parent = model.getParent();
    if (parent != null && parent.getParent() != null && name(parent).equals(SNAPSHOTS)) {
      if (name(parent.getParent()).startsWith(MODEL)) {
        return repository(parent.getParent());
      }
    }
    return name(model);
  }

  private static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }
}
