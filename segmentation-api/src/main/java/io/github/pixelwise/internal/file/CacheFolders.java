package io.github.pixelwise.internal.file;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where models and native libraries from jars are kept. A folder that already holds the file need
 * not be writable; a folder that another user may have made is not used.
 *
 * @param folders the folders, the preferred one first; they need not exist
 */
public record CacheFolders(List<Path> folders) {
  /** What to do if no folder can be used. */
  public static final String ADVICE =
      "Set -Dpixelwise.cache or PIXELWISE_CACHE to a writable folder of your own";

  /** Copies the list. */
  public CacheFolders {
    folders = List.copyOf(folders);
  }

  /**
   * The folders configured for this JVM: the system property {@code pixelwise.cache}, the
   * environment variable {@code PIXELWISE_CACHE}, or the user's cache folder followed by a folder
   * for temporary files.
   */
  public static CacheFolders configured() {
    return chosen()
        .map(folder -> new CacheFolders(List.of(folder)))
        .orElseGet(() -> absolute(users(), temporary()));
  }

  /** The configured folders, always followed by the folder for temporary files. */
  public static CacheFolders configuredOrTemporary() {
    return absolute(chosen().orElseGet(CacheFolders::users), temporary());
  }

  private static CacheFolders absolute(Path... folders) {
    // For users without a home, as in many containers, Java reports the relative folder "?".
    return new CacheFolders(Stream.of(folders).filter(Path::isAbsolute).toList());
  }

  private static Optional<Path> chosen() {
    return Stream.of(System.getProperty("pixelwise.cache"), System.getenv("PIXELWISE_CACHE"))
        .filter(path -> path != null && !path.isEmpty())
        .findFirst()
        .map(path -> Path.of(path).toAbsolutePath());
  }

  private static Path users() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    return xdg != null && !xdg.isEmpty()
        ? Path.of(xdg, "pixelwise")
        : Path.of(System.getProperty("user.home"), ".cache", "pixelwise");
  }

  private static Path temporary() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "pixelwise-" + System.getProperty("user.name"));
  }

  /**
   * The folders with a name that files may be loaded from; they need not exist.
   *
   * @param name the name, for example {@code models}
   */
  public List<Path> trusted(String name) {
    return folders.stream().map(folder -> folder.resolve(name)).filter(works(false)).toList();
  }

  /** The first writable folder with a name, which is created if it does not exist. */
  public Optional<Path> writable(String name) {
    return folders.stream().map(folder -> folder.resolve(name)).filter(works(true)).findFirst();
  }

  private static Predicate<Path> works(boolean write) {
    return folder -> {
      try {
        require(folder, write);
        return true;
      } catch (IOException e) {
        return false; // whyNotWritable says why
      }
    };
  }

  /** Explains why nothing can be written and what to do, as the end of a message. */
  public String whyNotWritable(String name) {
    List<String> reasons = new ArrayList<>();
    for (Path folder : folders) {
      try {
        require(folder.resolve(name), true);
      } catch (IOException e) {
        reasons.add(e.getMessage());
      }
    }
    return "no cache folder is writable: %s. %s, or to one that already holds the model."
        .formatted(
            reasons.isEmpty()
                ? "neither user.home nor java.io.tmpdir is an absolute path"
                : String.join("; ", reasons),
            ADVICE);
  }

  /**
   * Checks that other users cannot have made a folder.
   *
   * @param write whether it will be written to, and so is created if it does not exist
   * @throws IOException if they can; the message names the folder
   */
  public static void require(Path folder, boolean write) throws IOException {
    Optional<String> objection = Ownership.here().objection(folder);
    if (objection.isPresent()) {
      throw new IOException(objection.get());
    }
    if (!write) {
      return;
    }
    Path temporary = temporary();
    Path shared = temporary.getParent();
    if (folder.startsWith(temporary) && shared != null && !Files.isDirectory(shared)) {
      throw new IOException(shared + " does not exist");
    }
    try {
      Files.createDirectories(folder, Ownership.attributesFor(folder));
    } catch (IOException e) {
      throw new IOException(Reason.withPath(folder, e), e);
    }
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + ": permission denied");
    }
  }
}
