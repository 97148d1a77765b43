package io.github.pixelwise.cli;

import io.github.pixelwise.cli.internal.Reason;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import java.io.IOException;
import java.nio.file.Path;

/** Reads photos. */
final class PhotographReader {
  private static final byte[] NOTHING = {};

  private final long maxPixels;
  private byte[] standardInput = NOTHING;

  /**
   * @param maxPixels the most pixels a photo may have
   */
  PhotographReader(long maxPixels) {
    this.maxPixels = maxPixels;
  }

  /** Reads standard input to its end. */
  void readStandardInput() throws IOException {
    try {
      standardInput = System.in.readAllBytes();
    } catch (IOException e) {
      throw new IOException("cannot read standard input: " + Reason.of(e), e);
    }
  }

  /**
   * Reads a photo.
   *
   * @throws IOException if it cannot be read; the message names the photo and says what to do
   * @throws OutOfMemoryError if the heap is too small for it
   */
  Picture read(Path photograph) throws IOException {
    try {
      return photograph.equals(Photograph.STANDARD_STREAM)
          ? Images.readPicture(standardInput, maxPixels)
          : Images.readPicture(photograph, maxPixels);
    } catch (IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof OutOfMemoryError error) {
          throw error;
        }
      }
      String message = String.valueOf(e.getMessage());
      throw new IOException(
          message
              .replace("cannot read the picture:", "cannot read standard input:")
              .replace("(maxPixels)", "(--max-pixels)"),
          e);
    }
  }
}
