package io.github.pixelwise.internal.file;

import io.github.pixelwise.internal.util.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/** Writes files completely or not at all. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /** Writes to a buffered stream, which the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes to a temporary file beside the target and moves it there. If anything fails, the target
   * stays unchanged and the temporary file is deleted.
   *
   * @throws IOException if the target cannot be written; the message names it, unless the content
   *     itself failed
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      throw new IOException("cannot write " + target + ": it is a folder");
    }
    // Random, because several threads, processes or containers may write the same target.
    Path part = absolute.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out = open(part, target)) {
        content.writeTo(out);
      }
      try {
        Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static OutputStream open(Path part, Path target) throws IOException {
    try {
      return new BufferedOutputStream(
          Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          1 << 16);
    } catch (FileSystemException e) {
      Path folder = Objects.requireNonNull(part.getParent());
      String reason =
          Files.isDirectory(folder)
              ? "nothing can be written to the folder " + folder + " (" + Reason.of(e) + ")"
              : "there is no folder " + folder;
      throw new IOException("cannot write " + target + ": " + reason, e);
    }
  }
}
