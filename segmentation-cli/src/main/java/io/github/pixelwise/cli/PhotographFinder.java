package io.github.pixelwise.cli;

import io.github.pixelwise.cli.internal.Reason;
import io.github.pixelwise.products.PictureKind;
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
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the photos at the given paths, and where their products go. Every name in a folder counts
 * as a photo, whether it is a file or a link.
 */
final class PhotographFinder {
  /** Bounds the walk if folders link to each other. */
  private static final int MOST_LINKED_PATHS = 100;

  /** Java's replacement for bytes that are not valid characters. */
  private static final char REPLACEMENT = '\ufffd';

  private final @Nullable Path output;
  private final Map<Names, Photograph> found = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private boolean isEmptyAllowed;

  /** The names of a photo and of its products, with the links in their folders resolved. */
  private record Names(Path source, Path stem) {}

  /**
   * @param output the folder for the products; null for that of each photo
   */
  PhotographFinder(@Nullable Path output) {
    this.output = output;
  }

  /**
   * Adds a photo, or the photos below a folder in the order of their names. In folders, hidden
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

  /** Lets folders have no photos; without it, that is a failure. */
  PhotographFinder allowEmptyFolders() {
    isEmptyAllowed = true;
    return this;
  }

  /** The photos, each once. */
  Collection<Photograph> photographs() {
    return found.values();
  }

  /** One sentence for each path that failed. */
  List<String> failures() {
    return failures;
  }

  /**
   * Checks that no file would be written twice, and no photo overwritten.
   *
   * @throws IllegalArgumentException if one would; the message names both photos
   */
  void requireDistinctOutputs(Outputs outputs) {
    Map<Path, Photograph> sources = new HashMap<>();
    found.forEach((names, photograph) -> sources.put(names.source, photograph));
    Map<Path, Photograph> writers = new HashMap<>();
    Set<Path> joined =
        outputs.joined().stream().map(PhotographFinder::inRealFolder).collect(Collectors.toSet());
    for (Photograph photograph : found.values()) {
      List<Path> files = new ArrayList<>();
      outputs.products().forEach(product -> files.add(outputs.file(photograph, product)));
      if (outputs.products().contains(Product.MASK)
          && !photograph.stem().equals(Photograph.STANDARD_STREAM)) {
        files.add(LargePictures.target(photograph)); // if it has too many pixels
      }
      for (Path output : files) {
        Path file = inRealFolder(output);
        if (joined.contains(file)) {
          throw new IllegalArgumentException(
              "%s would write %s, which is for all photos. Rename the photo, or choose another folder with --output."
                  .formatted(photograph.source(), file));
        }
        Photograph other = writers.putIfAbsent(file, photograph);
        if (other != null) {
          throw new IllegalArgumentException(
              ("%s and %s would both write %s. Rename one, or run them separately with different"
                      + " --output folders.")
                  .formatted(other.source(), photograph.source(), file));
        }
        Photograph victim = sources.get(file);
        if (victim != null) {
          throw new IllegalArgumentException(
              "%s would overwrite the photo %s. Choose another folder with --output."
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
      failures.add("%s: cannot read the folder: %s".formatted(folder, Reason.of(e)));
    }
    if (files.isEmpty() && failures.size() == failuresBefore && !isEmptyAllowed) {
      failures.add(
          "%s: there are no photos in this folder (%s)"
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
        new Names(inRealFolder(source), inRealFolder(stem)),
        new Photograph(source, stem, relative.toString().replace('\\', '/')));
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
  private static boolean isProduct(Path file) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return name.endsWith(Product.SVG.suffix())
        ? isBesidePhoto(file)
        : Product.isPicture(name) || name.endsWith(LargePictures.SUFFIX);
  }

  /** Whether a file is an SVG in the folder that this run writes to. */
  private boolean isSvgOfRun(Path file) {
    return output != null
        && name(file).endsWith(Product.SVG.suffix())
        && inRealFolder(file).startsWith(inRealFolder(output));
  }

  /** Whether there is a photo of the same name but for the suffix. */
  private static boolean isBesidePhoto(Path file) {
    String name = name(file);
    String stem = name.substring(0, name.lastIndexOf('.') + 1);
    return Arrays.stream(PictureKind.READ_SUFFIXES.split(" "))
        .anyMatch(
            suffix ->
                Files.exists(file.resolveSibling(stem + suffix))
                    || Files.exists(file.resolveSibling(stem + suffix.toUpperCase(Locale.ROOT))));
  }

  private static boolean isHidden(Path path) {
    return name(path).startsWith(".");
  }

  /** Whether a path survives conversion to text, which Java uses to read and write files. */
  private static boolean isText(Path path) {
    try {
      return Path.of(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether a path lost bytes on its way from the command line. */
  static boolean hasLostBytes(Path path) {
    return path.toString().indexOf(REPLACEMENT) >= 0;
  }

  /** What is wrong with a path that {@link #isText} rejects, and what to do. */
  static String notText() {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    return encoding.equals("UTF-8")
        ? "its name is not valid UTF-8. Rename it."
        : "its name cannot be used in this locale (%s). Set LC_ALL=C.UTF-8.".formatted(encoding);
  }

  /** Why there is nothing at a path, and for a link, where it leads. */
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

  /** A unique path for a file; neither the file nor its folder has to exist. */
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
            "%s: more than %d linked paths lead to this folder; this path and later ones are left out"
                .formatted(folder, MOST_LINKED_PATHS));
      }
      return visit > MOST_LINKED_PATHS ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = name(file);
      if (isHidden(file) || isProduct(file) || isSvgOfRun(file)) {
        return FileVisitResult.CONTINUE;
      }
      Optional<PictureKind> kind = PictureKind.of(name);
      if (attributes.isSymbolicLink()) { // the walk follows links unless they are dead
        if (kind.isPresent() || name.indexOf('.') < 0) { // a picture or a folder
          failures.add(file + ": " + whyMissing(file));
        }
      } else if (kind.isPresent()) {
        if (!attributes.isRegularFile()) {
          failures.add(file + ": it is a pipe or a device, not a file");
        } else if (kind.get() == PictureKind.READ || isRead(file, kind.get())) {
          files.add(file);
        } else {
          failures.add(file + ": " + kind.get().advice(name));
        }
      }
      return FileVisitResult.CONTINUE;
    }

    /** Whether a picture's content can be read although its suffix says otherwise. */
    private static boolean isRead(Path file, PictureKind kind) {
      if (kind == PictureKind.RAW || !isText(file)) {
        return false;
      }
      try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
        return in != null && ImageIO.getImageReaders(in).hasNext();
      } catch (IOException e) {
        return true; // reading it reports the error
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      // A link to a parent folder is not a failure: that folder is already being walked.
      if (!(e instanceof FileSystemLoopException)) {
        failures.add("%s: cannot read it: %s".formatted(file, Reason.of(e)));
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
