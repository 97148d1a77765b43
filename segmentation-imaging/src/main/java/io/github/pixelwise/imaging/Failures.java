package io.github.pixelwise.imaging;

import io.github.pixelwise.imaging.UnreadablePictureException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Describes why a picture cannot be read: which one it is, what was found and what to do. */
final class Failures {
  /** The words with which readers report a valid file that they cannot read. */
  private static final Pattern UNSUPPORTED =
      Pattern.compile("unsupported|not supported", Pattern.CASE_INSENSITIVE);

  /** Formats that the JDK reads in part, and a plug-in more fully. */
  private static final Set<ImageFormat> BETTER_READ =
      EnumSet.of(ImageFormat.JPEG, ImageFormat.TIFF);

  private final String name;
  private final String fetchAgain;
  private final Optional<ImageFormat> format;

  private Failures(String name, String fetchAgain, Optional<ImageFormat> format) {
    this.name = name;
    this.fetchAgain = fetchAgain;
    this.format = format;
  }

  /** Creates the failures of a file. */
  static Failures ofFile(String path) {
    return new Failures(path, " Copy or download it again.", Optional.empty());
  }

  /** Creates the failures of bytes, whose origin only the caller knows. */
  static Failures ofBytes() {
    return new Failures("the picture", "", Optional.empty());
  }

  /** The failures of the same picture, now that its format is known. */
  Failures withFormat(Optional<ImageFormat> format) {
    return new Failures(name, fetchAgain, format);
  }

  private UnreadablePictureException failure(Reason reason, String why, @Nullable Throwable cause) {
    String title = format.map(ImageFormat::title).orElse(null);
    return new UnreadablePictureException("cannot read " + name + ": " + why, reason, title, cause);
  }

  private UnreadablePictureException failure(Reason reason, String why) {
    return failure(reason, why, null);
  }

  UnreadablePictureException missing() {
    return failure(Reason.MISSING, "there is no such file. Check the path.");
  }

  UnreadablePictureException folder() {
    return failure(Reason.MISSING, "it is a folder. Name an image file in it.");
  }

  UnreadablePictureException unopened(IOException cause) {
    return failure(
        Reason.INACCESSIBLE, "it cannot be opened (" + cause + "). Check its permissions.", cause);
  }

  UnreadablePictureException empty() {
    return failure(Reason.EMPTY, "it is empty." + fetchAgain);
  }

  /** No plug-in recognizes a file that begins with these bytes. */
  UnreadablePictureException noPlugIn(byte[] head) {
    if (format.isPresent()) {
      return failure(
          Reason.UNSUPPORTED,
          "it is %s %s file, which no plug-in here reads. %s"
              .formatted(
                  format.get() == ImageFormat.AVIF ? "an" : "a",
                  format.get().title(),
                  format.get().advice()));
    }
    String known =
        Arrays.stream(ImageIO.getReaderFormatNames())
            .map(other -> other.toLowerCase(Locale.ROOT))
            .sorted()
            .distinct()
            .collect(Collectors.joining(", "));
    return failure(
        Reason.UNSUPPORTED,
        ("it begins with the bytes %s, which is not a supported format (supported: %s). Name an"
                + " image file, or add an ImageIO plug-in for its format to the class path.")
            .formatted(
                HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(head.length, 12)), known));
  }

  UnreadablePictureException unusualPixels(String kind, @Nullable Throwable cause) {
    return failure(
        Reason.UNSUPPORTED,
        "its kind of pixels (%s) is not supported by any plug-in here. %s"
            .formatted(
                kind,
                format
                    .filter(BETTER_READ::contains)
                    .map(ImageFormat::advice)
                    .orElse(ImageFormat.CONVERT)),
        cause);
  }

  /** The bands of a TIFF are not colors that can be shown. */
  UnreadablePictureException unknownBands(int bands, int photometric) {
    return failure(
        Reason.UNSUPPORTED,
        ("it has %d bands, and does not say which are red, green and blue (photometric"
                + " interpretation %d). Save the bands to show as an RGB picture.")
            .formatted(bands, photometric));
  }

  UnreadablePictureException unknownSamples(String samples) {
    return failure(
        Reason.UNSUPPORTED,
        "it has "
            + samples
            + ", which are not supported. Save it as an RGB picture with 8 or 16 bits per sample.");
  }

  UnreadablePictureException tooManyPixels(int width, int height, long limit) {
    return failure(
        Reason.TOO_LARGE,
        ("it claims %d x %d = %d pixels, above the limit of %d. Make it smaller, or raise the limit"
                + " (maxPixels) if the heap has 3 to 6 bytes for each.")
            .formatted(width, height, (long) width * height, limit));
  }

  UnreadablePictureException tooManyScans() {
    return failure(
        Reason.UNSUPPORTED,
        "it has more than %d scans, which take minutes to decode. Save it as an ordinary JPEG."
            .formatted(JpegSegments.Scans.MOST));
  }

  UnreadablePictureException cutShort(String reason, @Nullable Throwable cause) {
    return failure(Reason.DAMAGED, "it ends early (" + reason + ")." + fetchAgain, cause);
  }

  UnreadablePictureException damaged(String reason, @Nullable Throwable cause) {
    return failure(
        Reason.DAMAGED,
        "it is damaged (%s).%s If another program opens it, save it there as PNG."
            .formatted(reason, fetchAgain),
        cause);
  }

  /** Explains a plug-in's failure. */
  UnreadablePictureException failed(Throwable failure) {
    var causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
    Throwable root = causes.get(causes.size() - 1);
    String reason = root.toString();
    if (root instanceof OutOfMemoryError) {
      return failure(
          Reason.TOO_LARGE,
          "it does not fit into the heap (%s). Raise -Xmx; if the picture is small, it is damaged."
              .formatted(reason),
          failure);
    }
    if (UNSUPPORTED.matcher(reason).find()) {
      return unusualPixels(reason, failure);
    }
    return causes.stream().anyMatch(EOFException.class::isInstance)
        ? cutShort(reason, failure)
        : damaged(reason, failure);
  }
}
