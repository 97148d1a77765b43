package io.github.pixelwise.cli;

import io.github.pixelwise.products.Product;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the photographs that paths name, and where their products go. A photograph is a name in a
 * folder, whether a file or a link has it.
 */
final class PhotographFinder {
  /** Folders that link to each other have more paths than anybody wants. */
  private static final int MOST_LINKED_PATHS = 100;

  /** What Java puts for bytes that are no characters. */
  private static final char REPLACEMENT = '\ufffd';

  private final @Nullable Path output;
  private final Map<Names, Photograph> found = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * The names of a photograph and of its products, without the links that lead to their folders.
   */
  private record Names(Path source, Path stem) {}

  /** Products go to this folder, or beside their photographs if null. */
  PhotographFinder(@Nullable Path output) {
    this.output = output;
  }

  /**
   * Adds a photograph, or those below a folder, in the order of their names. In folders, hidden
   * files and pictures that an earlier run wrote are left out.
   */
  void add(Path path) {
    if (path.equals(Photograph.STANDARD_STREAM)) {
      addFile(path, Path.of("stdin"));
    } else if (Files.isDirectory(path)) {
      addFolder(path);
    } else if (!Files.exists(path)) {
      failures.add(path + ": " + whyMissing(path));
    } else if (PictureKind.of(name(path)).equals(Optional.of(PictureKind.RAW))) {
      failures.add(path + ": " + PictureKind.RAW.advice(name(path)));
    } else {
      addFile(path, path.getFileName());
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
    Map<Path, Photograph> sources = new HashMap<>();
    found.forEach((names, photograph) -> sources.put(names.source, photograph));
    Map<Path, Photograph> writers = new HashMap<>();
    for (Photograph photograph : found.values()) {
      for (Product product : products) {
        Path file = inRealFolder(photograph.output(product));
        Photograph other = writers.putIfAbsent(file, photograph);
        if (other != null) {
          throw new IllegalArgumentException(
              "%s and %s would both write %s. Rename one, or run them apart with other --output."
                  .formatted(other.source(), photograph.source(), file));
        }
        Photograph victim = sources.get(file);
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
              .formatted(folder, PictureKind.READ_SUFFIXES.replace(" ", ", ")));
    }
    files.stream().sorted().forEach(file -> addFile(file, folder.relativize(file)));
  }

  private void addFile(Path source, Path relative) {
    if (!isText(source)) {
      failures.add(source + ": " + notText());
      return;
    }
    Path stem = stem(source, relative);
    found.putIfAbsent(
        new Names(inRealFolder(source), inRealFolder(stem)), new Photograph(source, stem));
  }

  private Path stem(Path source, Path relative) {
    if (Photograph.STANDARD_STREAM.equals(output)) {
      return Photograph.STANDARD_STREAM;
    }
    Path base = output != null ? output.resolve(relative) : source;
    String name = name(base);
    int dot = name.lastIndexOf('.');
    return base.resolveSibling(dot > 0 ? name.substring(0, dot) : name);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  /** Whether a file has the name of a picture that an earlier run wrote. */
  private static boolean isProduct(String fileName) {
    return Arrays.stream(Product.values())
        .anyMatch(product -> product != Product.JSON && fileName.endsWith(product.suffix()));
  }

  private static boolean isHidden(Path path) {
    return name(path).startsWith(".");
  }

  /** Whether a path is what its text says: Java reads and writes files by that. */
  private static boolean isText(Path path) {
    try {
      return Path.of(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether a path of the command line is not the one that was meant. */
  static boolean hasLostBytes(Path path) {
    return path.toString().indexOf(REPLACEMENT) >= 0;
  }

  /** What is wrong with such paths, and what to do. */
  static String notText() {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    return encoding.equals("UTF-8")
        ? "its name is not valid UTF-8. Rename it."
        : "its name cannot be used in this locale (%s). Set LC_ALL=C.UTF-8.".formatted(encoding);
  }

  /** Why there is nothing at a path: of links, where they lead. */
  private static String whyMissing(Path path) {
    if (hasLostBytes(path)) {
      return notText();
    }
    String reason = "there is no such file or folder";
    if (!Files.isSymbolicLink(path)) {
      return reason;
    }
    try {
      path.getFileSystem().provider().checkAccess(path);
    } catch (IOException e) {
      reason = Reason.of(e);
    }
    try {
      return "it is a link to %s: %s".formatted(Files.readSymbolicLink(path), reason);
    } catch (IOException e) {
      return "it is a link that cannot be read: " + Reason.of(e);
    }
  }

  /** A path by which nothing else can be named; neither the file nor its folder need exist. */
  private static Path inRealFolder(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return folder == null ? absolute : real(folder).resolve(absolute.getFileName());
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return inRealFolder(folder);
    }
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    private final Path top;
    private final List<Path> files;
    private final Map<Path, Integer> visits = new HashMap<>();

    Collector(Path top, List<Path> files) {
      this.top = top;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (!folder.equals(top) && isHidden(folder)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      Path real = real(folder);
      if (real.equals(real(top).resolve(top.relativize(folder)))) {
        return FileVisitResult.CONTINUE; // no link leads here
      }
      int visit = visits.merge(real, 1, Integer::sum);
      if (visit == MOST_LINKED_PATHS + 1) {
        failures.add(
            "%s: links lead to this folder by more than %d paths; this one and those after it are"
                    .formatted(folder, MOST_LINKED_PATHS)
                + " left out");
      }
      return visit > MOST_LINKED_PATHS ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = name(file);
      if (isHidden(file) || isProduct(name.toLowerCase(Locale.ROOT))) {
        return FileVisitResult.CONTINUE;
      }
      Optional<PictureKind> kind = PictureKind.of(name);
      if (attributes.isSymbolicLink()) { // the walk follows those that lead somewhere
        if (kind.isPresent() || name.indexOf('.') < 0) { // a picture or a folder
          failures.add(file + ": " + whyMissing(file));
        }
      } else if (kind.isPresent()) {
        if (!attributes.isRegularFile()) {
          failures.add(file + ": it is no file, but a pipe or a device");
        } else if (kind.get() == PictureKind.READ || isRead(file, kind.get())) {
          files.add(file);
        } else {
          failures.add(file + ": " + kind.get().advice(name));
        }
      }
      return FileVisitResult.CONTINUE;
    }

    /** Whether a picture can be read although its suffix says it cannot: by its content. */
    private static boolean isRead(Path file, PictureKind kind) {
      if (kind == PictureKind.RAW || !isText(file)) {
        return false;
      }
      try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
        return in != null && ImageIO.getImageReaders(in).hasNext();
      } catch (IOException e) {
        return true; // to be told when it is read
      }
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
