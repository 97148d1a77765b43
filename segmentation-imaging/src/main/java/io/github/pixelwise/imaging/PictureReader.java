package io.github.pixelwise.imaging;

import io.github.pixelwise.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** Reads one picture through ImageIO, completely or not at all. */
final class PictureReader {
  /** More pixels than these do not fit the array of an {@link RgbImage}. */
  private static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  // libjpeg's warnings that it has made up pixels. Its other warnings are harmless, such as those
  // about stray bytes between segments, which some cameras write.
  private static final Pattern PIXELS_MADE_UP =
      Pattern.compile("Missing EOI|premature end|bad Huffman code|instead of RST");

  // Plug-ins for these formats decode rows of RGB. They copy these directly to an image in that
  // order, but take twice as long for the BGR images that they create themselves. Plug-ins for
  // other formats get no image: some write into any image as if it were their own.
  private static final Set<ImageFormat> IN_ORDER = EnumSet.of(ImageFormat.JPEG, ImageFormat.PNG);

  /** What is read of a file that a plug-in knows. */
  @FunctionalInterface
  private interface Step<T> {
    T read(ImageInputStream in, ImageReader reader, Optional<ImageFormat> format, Failures failures)
        throws IOException;
  }

  private final Failures failures;
  private final long maxPixels;

  /**
   * Creates a reader of one picture.
   *
   * @param failures creates the exceptions
   * @param maxPixels the maximum number of pixels
   */
  PictureReader(Failures failures, long maxPixels) {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels must be at least 1, found " + maxPixels);
    }
    this.failures = failures;
    this.maxPixels = Math.min(maxPixels, MOST_PIXELS);
  }

  Picture read(Path path) throws IOException {
    return read(path, this::decode);
  }

  /** The size of the upright picture, without decoding it. */
  Picture.Size size(Path path) throws IOException {
    return read(path, PictureReader::size);
  }

  /** The size of the upright picture, without decoding it. */
  Picture.Size size(byte[] file) throws IOException {
    return read(file, PictureReader::size);
  }

  private <T> T read(Path path, Step<T> step) throws IOException {
    if (Files.isDirectory(path)) {
      throw failures.folder();
    }
    if (Files.notExists(path)) {
      throw failures.missing();
    }
    try (ImageInputStream in = open(path)) {
      return read(in, step);
    }
  }

  Picture read(byte[] file) throws IOException {
    return read(file, this::decode);
  }

  boolean isStoredUpright(byte[] file) throws IOException {
    return read(
        file,
        (stream, reader, format, failed) ->
            open(stream, reader, format).orientation() == Orientation.UPRIGHT);
  }

  private <T> T read(byte[] file, Step<T> step) throws IOException {
    try (ByteArrayInput in = new ByteArrayInput(file)) {
      return read(in, step);
    }
  }

  private ImageInputStream open(Path path) throws IOException {
    try {
      // Pipes and files inside archives do not allow random access.
      return Files.isRegularFile(path) && path.getFileSystem() == FileSystems.getDefault()
          ? new FileImageInputStream(path.toFile())
          : new ByteArrayInput(Files.readAllBytes(path));
    } catch (IOException e) {
      throw failures.unopened(e);
    }
  }

  /** Reads from a stream at its start, which the caller closes. */
  private <T> T read(ImageInputStream in, Step<T> step) throws IOException {
    byte[] head = new byte[ImageFormat.HEAD];
    int length = in.read(head);
    if (length < 1) {
      throw failures.empty();
    }
    in.seek(0);
    Optional<ImageFormat> format = ImageFormat.of(head);
    ImageReader reader = reader(in, format);
    if (reader == null) {
      throw failures.withFormat(format).noPlugIn(Arrays.copyOf(head, length));
    }
    return read(in, reader, format, step);
  }

  /**
   * The first plug-in that reads a file, or null. There may be a second one for WebP, because it
   * writes it: pixels must not depend on the order of the class path.
   */
  private static @Nullable ImageReader reader(ImageInputStream in, Optional<ImageFormat> format) {
    ImageReader first = null;
    for (Iterator<ImageReader> readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
      ImageReader reader = readers.next();
      if (format.filter(ImageFormat.WEBP::equals).isEmpty()
          || reader.getClass().getName().startsWith("com.twelvemonkeys.")) {
        return reader;
      }
      first = first == null ? reader : first;
    }
    return first;
  }

  /** Reads a picture with a plug-in, and disposes of the plug-in. */
  Picture read(ImageInputStream in, ImageReader reader, Optional<ImageFormat> format)
      throws IOException {
    return read(in, reader, format, this::decode);
  }

  private <T> T read(
      ImageInputStream in, ImageReader reader, Optional<ImageFormat> format, Step<T> step)
      throws IOException {
    try {
      return step.read(in, reader, format, failures.withFormat(format));
    } catch (UnreadablePictureException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Damage may cause any exception: an index out of bounds, a negative size, too little memory.
      throw failures.withFormat(format).failed(e);
    } finally {
      reader.dispose();
    }
  }

  /** Gives a plug-in the stream, and reads what is in the file around the pixels. */
  private static Surroundings open(
      ImageInputStream in, ImageReader reader, Optional<ImageFormat> format) throws IOException {
    Surroundings surroundings =
        format.isPresent() ? Surroundings.read(in, format.get()) : Surroundings.NONE;
    // Metadata is ignored: it is of no use here, and readers stumble over what is broken in it.
    reader.setInput(new MaskedInput(in, surroundings.masks()), true, true);
    return surroundings;
  }

  private static Picture.Size size(
      ImageInputStream in, ImageReader reader, Optional<ImageFormat> format, Failures failures)
      throws IOException {
    Surroundings surroundings = open(in, reader, format);
    Canvas canvas =
        surroundings.canvas().orElse(Canvas.NONE).around(reader.getWidth(0), reader.getHeight(0));
    return surroundings.orientation().swapsSides()
        ? new Picture.Size(canvas.height(), canvas.width())
        : new Picture.Size(canvas.width(), canvas.height());
  }

  private Picture decode(
      ImageInputStream in, ImageReader reader, Optional<ImageFormat> format, Failures failures)
      throws IOException {
    List<String> losses = new ArrayList<>();
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (PIXELS_MADE_UP.matcher(warning).find()) {
            losses.add(warning);
          }
        });
    Surroundings surroundings = open(in, reader, format);
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    Canvas canvas = surroundings.canvas().orElse(Canvas.NONE).around(width, height);
    if ((long) canvas.width() * canvas.height() > maxPixels) {
      throw failures.tooManyPixels(canvas.width(), canvas.height(), maxPixels);
    }
    if (format.filter(ImageFormat.JPEG::equals).isPresent() && JpegSegments.Scans.areTooMany(in)) {
      throw failures.tooManyScans();
    }
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      throw failures.unusualPixels("such as CMYK", null);
    }
    ImageReadParam param = reader.getDefaultReadParam();
    if (format.filter(IN_ORDER::contains).isPresent()
        && types.next().getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR) {
      param.setDestination(Pixels.newImage(width, height));
    }
    BufferedImage decoded = reader.read(0, param);
    requireAllPixels(losses, failures);
    BufferedImage image =
        canvas.draw(
            surroundings.bands().isPresent()
                ? surroundings.bands().get().picture(decoded, failures)
                : decoded);
    return Pixels.picture(
        image,
        surroundings.colors().orElseGet(() -> Pixels.space(image)),
        Pixels.ownArray(image).orElseGet(() -> Pixels.newArray(image)),
        surroundings.orientation());
  }

  private static void requireAllPixels(List<String> losses, Failures failures) throws IOException {
    if (!losses.isEmpty()) {
      String reason = losses.stream().distinct().collect(Collectors.joining("; "));
      throw reason.contains("EOI")
          ? failures.cutShort(reason, null)
          : failures.damaged(reason, null);
    }
  }
}
