package io.github.pixelwise.cli;

import io.github.pixelwise.internal.Reason;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the photographs that paths name, and where their products go. */
final class PhotographFinder {
  private static final Set<String> SUFFIXES =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp");

  private final @Nullable Path output;
  private final Map<Path, Photograph> found = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  /** Products go to this folder, or beside their photographs if null. */
  PhotographFinder(@Nullable Path output) {
    this.output = output;
  }

  /**
   * Adds a photograph, or those below a folder, in the order of their names. In folders, hidden
   * files and pictures that an earlier run wrote are left out.
   */
  void add(Path path) {
    if (Files.isDirectory(path)) {
      addFolder(path);
    } else if (Files.exists(path)) {
      addFile(path, path.getFileName());
    } else {
      failures.add(path + ": there is no such file or folder");
    }
  }

  /** The photographs, each once. */
  Collection<Photograph> photographs() {
    return found.values();
  }

  /** What is wrong with paths, a sentence each. */
  List<String> failures() {
    return failures;
  }

  /**
   * Makes sure that no file would be written twice, and no photograph written over.
   *
   * @throws IllegalArgumentException if one would; the message names both photographs
   */
  void requireDistinctOutputs(Set<Product> products) {
    Map<Path, Photograph> writers = new HashMap<>();
    for (Photograph photograph : found.values()) {
      for (Product product : products) {
        Path file = real(photograph.output(product));
        Photograph other = writers.putIfAbsent(file, photograph);
        if (other != null) {
          throw new IllegalArgumentException(
              "%s and %s would both write %s. Rename one, or run them apart with other --output."
                  .formatted(other.source(), photograph.source(), file));
        }
        Photograph victim = found.get(file);
        if (victim != null) {
          throw new IllegalArgumentException(
              "%s would write over the photograph %s. Choose another folder with --output."
                  .formatted(photograph.source(), victim.source()));
        }
      }
    }
  }

  private void addFolder(Path folder) {
    List<Path> files = new ArrayList<>();
    int failuresBefore = failures.size();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Collector(folder, files));
    } catch (IOException e) {
      failures.add("%s: the folder cannot be read: %s".formatted(folder, Reason.of(e)));
    }
    if (files.isEmpty() && failures.size() == failuresBefore) {
      failures.add(
          "%s: there is no photograph in this folder (%s)"
              .formatted(folder, String.join(", ", SUFFIXES.stream().sorted().toList())));
    }
    files.stream().sorted().forEach(file -> addFile(file, folder.relativize(file)));
  }

  private void addFile(Path source, Path relative) {
    try {
      Path base = output != null ? output.resolve(relative) : source;
      String name = base.getFileName().toString();
      int dot = name.lastIndexOf('.');
      Path stem = base.resolveSibling(dot > 0 ? name.substring(0, dot) : name);
      found.putIfAbsent(real(source), new Photograph(source, stem));
    } catch (InvalidPathException e) {
      failures.add(
          source + ": the name cannot be used in this locale; set LC_ALL=C.UTF-8 or another UTF-8");
    }
  }

  /** One path for a file, whatever links lead to it; the file itself need not exist. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      Path parent = absolute.getParent();
      return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
    }
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    private final Path top;
    private final List<Path> files;

    Collector(Path top, List<Path> files) {
      this.top = top;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return !folder.equals(top) && isHidden(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    private static boolean isHidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      int dot = name.lastIndexOf('.');
      if (dot > 0
          && SUFFIXES.contains(name.substring(dot + 1))
          && !isHidden(file)
          && !Product.isPicture(name)
          && attributes.isRegularFile()) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      // A link to a folder above is no failure: what it leads to is being walked.
      if (!(e instanceof FileSystemLoopException)) {
        failures.add("%s: cannot be read: %s".formatted(file, Reason.of(e)));
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
