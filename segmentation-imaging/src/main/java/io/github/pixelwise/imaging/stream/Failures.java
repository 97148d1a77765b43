package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.imaging.UnreadablePictureException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Describes why a picture cannot be read row by row. */
record Failures(Path path, String format) {
  /** How the readers of bands in memory begin their messages. */
  private static final String PREFIX = "cannot read the picture: ";

  static final String TILED_TIFF =
      "Save it as a tiled TIFF, for example with: gdal_translate -co TILED=YES -co"
          + " COMPRESS=DEFLATE -co BIGTIFF=IF_SAFER IN OUT.tif";

  static final String TURN = "Turn it upright first, for example with ImageMagick's -auto-orient.";

  /** The picture is of a kind that cannot be read in bands; both parts are sentences' ends. */
  UnreadablePictureException unsupported(String why, String advice) {
    return failure(
        "cannot read %s row by row: %s. %s".formatted(path, why, advice), Reason.UNSUPPORTED, null);
  }

  /** The picture is no mask; both parts are sentences' ends. */
  UnreadablePictureException noMask(String why, String advice) {
    return failure(
        "cannot read %s as a mask: %s. %s".formatted(path, why, advice), Reason.UNSUPPORTED, null);
  }

  /** What surrounds the pixels is damaged, so that none can be read. */
  UnreadablePictureException damaged(String why, @Nullable Throwable cause) {
    return failure(
        "cannot read %s: %s. Copy or download it again.".formatted(path, why),
        Reason.DAMAGED,
        cause);
  }

  /** Nothing can be read from this row on. */
  UnreadablePictureException damaged(int row, String why, @Nullable Throwable cause) {
    return failure(
        "cannot read %s from row %d on: %s. Copy or download it again.".formatted(path, row, why),
        Reason.DAMAGED,
        cause);
  }

  /** Explains what no reader expected: damage may cause any exception. */
  UnreadablePictureException unexpected(int row, Throwable cause) {
    return cause instanceof OutOfMemoryError
        ? failure(
            "cannot read %s from row %d on: its rows do not fit into the heap (%s). Raise -Xmx."
                .formatted(path, row, cause),
            Reason.TOO_LARGE,
            cause)
        : damaged(row, "it is damaged (%s)".formatted(cause), cause);
  }

  /**
   * Refuses a picture that is not stored upright.
   *
   * @param file its description, without most of its pixels
   */
  void requireUpright(byte[] file) throws IOException {
    boolean upright;
    try {
      upright = Images.isStoredUpright(file);
    } catch (UnreadablePictureException e) {
      throw failed(0, "its description", e);
    }
    if (!upright) {
      throw unsupported("its EXIF data says that it must be turned", TURN);
    }
  }

  /** The reader of a band in memory, which is called so, failed. */
  UnreadablePictureException failed(int row, String name, UnreadablePictureException cause) {
    String message = String.valueOf(cause.getMessage());
    String why = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
    return failure(
        "cannot read %s from row %d on: %s: %s".formatted(path, row, name, why),
        cause.reason(),
        cause);
  }

  private UnreadablePictureException failure(
      String message, Reason reason, @Nullable Throwable cause) {
    UnreadablePictureException failure = new UnreadablePictureException(message, reason, format);
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }
}
