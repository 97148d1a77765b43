package io.github.pixelwise.cli;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Writes files whole or not at all. Safe for several threads. */
final class OutputFiles {
  private final Set<Path> parts = new HashSet<>();
  private boolean abandoned;

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes to a hidden file next to the target, then moves it into place. Creates the folder if it
   * is missing. Standard output also gets everything or nothing.
   *
   * @throws IOException if that fails; the target is left as it was
   */
  void write(Path target, Content content) throws IOException {
    if (target.equals(Photograph.STANDARD_STREAM)) {
      writeToStandardOutput(content);
      return;
    }
    if (Files.isDirectory(target)) {
      throw new IOException("it is a folder");
    }
    Path absolute = target.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    Path part = absolute.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(open(part), 1 << 16)) {
        content.writeTo(out);
      }
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
      close(part);
    }
  }

  private static void writeToStandardOutput(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.writeTo(bytes);
    bytes.writeTo(System.out);
    if (System.out.checkError()) {
      throw new IOException("the program that reads it has ended, or the disk is full");
    }
  }

  /** Deletes unfinished files and lets no new ones be started: the JVM is about to be halted. */
  synchronized void abandon() {
    abandoned = true;
    parts.forEach(part -> part.toFile().delete()); // nobody could be told if this fails
  }

  private synchronized OutputStream open(Path part) throws IOException {
    if (abandoned) {
      throw new IOException("interrupted");
    }
    parts.add(part);
    return Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private synchronized void close(Path part) {
    parts.remove(part);
  }
}
