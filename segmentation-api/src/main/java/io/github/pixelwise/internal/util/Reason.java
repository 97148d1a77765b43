package io.github.pixelwise.internal.util;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in plain words what went wrong. */
public final class Reason {
  private Reason() {}

  /** The reason and the file, which is a path or a description. */
  public static String withPath(Object file, IOException e) {
    String reason = of(e);
    return reason.startsWith("No space left") ? "no space left on " + file : file + ": " + reason;
  }

  /** The first line of an exception's message, or its class if it has no message. */
  public static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
        .strip()
        .lines()
        .findFirst()
        .orElse(e.getClass().getSimpleName());
  }

  /** The reason, as the end of a sentence that names the file. */
  public static String of(IOException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (root instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (root instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return root.getMessage() != null ? root.getMessage() : root.toString();
  }
}
