package io.github.pixelwise.internal.plugin;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.file.Ownership;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Folders that engines' native libraries are unpacked to and loaded from. */
public final class NativeFolders {
  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  private NativeFolders() {}

  /** Makes sure that the libraries are in a folder. */
  @FunctionalInterface
  public interface Unpacking {
    /**
     * Unpacks whatever is missing.
     *
     * @param folder an existing folder, which may not be writable
     * @throws IOException if something is missing and cannot be written
     */
    void to(Path folder) throws IOException;
  }

  /**
   * Unpacks libraries into the first usable folder of a cache.
   *
   * @param cache the cache
   * @param name the folder's name in the cache
   * @return the folder
   * @throws IOException if no folder is usable; the message names all of them and says what to set
   */
  public static Path unpack(CacheFolders cache, String name, Unpacking unpacking)
      throws IOException {
    Set<String> reasons = new LinkedHashSet<>();
    for (Path root : cache.folders()) {
      Path folder = root.resolve(name);
      try {
        requireLoadable(folder);
        CacheFolders.require(folder, !Files.isDirectory(folder));
      } catch (IOException e) {
        reasons.add(e.getMessage());
        continue;
      }
      try {
        unpacking.to(folder);
        return folder;
      } catch (IOException e) {
        reasons.add(Reason.withPath(root, e));
      }
    }
    throw new IOException(
        "%s. %s that allows execution".formatted(String.join("; ", reasons), CacheFolders.ADVICE));
  }

  /**
   * Checks that libraries may be loaded from a folder.
   *
   * @param folder the folder, which need not exist yet
   * @param setting the setting that names it
   * @throws IOException if other users may have made it, or it is mounted {@code noexec}; the
   *     message says to change the setting
   */
  public static void requireLoadable(Path folder, String setting) throws IOException {
    try {
      requireLoadable(folder);
    } catch (IOException e) {
      throw new IOException(
          "%s. Set %s to a folder of your own that allows execution"
              .formatted(e.getMessage(), setting),
          e);
    }
  }

  private static void requireLoadable(Path folder) throws IOException {
    CacheFolders.require(folder, false);
    if (Files.exists(MOUNTS)) {
      Path real = Ownership.existing(folder).toRealPath();
      Optional<Path> mount = noexec(real, Files.readString(MOUNTS, StandardCharsets.UTF_8));
      if (mount.isPresent()) {
        throw new IOException(mount.get() + " is mounted noexec");
      }
    }
  }

  /** The mount point of a path's file system, if it is mounted noexec. */
  static Optional<Path> noexec(Path path, String mounts) {
    Path mount = Path.of("/");
    boolean noexec = false;
    for (String line : mounts.split("\n", -1)) {
      String[] fields = line.split(" ", -1); // device, mount point, type, options
      if (fields.length < 4) {
        continue;
      }
      Path point = Path.of(fields[1].replace("\\040", " ").replace("\\134", "\\"));
      // Of two mounts at the same place, the later one hides the other.
      if (path.startsWith(point) && point.getNameCount() >= mount.getNameCount()) {
        mount = point;
        noexec = List.of(fields[3].split(",", -1)).contains("noexec");
      }
    }
    return noexec ? Optional.of(mount) : Optional.empty();
  }
}
