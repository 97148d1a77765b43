package io.github.pixelwise.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where models are kept that do not lie in a file of their own. One that holds what is looked for
 * need not be writable.
 *
 * @param folders the folders, the preferred one first; none need exist
 */
public record CacheFolders(List<Path> folders) {
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
    Optional<Path> chosen =
        Stream.of(System.getProperty("pixelwise.cache"), System.getenv("PIXELWISE_CACHE"))
            .filter(path -> path != null && !path.isEmpty())
            .map(Path::of)
            .findFirst();
    if (chosen.isPresent()) {
      return new CacheFolders(List.of(chosen.get()));
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
    return new CacheFolders(Stream.of(users, temporary).filter(Path::isAbsolute).toList());
  }

  /** The first folder that can be written, which is made if it is not there. */
  public Optional<Path> writable() {
    return folders.stream().filter(CacheFolders::canWrite).findFirst();
  }

  /** Says why nothing can be written and what to do, as the end of a message. */
  public String whyNotWritable() {
    return ("no cache folder can be written: %s. Set -Dpixelwise.cache or PIXELWISE_CACHE to one that"
            + " can, or to one that holds the model already.")
        .formatted(
            folders.isEmpty()
                ? "neither user.home nor java.io.tmpdir is an absolute path"
                : folders.stream().map(Path::toString).collect(Collectors.joining(", ")));
  }

  private static boolean canWrite(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.isWritable(folder);
    } catch (IOException e) {
      return false;
    }
  }
}
