package io.github.pixelwise.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Files in the file systems that Hadoop knows, with errors in plain words. */
final class HadoopFiles {
  private HadoopFiles() {}

  /**
   * Finds the file system of a path.
   *
   * @throws IOException if it is unknown, or cannot be reached
   */
  static FileSystem system(Path path, Configuration configuration) throws IOException {
    try {
      FileSystem files = path.getFileSystem(configuration);
      // The raw one has no files of checksums, and takes names with colons.
      return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    } catch (IOException | RuntimeException e) {
      // Hadoop wraps a class that is missing, and a host that is unknown, in a RuntimeException.
      throw new IOException(
          "cannot reach the file system of %s: %s. If it needs a jar of its own, as s3a needs hadoop-aws, add that with --packages"
              .formatted(path, reason(e)),
          e);
    }
  }

  /**
   * Finds a folder that need not exist.
   *
   * @return its path, with the file system
   * @throws IOException if it is a file, or cannot be reached
   */
  static Path folder(Path path, Configuration configuration) throws IOException {
    FileSystem files = system(path, configuration);
    if (files.exists(path) && !files.getFileStatus(path).isDirectory()) {
      throw new IOException("cannot write to %s: it is a file, not a folder".formatted(path));
    }
    return files.makeQualified(path);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it is missing or cannot be read; the message names it
   */
  static byte[] read(Path path, Configuration configuration) throws IOException {
    FileSystem files = system(path, configuration);
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IOException("cannot read %s: %s".formatted(path, reason(e)), e);
    }
  }

  /** The first cause. Its class belongs to it: that of an unknown host is only the host. */
  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof FileNotFoundException && root.getMessage() != null
        ? root.getMessage()
        : root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
