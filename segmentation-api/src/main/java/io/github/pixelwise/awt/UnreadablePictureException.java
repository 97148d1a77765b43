package io.github.pixelwise.awt;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Says of a picture that cannot be read which one it is, what was found and what to do. */
final class UnreadablePictureException extends IOException {
  private static final long serialVersionUID = 1;

  /** The words in which readers say that a file is valid, but beyond them. */
  private static final Pattern UNSUPPORTED =
      Pattern.compile("unsupported|not supported", Pattern.CASE_INSENSITIVE);

  private static final String FETCH_AGAIN = "Copy or download it again.";

  private UnreadablePictureException(String name, String why, @Nullable Throwable cause) {
    super("cannot read " + name + ": " + why, cause);
  }

  private UnreadablePictureException(String name, String why) {
    this(name, why, null);
  }

  static UnreadablePictureException missing(String name) {
    return new UnreadablePictureException(name, "there is no such file. Check the path.");
  }

  static UnreadablePictureException folder(String name) {
    return new UnreadablePictureException(name, "it is a folder. Name an image file in it.");
  }

  static UnreadablePictureException unopened(String name, IOException cause) {
    return new UnreadablePictureException(
        name, "it cannot be opened (" + cause + "). Check who may read it.", cause);
  }

  static UnreadablePictureException empty(String name) {
    return new UnreadablePictureException(name, "it is empty. " + FETCH_AGAIN);
  }

  /** No plug-in knows a file that begins so. */
  static UnreadablePictureException unknown(String name, byte[] head) {
    String known =
        Arrays.stream(ImageIO.getReaderFormatNames())
            .map(format -> format.toLowerCase(Locale.ROOT))
            .sorted()
            .distinct()
            .collect(Collectors.joining(", "));
    return new UnreadablePictureException(
        name,
        ("it begins with the bytes %s, as no file does of the formats read here (%s). Name an"
                + " image, or add an ImageIO plug-in for its format to the class path.")
            .formatted(HexFormat.ofDelimiter(" ").formatHex(head), known));
  }

  static UnreadablePictureException noPlugIn(String name, ImageFormat format) {
    return new UnreadablePictureException(
        name,
        "it is a " + format.title() + " file, which no plug-in here reads. " + format.advice());
  }

  static UnreadablePictureException unusualPixels(
      String name, String kind, Optional<ImageFormat> format, @Nullable Throwable cause) {
    return new UnreadablePictureException(
        name,
        "its pixels are of a kind (%s) that no plug-in here reads. %s"
            .formatted(kind, format.map(ImageFormat::advice).orElse(ImageFormat.CONVERT)),
        cause);
  }

  static UnreadablePictureException tooManyPixels(String name, int width, int height, long limit) {
    return new UnreadablePictureException(
        name,
        ("it claims %d x %d = %d pixels, above the limit of %d. Make it smaller, or raise the limit"
                + " (maxPixels) if the heap has 3 to 6 bytes for each.")
            .formatted(width, height, (long) width * height, limit));
  }

  static UnreadablePictureException cutShort(
      String name, String reason, @Nullable Throwable cause) {
    return new UnreadablePictureException(
        name, "it ends early (" + reason + "). " + FETCH_AGAIN, cause);
  }

  static UnreadablePictureException damaged(String name, String reason, @Nullable Throwable cause) {
    return new UnreadablePictureException(
        name,
        "it is damaged (%s). %s If another program opens it, save it there as PNG."
            .formatted(reason, FETCH_AGAIN),
        cause);
  }

  /** What a plug-in's failure tells of the file. */
  static UnreadablePictureException failed(
      String name, Optional<ImageFormat> format, Throwable failure) {
    var causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
    Throwable root = causes.get(causes.size() - 1);
    String reason = root.toString();
    if (root instanceof OutOfMemoryError) {
      return new UnreadablePictureException(
          name,
          "it does not fit the heap (%s). Raise -Xmx; if the picture is small, it is damaged."
              .formatted(reason),
          failure);
    }
    if (UNSUPPORTED.matcher(reason).find()) {
      return unusualPixels(name, reason, format, failure);
    }
    return causes.stream().anyMatch(EOFException.class::isInstance)
        ? cutShort(name, reason, failure)
        : damaged(name, reason, failure);
  }
}
