package io.github.pixelwise.internal.plugin;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.ModelFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A path at which native code can open a network and the files beside it, as long as this object is
 * open.
 *
 * <p>Java passes paths to native code in its own UTF-8, which encodes characters beyond U+FFFF
 * differently, and cannot represent file names that are not in the system's encoding. A file with
 * such a path gets a link in the cache folder, and so do the files with its weights. Opening the
 * network from its bytes instead would make an engine look for the weights in the working
 * directory.
 */
public final class EnginePath implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  private final Path path;

  /** What {@link #close} deletes; null if the file's own path will do. */
  private final @Nullable Path folder;

  private EnginePath(Path path, @Nullable Path folder) {
    this.path = path;
    this.folder = folder;
  }

  /**
   * Creates a path for a network's file.
   *
   * @throws IOException if its own path will not do, and no link can be made; the message says what
   *     to do
   */
  public static EnginePath of(ModelFormat format, Path file) throws IOException {
    List<String> weights = ExternalWeights.of(format, file);
    if (isPlain(file) && areTogether(file, weights)) {
      return new EnginePath(file, null);
    }
    CacheFolders cache = CacheFolders.configured();
    String problem =
        isPlain(file)
            ? "its weights are links to files outside its folder; copy them beside it, or "
            : "the engine cannot read all characters of its path; rename it, or ";
    Path cached =
        cache
            .writable("links")
            .filter(EnginePath::isPlain)
            .orElseThrow(
                () ->
                    new IOException(
                        problem
                            + "set -Dpixelwise.cache or PIXELWISE_CACHE to a folder with an ASCII "
                            + "path, where a link to it can be made"));
    Path folder = Files.createTempDirectory(cached, "link-");
    EnginePath linked = new EnginePath(folder.resolve("network"), folder);
    try {
      link(linked.path, file);
      for (String name : weights) {
        link(ExternalWeights.locate(linked.path, name), ExternalWeights.locate(file, name));
      }
      return linked;
    } catch (IOException | RuntimeException e) {
      linked.close();
      throw e;
    }
  }

  /** Whether the weights are where ONNX Runtime accepts them: it rejects files elsewhere. */
  private static boolean areTogether(Path file, List<String> weights) throws IOException {
    Path folder = file.toRealPath().resolveSibling("");
    for (String name : weights) {
      Path found = ExternalWeights.locate(file, name);
      if (Files.exists(found) && !found.toRealPath().startsWith(folder)) {
        return false;
      }
    }
    return true;
  }

  private static void link(Path link, Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(link.getParent()));
    Path real = file.toRealPath();
    try {
      Files.createLink(
          link, real); // not a symbolic link, which ONNX Runtime would follow and might reject
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.copy(real, link); // on another file system than the cache, or on one without links
    }
  }

  /** Whether native code receives the path unchanged. Windows passes paths in its own way. */
  private static boolean isPlain(Path path) {
    String text = path.toString();
    if (File.separatorChar == '\\' || text.chars().allMatch(c -> c < 0x80)) {
      return true;
    }
    try {
      return "UTF-8".equals(System.getProperty("sun.jnu.encoding"))
          && text.chars().noneMatch(c -> Character.isSurrogate((char) c))
          && Path.of(text).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The path, for native code. */
  public Path path() {
    return path;
  }

  /** Deletes the links, if there are any. */
  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    try (Stream<Path> links = Files.walk(folder)) {
      for (Path link : links.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(link);
      }
    } catch (IOException e) {
      LOGGER.log(
          System.Logger.Level.WARNING, "cannot delete %s: %s".formatted(folder, Reason.of(e)));
    }
  }
}
