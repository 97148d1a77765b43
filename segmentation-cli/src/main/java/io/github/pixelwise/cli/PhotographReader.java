package io.github.pixelwise.cli;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.cli.internal.Reason;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.imaging.stream.PictureStream;
import io.github.pixelwise.internal.util.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads photos. */
final class PhotographReader {
  private static final byte[] NOTHING = {};
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

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

  /** A photo has more pixels than it may have to be read as a whole. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Reads a photo.
   *
   * @throws TooLargeException if it has too many pixels
   * @throws IOException if it cannot be read; the message names the photo and says what to do
   * @throws OutOfMemoryError if the heap is too small for it
   */
  Picture read(Path photograph) throws IOException {
    boolean isFile = !photograph.equals(Photograph.STANDARD_STREAM);
    try {
      return isFile
          ? Images.readPicture(photograph, maxPixels)
          : Images.readPicture(standardInput, maxPixels);
    } catch (UnreadablePictureException e) {
      if (isFile && e.reason() == UnreadablePictureException.Reason.UNSUPPORTED) {
        return readRows(photograph, explained(e));
      }
      IOException explained = explained(e);
      throw isFile && isTooLarge(photograph, e.reason())
          ? new TooLargeException(explained)
          : explained;
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** Whether a picture has too many pixels; also if ImageIO fails before it gives the size. */
  private boolean isTooLarge(Path photograph, UnreadablePictureException.Reason reason) {
    if (reason != UnreadablePictureException.Reason.DAMAGED) {
      return reason == UnreadablePictureException.Reason.TOO_LARGE;
    }
    try (PictureStream rows = PictureStream.open(photograph)) {
      return (long) rows.width() * rows.height() > maxPixels;
    } catch (IOException e) {
      return false; // the first failure is reported
    }
  }

  /** Reads a picture, such as a BigTIFF, that can only be read row by row. */
  private Picture readRows(Path photograph, IOException unsupported) throws IOException {
    try (PictureStream rows = PictureStream.open(photograph)) {
      long pixels = (long) rows.width() * rows.height();
      if (pixels > maxPixels || 3 * pixels > LONGEST_ARRAY) {
        throw new TooLargeException(unsupported);
      }
      byte[] rgb = new byte[Sizes.samples(rows.width(), rows.height(), 3)];
      rows.read(rgb, 0, rows.height());
      return new Picture(RgbImage.of(rows.width(), rows.height(), rgb), Optional.empty());
    } catch (UnreadablePictureException e) {
      // Of a TIFF, what keeps its rows from being read is the whole reason.
      boolean isTiff = e.format().orElse("").endsWith("TIFF");
      throw isTiff || e.reason() != UnreadablePictureException.Reason.UNSUPPORTED ? e : unsupported;
    }
  }

  private static IOException explained(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError error) {
        throw error;
      }
    }
    String message = String.valueOf(e.getMessage());
    return new IOException(
        message
            .replace("cannot read the picture:", "cannot read standard input:")
            .replace("(maxPixels)", "(--max-pixels)"),
        e);
  }
}
