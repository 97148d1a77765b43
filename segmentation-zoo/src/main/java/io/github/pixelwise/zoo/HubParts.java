package io.github.pixelwise.zoo;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;

/**
 * The folder of a model's unfinished downloads at one commit, {@code
 * .models--OWNER--NAME.part/COMMIT}. It may also hold files of other fetches that broke off, which
 * stay there for their next one.
 *
 * @param folder the folder
 */
record HubParts(Path folder) {
  /** Creates the folder, if necessary. */
  static HubParts of(Path cache, HubName name, String commit) throws IOException {
    return new HubParts(
        Files.createDirectories(cache.resolve("." + name.folder() + ".part").resolve(commit)));
  }

  /** Returns where a file of the repository is downloaded to, and creates its folder. */
  Path file(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    return file;
  }

  /** Moves files to the finished ones, in this order. */
  void move(Collection<String> paths, Path snapshot) throws IOException {
    for (String path : paths) {
      Path target = snapshot.resolve(path);
      Files.createDirectories(target.resolveSibling(""));
      Files.move(folder.resolve(path), target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Deletes files, and folders that are then empty. */
  void delete(Collection<String> paths) throws IOException {
    Path cache = folder.resolveSibling("").resolveSibling("");
    for (String path : paths) {
      Path file = folder.resolve(path);
      while (!file.equals(cache) && isDeleted(file)) {
        file = file.resolveSibling("");
      }
    }
  }

  private static boolean isDeleted(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }
}
