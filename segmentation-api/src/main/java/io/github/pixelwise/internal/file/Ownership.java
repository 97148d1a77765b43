package io.github.pixelwise.internal.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Checks whether another user of this machine may have planted a file that this process is about to
 * load. In a folder for temporary files, anyone can do so by being the first to make a folder with
 * the expected name.
 *
 * @param trusted the names of the users who may own a folder where everyone can make one
 */
public record Ownership(Set<String> trusted) {
  /** False on Windows, where each user has a folder for temporary files. */
  private static final boolean EVERYONE_SHARES_FOLDERS =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final int STICKY = 01000;

  /** Trusts the user of this process and the superuser. */
  static Ownership here() throws IOException {
    Path process = Path.of("/proc/self");
    // A container's user may have no name; the file system then reports a number, here and below.
    String user =
        Files.exists(process)
            ? Files.getOwner(process).getName()
            : ProcessHandle.current().info().user().orElse("");
    return new Ownership(Set.copyOf(List.of("root", user)));
  }

  /**
   * Why others may have made a folder, or can write to it; empty if they cannot. The folder need
   * not exist.
   */
  Optional<String> objection(Path folder) throws IOException {
    if (!EVERYONE_SHARES_FOLDERS) {
      return Optional.empty();
    }
    Path absolute = folder.toAbsolutePath();
    Path existing = existing(absolute);
    Path real = existing.toRealPath().resolve(existing.relativize(absolute));
    Optional<String> asNamed = objection(upTo(absolute));
    return asNamed.isPresent() ? asNamed : objection(upTo(real));
  }

  /** The attributes of new folders: only for their owner if everyone can list the parent folder. */
  static FileAttribute<?>[] attributesFor(Path folder) throws IOException {
    if (!EVERYONE_SHARES_FOLDERS) {
      return new FileAttribute<?>[0];
    }
    boolean shared =
        Files.getPosixFilePermissions(existing(folder)).contains(PosixFilePermission.OTHERS_WRITE);
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(
          PosixFilePermissions.fromString(shared ? "rwx------" : "rwxr-xr-x"))
    };
  }

  /** The folder, or its nearest existing parent. */
  public static Path existing(Path folder) {
    Path path = folder.toAbsolutePath();
    while (!Files.exists(path)) {
      path = Objects.requireNonNull(path.getParent(), "the root exists");
    }
    return path;
  }

  /** The root, the folders on the path, and the last one. */
  private static List<Path> upTo(Path last) {
    List<Path> folders = new ArrayList<>();
    for (Path path = last; path != null; path = path.getParent()) {
      folders.add(0, path);
    }
    return folders;
  }

  private Optional<String> objection(List<Path> folders) throws IOException {
    boolean everyoneMakes = false; // in the folder before
    for (Path folder : folders) {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
      PosixFileAttributes file =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String owner = file.owner().getName();
      if (everyoneMakes && !trusted.contains(owner)) {
        return Optional.of("%s belongs to the user %s".formatted(folder, owner));
      }
      Set<PosixFilePermission> permissions =
          file.isSymbolicLink()
              ? Set.of()
              : file.permissions(); // a link's permissions mean nothing
      boolean everyone = permissions.contains(PosixFilePermission.OTHERS_WRITE);
      boolean group = permissions.contains(PosixFilePermission.GROUP_WRITE);
      boolean last = folder.equals(folders.get(folders.size() - 1));
      if ((everyone || (group && everyoneMakes)) && (last || !isSticky(folder))) {
        return Optional.of("other users can write to %s".formatted(folder));
      }
      everyoneMakes = everyone;
    }
    return Optional.empty();
  }

  /** Whether only the owner of something in a folder can rename or delete it. */
  private static boolean isSticky(Path folder) throws IOException {
    return ((int) Files.getAttribute(folder, "unix:mode") & STICKY) != 0;
  }
}
