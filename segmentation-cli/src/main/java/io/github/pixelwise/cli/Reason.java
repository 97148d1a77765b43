package io.github.pixelwise.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** Says why a file could not be read or written, as the end of a sentence that names the file. */
final class Reason {
  private Reason() {}

  static String of(IOException e) {
    if (e instanceof FileAlreadyExistsException file) {
      return file.getFile() + " is no folder";
    }
    // What the library throws is worded already, whatever caused it.
    return e instanceof FileSystemException
        ? io.github.pixelwise.internal.util.Reason.of(e)
        : String.valueOf(e.getMessage());
  }
}
