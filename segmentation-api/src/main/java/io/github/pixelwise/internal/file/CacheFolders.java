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
 * Where models and native libraries are kept that do not lie in a file of their own. A folder that
 * holds what is looked for need not be writable; one that another user may have made is not used.
 *
 * @param folders the folders, the preferred one first; none need exist
 */
public record CacheFolders(List<Path> folders) {
  /** What to do where none can be used. */
  public static final String ADVICE =
      "Set -Dpixelwise.cache or PIXELWISE_CACHE to a folder of your own that can be written to";

  /** Copies the list. */
  public CacheFolders {
    folders = List.copyOf(folders);
  }

  /**
   * As this JVM is configured: the system property {@code pixelwise.cache}, the environment
   * variable {@code PIXELWISE_CACHE}, the user's cache folder, and if that cannot be written a
   * folder for temporary files.
   */
  public static CacheFolders configured() {
    return chosen()
        .map(folder -> new CacheFolders(List.of(folder)))
        .orElseGet(() -> absolute(users(), temporary()));
  }

  /** The same, and the folder for temporary files even if another one was chosen. */
  public static CacheFolders configuredOrTemporary() {
    return absolute(chosen().orElseGet(CacheFolders::users), temporary());
  }

  private static CacheFolders absolute(Path... folders) {
    // Who has no home, as many a container's user, has the relative one "?" for Java.
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
   * The folders of a name in which things may be looked for; they need not exist.
   *
   * @param name the name, for example {@code models}
   */
  public List<Path> trusted(String name) {
    return folders.stream().map(folder -> folder.resolve(name)).filter(works(false)).toList();
  }

  /** The first folder of a name that can be written, which is made if it is not there. */
  public Optional<Path> writable(String name) {
    return folders.stream().map(folder -> folder.resolve(name)).filter(works(true)).findFirst();
  }

  private static Predicate<Path> works(boolean write) {
    return folder -> {
      try {
        require(folder, write);
        return true;
      } catch (IOException e) {
        return false; // whyNotWritable tells
      }
    };
  }

  /** Says why nothing can be written and what to do, as the end of a message. */
  public String whyNotWritable(String name) {
    List<String> reasons = new ArrayList<>();
    for (Path folder : folders) {
      try {
        require(folder.resolve(name), true);
      } catch (IOException e) {
        reasons.add(e.getMessage());
      }
    }
    return "no cache folder can be written: %s. %s, or to one that holds the model already."
        .formatted(
            reasons.isEmpty()
                ? "neither user.home nor java.io.tmpdir is an absolute path"
                : String.join("; ", reasons),
            ADVICE);
  }

  /**
   * Requires a folder that others cannot have made.
   *
   * @param write whether it is to be written to, and so is made if it is not there
   * @throws IOException if it is none; the message names it
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
