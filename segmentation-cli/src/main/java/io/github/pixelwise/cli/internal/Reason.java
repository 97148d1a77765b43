package io.github.pixelwise.cli.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** Why a file could not be read or written, as the end of a sentence that names the file. */
public final class Reason {
  private Reason() {}

  /**
   * Says why.
   *
   * @param e the failure
   * @return the end of a sentence
   */
  public static String of(IOException e) {
    if (e instanceof FileAlreadyExistsException file) {
      return file.getFile() + " is not a folder";
    }
    // The library's own messages are complete.
    return e instanceof FileSystemException
        ? io.github.pixelwise.internal.util.Reason.of(e)
        : String.valueOf(e.getMessage());
  }
}
