package io.github.pixelwise.awt;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.internal.PngLayout;
import io.github.pixelwise.internal.PngWriter;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads and writes image files, and converts to and from {@link BufferedImage}.
 *
 * <p>What ImageIO reads becomes 8-bit sRGB by these rules, whatever plug-in decodes it:
 *
 * <ul>
 *   <li>The picture is upright: the EXIF orientation of JPEG, PNG and WebP and the orientation of
 *       TIFF are applied. EXIF data that is broken is ignored.
 *   <li>Colours are sRGB: an embedded ICC profile is converted. A profile of sRGB itself, of which
 *       there are many, changes no sample. One that is broken is ignored, and so are the gamma and
 *       chromaticities of a PNG.
 *   <li>Grey is replicated: a grey sample of 128 becomes (128, 128, 128), whatever its profile.
 *   <li>16-bit samples are rounded to the nearest of 8 bits; fewer bits are spread over 0 to 255.
 *   <li>Alpha is dropped. The colour that is stored stays, below transparent pixels too.
 *   <li>Of several pictures in a file the first is read.
 * </ul>
 *
 * <p>PNG files are written by deflate level 2 with two of PNG's filters, on all cores: in less time
 * than Pillow takes at its level 1, for about as many bytes.
 *
 * <p>The JDK reads PNG, JPEG, GIF, BMP, TIFF and WBMP. For WebP add {@code
 * com.twelvemonkeys.imageio:imageio-webp} to the class path; for CMYK JPEGs on a JDK that cannot
 * read them, {@code com.twelvemonkeys.imageio:imageio-jpeg}.
 *
 * <p>Safe for use by several threads.
 */
public final class Images {
  /**
   * The most pixels that are read unless the caller says otherwise: 200 megapixels, which take 600
   * MB of heap, and twice that while they are turned upright.
   */
  public static final long MAX_PIXELS = 200_000_000;

  private Images() {}

  /**
   * Reads an image file of up to {@link #MAX_PIXELS} pixels.
   *
   * @param path the file
   * @return its picture
   * @throws IOException if there is no such file, or it is empty, damaged, cut short, too large or
   *     of a format that no ImageIO plug-in on the class path reads; the message says which, and
   *     what to do
   */
  public static RgbImage read(Path path) throws IOException {
    return read(path, MAX_PIXELS);
  }

  /**
   * Reads an image file.
   *
   * @param path the file
   * @param maxPixels the most pixels it may have, from 1; checked before memory is taken for them
   * @return its picture
   * @throws IOException as {@link #read(Path)} does
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static RgbImage read(Path path, long maxPixels) throws IOException {
    return new PictureReader(path.toString(), maxPixels).read(path);
  }

  /**
   * Reads an image file of up to {@link #MAX_PIXELS} pixels from a stream.
   *
   * @param in the stream; it is read to its end and not closed
   * @return its picture
   * @throws IOException as {@link #read(Path)} does, and if the stream fails
   */
  public static RgbImage read(InputStream in) throws IOException {
    return read(in, MAX_PIXELS);
  }

  /**
   * Reads an image file from a stream.
   *
   * @param in the stream; it is read to its end and not closed
   * @param maxPixels the most pixels it may have, from 1; checked before memory is taken for them
   * @return its picture
   * @throws IOException as {@link #read(Path)} does, and if the stream fails
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static RgbImage read(InputStream in, long maxPixels) throws IOException {
    PictureReader reader = new PictureReader("the stream", maxPixels);
    try (ByteArrayInput bytes = new ByteArrayInput(in.readAllBytes())) {
      return reader.read(bytes);
    }
  }

  /**
   * Copies an image of any type, by the rules of this class.
   *
   * @param image the image; it stays as it is
   * @return its picture
   * @throws IllegalArgumentException if it has more than 715 million pixels
   */
  public static RgbImage from(BufferedImage image) {
    byte[] rgb = Pixels.toRgb(image, Pixels.space(image), Pixels.newArray(image));
    return RgbImage.of(image.getWidth(), image.getHeight(), rgb);
  }

  /**
   * Copies a picture to an image of {@link BufferedImage#TYPE_3BYTE_BGR}.
   *
   * @param image the picture
   * @return a new image
   */
  public static BufferedImage toBufferedImage(RgbImage image) {
    BufferedImage copy =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] samples = array(copy);
    int stride = image.width() * 3;
    for (int y = 0, start = 0; y < image.height(); y++, start += stride) {
      image.copyRow(y, samples, start);
      for (int i = start; i < start + stride; i += 3) {
        swap(samples, i, i + 2);
      }
    }
    return copy;
  }

  /**
   * Copies a picture to an image of {@link BufferedImage#TYPE_4BYTE_ABGR}.
   *
   * @param image the picture
   * @return a new image
   */
  public static BufferedImage toBufferedImage(RgbaImage image) {
    BufferedImage copy =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_4BYTE_ABGR);
    byte[] samples = array(copy);
    int stride = image.width() * 4;
    for (int y = 0, start = 0; y < image.height(); y++, start += stride) {
      image.copyRow(y, samples, start);
      for (int i = start; i < start + stride; i += 4) {
        swap(samples, i, i + 3);
        swap(samples, i + 1, i + 2);
      }
    }
    return copy;
  }

  private static byte[] array(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  private static void swap(byte[] samples, int i, int j) {
    byte first = samples[i];
    samples[i] = samples[j];
    samples[j] = first;
  }

  /**
   * Writes a picture to a file, whole or not at all; a file of that name is replaced.
   *
   * @param image the picture
   * @param path the file, whose name ends in {@code .png} or {@code .bmp}, which keep every sample,
   *     or in {@code .jpg} or {@code .jpeg}, which are written with a quality of 0.9
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(RgbImage image, Path path) throws IOException {
    Objects.requireNonNull(image, "image");
    switch (PictureWriter.suffix(path)) {
      case "png" ->
          PictureWriter.writePng(
              PngLayout.RGB, image.width(), image.height(), image::copyRow, path);
      case "jpg", "jpeg" -> PictureWriter.write(toBufferedImage(image), "jpeg", path);
      case "bmp" -> PictureWriter.write(toBufferedImage(image), "bmp", path);
      default ->
          throw new IllegalArgumentException(
              path + ": the name of an image file must end in .png, .jpg, .jpeg or .bmp");
    }
  }

  /**
   * Writes a picture with alpha to a PNG file, whole or not at all; a file of that name is
   * replaced.
   *
   * @param image the picture
   * @param path the file, whose name ends in {@code .png}
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(RgbaImage image, Path path) throws IOException {
    Objects.requireNonNull(image, "image");
    switch (PictureWriter.suffix(path)) {
      case "png" ->
          PictureWriter.writePng(
              PngLayout.RGBA, image.width(), image.height(), image::copyRow, path);
      case "jpg", "jpeg" ->
          throw new IllegalArgumentException(
              path
                  + ": JPEG has no alpha. Name a .png file, or put the picture on a background and"
                  + " write that.");
      default ->
          throw new IllegalArgumentException(
              path + ": the name of an image file with alpha must end in .png");
    }
  }

  /**
   * Writes alpha as a grey PNG file, 0 black and 255 white, whole or not at all; a file of that
   * name is replaced.
   *
   * @param mask the alpha
   * @param path the file, whose name ends in {@code .png}
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(AlphaMask mask, Path path) throws IOException {
    Objects.requireNonNull(mask, "mask");
    writeGrey("an alpha mask", mask.width(), mask.height(), mask::copyRow, path);
  }

  /**
   * Writes probabilities as a grey PNG file, 0 black and 1 white, whole or not at all; a file of
   * that name is replaced.
   *
   * @param map the probabilities
   * @param path the file, whose name ends in {@code .png}
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(ConfidenceMap map, Path path) throws IOException {
    Objects.requireNonNull(map, "map");
    writeGrey("a confidence map", map.width(), map.height(), map::copyRow, path);
  }

  private static void writeGrey(
      String what, int width, int height, PngWriter.Source rows, Path path) throws IOException {
    if (!PictureWriter.suffix(path).equals("png")) {
      throw new IllegalArgumentException(
          path + ": the name of the file of " + what + " must end in .png");
    }
    PictureWriter.writePng(PngLayout.GREY, width, height, rows, path);
  }
}
