package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a folder by their names without suffix. */
final class FileIndex {
  /** What the names of pictures end in. */
  static final Set<String> PICTURES =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp");

  private final Path folder;
  private final SortedMap<String, Path> files;

  private FileIndex(Path folder, SortedMap<String, Path> files) {
    this.folder = folder;
    this.files = files;
  }

  /** The picture files of a folder and those below it. */
  static FileIndex pictures(Path folder, String ending, boolean flat) throws IOException {
    return of(folder, PICTURES, ending, flat);
  }

  /**
   * Finds files.
   *
   * @param folder the folder; files below it are found as well
   * @param suffixes what comes after the dot
   * @param ending how names before the dot end; not part of the name
   * @param flat whether names are without the folders between
   * @return the files; names are relative to the folder, with slashes
   * @throws IOException if there is none, or two have one name
   */
  static FileIndex of(Path folder, Set<String> suffixes, String ending, boolean flat)
      throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Path file : files(folder)) {
      String path = (flat ? file.getFileName() : folder.relativize(file)).toString();
      path = path.replace('\\', '/');
      String name = withoutSuffix(path, suffixes);
      if (name.length() == path.length() || !name.endsWith(ending)) {
        continue;
      }
      name = name.substring(0, name.length() - ending.length());
      Path other = files.put(name, file);
      if (other != null) {
        throw new IOException(
            "%s has two files named %s: %s and %s; remove or rename one"
                .formatted(folder, name, folder.relativize(other), folder.relativize(file)));
      }
    }
    if (files.isEmpty()) {
      throw new IOException(
          "%s has no files *%s.%s"
              .formatted(
                  folder, ending, suffixes.size() == 1 ? suffixes.iterator().next() : "png"));
    }
    return new FileIndex(folder, files);
  }

  /** Files in a fixed order, without hidden ones, of which some systems leave many. */
  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          "there is no folder %s; set root, split or the folder's own key".formatted(folder));
    }
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw new IOException(
          "cannot read the folder " + Reason.withPath(folder, Objects.requireNonNull(e.getCause())),
          e);
    }
  }

  /** A file's name without the suffix of a picture. */
  static String withoutSuffix(String name) {
    return withoutSuffix(name, PICTURES);
  }

  private static String withoutSuffix(String name, Set<String> suffixes) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && suffixes.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))
        ? name.substring(0, dot)
        : name;
  }

  Path folder() {
    return folder;
  }

  /** The names, sorted. */
  Set<String> names() {
    return Collections.unmodifiableSet(files.keySet());
  }

  Optional<Path> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** The name that is meant by a path from another machine: by as many of its parts as fit. */
  Optional<String> meant(String path, String ending) {
    String rest = withoutSuffix(path.replace('\\', '/'));
    while (true) {
      if (files.containsKey(rest)) {
        return Optional.of(rest);
      }
      if (!ending.isEmpty() && rest.endsWith(ending)) {
        String bare = rest.substring(0, rest.length() - ending.length());
        if (files.containsKey(bare)) {
          return Optional.of(bare);
        }
      }
      int slash = rest.indexOf('/');
      if (slash < 0) {
        return Optional.empty();
      }
      rest = rest.substring(slash + 1);
    }
  }
}
