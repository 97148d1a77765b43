package io.github.pixelwise.internal.file;

import io.github.pixelwise.internal.util.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * Replaces some files in a folder, all or none. New versions are first written to a hidden
 * subfolder, which stays behind if the process is killed.
 *
 * <p>The last file is removed first and added last, so if it exists, all files are of the same
 * version. Updates within a process wait for each other.
 */
public final class FolderUpdate implements Closeable {
  private record Move(Path from, Path to) {}

  private final Path folder;
  private final Path parts;
  private final List<String> names = new ArrayList<>();

  private FolderUpdate(Path folder, Path parts) {
    this.folder = folder;
    this.parts = parts;
  }

  /**
   * Starts an update.
   *
   * @param folder the folder; created if it does not exist
   */
  public static FolderUpdate of(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IOException("cannot write to the folder " + folder + ": it is a file");
    }
    try {
      Files.createDirectories(folder);
      Path parts = Files.createDirectory(folder.resolve("." + UUID.randomUUID() + ".part"));
      return new FolderUpdate(folder, parts);
    } catch (FileSystemException e) {
      throw new IOException("cannot write to the folder " + folder + ": " + Reason.of(e), e);
    }
  }

  /** Returns where to write the next file. All files are in the same folder. */
  public Path add(String name) {
    names.add(name);
    return parts.resolve(name);
  }

  /** Moves the files into the folder. If that fails, the folder is unchanged. */
  public void finish() throws IOException {
    synchronized (FolderUpdate.class) {
      Deque<Move> done = new ArrayDeque<>();
      try {
        for (int i = names.size() - 1; i >= 0; i--) {
          Path old = folder.resolve(names.get(i));
          if (Files.isDirectory(old)) {
            throw new IOException("cannot write " + old + ": it is a folder");
          }
          if (Files.exists(old)) {
            move(old, parts.resolve(names.get(i) + ".old"), done);
          }
        }
        for (String name : names) {
          move(parts.resolve(name), folder.resolve(name), done);
        }
      } catch (IOException e) {
        while (!done.isEmpty()) {
          Move last = done.pop();
          try {
            Files.move(last.to(), last.from(), StandardCopyOption.ATOMIC_MOVE);
          } catch (IOException again) {
            e.addSuppressed(again);
          }
        }
        throw e;
      }
    }
  }

  private static void move(Path from, Path to, Deque<Move> done) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    done.push(new Move(from, to));
  }

  /**
   * Deletes the hidden folder with the old versions, or with the new ones if they were not
   * committed.
   */
  @Override
  public void close() throws IOException {
    try (var files = Files.newDirectoryStream(parts)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(parts);
  }
}
