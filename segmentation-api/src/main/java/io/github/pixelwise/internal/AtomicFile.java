package io.github.pixelwise.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** Writes files whole or not at all. */
public final class AtomicFile {
  private static final AtomicLong COUNT = new AtomicLong();

  private AtomicFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /** Writes to a buffered stream, which the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes to a temporary file beside the target and moves it there. If anything fails, the target
   * is as it was and the temporary file is gone.
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath();
    // Unlike any other of this or another process: threads may write one target.
    Path part =
        absolute.resolveSibling(
            ".%s.%d-%d.part"
                .formatted(
                    absolute.getFileName(),
                    ProcessHandle.current().pid(),
                    COUNT.incrementAndGet()));
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
              1 << 16)) {
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
}
