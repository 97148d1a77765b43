package io.github.pixelwise.imaging;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads and writes image files, and converts to and from {@link BufferedImage}.
 *
 * <p>Pictures become 8-bit sRGB by these rules, whichever ImageIO plug-in decodes them:
 *
 * <ul>
 *   <li>The picture is upright: the EXIF orientation of JPEG, PNG and WebP and the orientation of
 *       TIFF are applied. EXIF data that is broken is ignored.
 *   <li>Colors are sRGB: an embedded ICC profile is converted. A profile of sRGB itself, of which
 *       there are many variants, changes no sample. A broken profile is ignored, and so are the
 *       gamma and chromaticities of a PNG.
 *   <li>Gray is replicated: a gray sample of 128 becomes (128, 128, 128), whatever its profile.
 *   <li>16-bit samples are rounded to 8 bits; samples with fewer than 8 bits are scaled to 0 to
 *       255.
 *   <li>Transparent pictures are put on white. {@link #readPicture(Path, long)} keeps their alpha
 *       and the colors below it; premultiplied colors are divided by alpha.
 *   <li>If a file contains several pictures, the first one is read. The first frame of an animation
 *       is placed on its canvas.
 * </ul>
 *
 * <p>PNG files are written on all cores, with fast compression and two of PNG's filters: faster
 * than Pillow at compression level 1, at about the same size.
 *
 * <p>The JDK reads PNG, JPEG, GIF, BMP, TIFF and WBMP. For WebP add {@code
 * com.twelvemonkeys.imageio:imageio-webp} to the class path; for CMYK JPEGs on a JDK that cannot
 * read them, {@code com.twelvemonkeys.imageio:imageio-jpeg}.
 *
 * <p>Safe for use by several threads.
 */
public final class Images {
  /**
   * The default limit for pixels to read: 200 megapixels, which take 600 MB of heap, and twice that
   * while the picture is turned upright.
   */
  public static final long MAX_PIXELS = 200_000_000;

  private static final double JPEG_QUALITY = 0.9;

  private Images() {}

  /**
   * Reads an image file of up to {@link #MAX_PIXELS} pixels.
   *
   * @param path the file
   * @return its picture
   * @throws UnreadablePictureException if there is no such file, or it is empty, damaged, too large
   *     or in a format that no ImageIO plug-in on the class path reads; the message says which, and
   *     what to do
   * @throws IOException if reading the file fails for another reason
   */
  public static RgbImage read(Path path) throws IOException {
    return read(path, MAX_PIXELS);
  }

  /**
   * Reads an image file.
   *
   * @param path the file
   * @param maxPixels the maximum number of pixels, at least 1; checked before memory is allocated
   *     for them
   * @return its picture
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IOException as {@link #read(Path)} does
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static RgbImage read(Path path, long maxPixels) throws IOException {
    return readPicture(path, maxPixels).onWhite();
  }

  /**
   * Reads an image file of up to {@link #MAX_PIXELS} pixels from a stream.
   *
   * @param in the stream, which is read to its end and not closed
   * @return its picture
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IOException if the stream fails
   */
  public static RgbImage read(InputStream in) throws IOException {
    return read(in, MAX_PIXELS);
  }

  /**
   * Reads an image file from a stream.
   *
   * @param in the stream, which is read to its end and not closed
   * @param maxPixels the maximum number of pixels, at least 1; checked before memory is allocated
   *     for them
   * @return its picture
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static RgbImage read(InputStream in, long maxPixels) throws IOException {
    return readPicture(in, maxPixels).onWhite();
  }

  /**
   * Reads an image file of up to {@link #MAX_PIXELS} pixels from memory.
   *
   * @param file the bytes of the file, which are not changed
   * @return its picture
   * @throws UnreadablePictureException as {@link #read(Path)} does
   */
  public static RgbImage read(byte[] file) throws IOException {
    return read(file, MAX_PIXELS);
  }

  /**
   * Reads an image file from memory.
   *
   * @param file the bytes of the file, which are not changed
   * @param maxPixels the maximum number of pixels, at least 1; checked before memory is allocated
   *     for them
   * @return its picture
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static RgbImage read(byte[] file, long maxPixels) throws IOException {
    return readPicture(file, maxPixels).onWhite();
  }

  /**
   * Reads an image file with its alpha.
   *
   * <pre>{@code
   * Picture logo = Images.readPicture(path, Images.MAX_PIXELS);
   * SegmentationResult result = segmenter.segment(logo.onWhite());
   * AlphaMask mask = Alpha.foreground(result.mask(), result.labels());
   * AlphaMask alpha = logo.alpha().map(mask::min).orElse(mask);
   * RgbaImage cutout = Compositing.cutout(logo.colors(), alpha);
   * }</pre>
   *
   * @param path the file
   * @param maxPixels the maximum number of pixels, at least 1; checked before memory is allocated
   *     for them
   * @return its picture, not put on white
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static Picture readPicture(Path path, long maxPixels) throws IOException {
    return new PictureReader(Failures.ofFile(path.toString()), maxPixels).read(path);
  }

  /**
   * Reads an image file with its alpha from a stream.
   *
   * @param in the stream, which is read to its end and not closed
   * @param maxPixels the maximum number of pixels, at least 1; checked before memory is allocated
   *     for them
   * @return its picture, not put on white
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static Picture readPicture(InputStream in, long maxPixels) throws IOException {
    return readPicture(in.readAllBytes(), maxPixels);
  }

  /**
   * Reads an image file with its alpha from memory.
   *
   * @param file the bytes of the file, which are not changed
   * @param maxPixels the maximum number of pixels, at least 1; checked before memory is allocated
   *     for them
   * @return its picture, not put on white
   * @throws UnreadablePictureException as {@link #read(Path)} does
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static Picture readPicture(byte[] file, long maxPixels) throws IOException {
    return new PictureReader(Failures.ofBytes(), maxPixels).read(file);
  }

  /**
   * Reads the size of an image file's upright picture, without decoding it.
   *
   * @param path the file
   * @return the width and height
   * @throws UnreadablePictureException as {@link #read(Path)} does, unless only pixels are damaged
   */
  public static Picture.Size readSize(Path path) throws IOException {
    return new PictureReader(Failures.ofFile(path.toString()), MAX_PIXELS).size(path);
  }

  /**
   * Reads the size of an image file's upright picture from memory, without decoding it.
   *
   * @param file the bytes of the file, which are not changed
   * @return the width and height
   * @throws UnreadablePictureException as {@link #read(Path)} does, unless only pixels are damaged
   */
  public static Picture.Size readSize(byte[] file) throws IOException {
    return new PictureReader(Failures.ofBytes(), MAX_PIXELS).size(file);
  }

  /**
   * Says whether the rows of a picture are stored from its top and its columns from its left, so
   * that it is upright as it is.
   *
   * @param file the bytes of an image file, of which those before and after the pixels are needed
   * @return whether it is upright
   * @throws UnreadablePictureException as {@link #readSize(Path)} does
   */
  public static boolean isStoredUpright(byte[] file) throws IOException {
    return new PictureReader(Failures.ofBytes(), MAX_PIXELS).isStoredUpright(file);
  }

  /**
   * Copies an image of any type, by the rules of this class.
   *
   * @param image the image, which is not changed
   * @return its picture
   * @throws IllegalArgumentException if it has more than 715 million pixels, or five or more bands
   *     without a color space
   */
  public static RgbImage from(BufferedImage image) {
    return Pixels.picture(image, Pixels.space(image), Pixels.newArray(image), Orientation.UPRIGHT)
        .onWhite();
  }

  /**
   * Copies a picture to an image of {@link BufferedImage#TYPE_3BYTE_BGR}.
   *
   * @param image the picture
   * @return a new image
   */
  public static BufferedImage toBufferedImage(RgbImage image) {
    return Pixels.toBufferedImage(image);
  }

  /**
   * Copies a picture to an image of {@link BufferedImage#TYPE_4BYTE_ABGR}.
   *
   * @param image the picture
   * @return a new image
   */
  public static BufferedImage toBufferedImage(RgbaImage image) {
    return Pixels.toBufferedImage(image);
  }

  /**
   * Writes a picture to a file, completely or not at all; an existing file is replaced.
   *
   * @param image the picture
   * @param path the file, whose name ends in {@code .png} or {@code .bmp}, which are lossless, or
   *     in {@code .jpg} or {@code .jpeg}, which are written with a quality of 0.9
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(RgbImage image, Path path) throws IOException {
    Objects.requireNonNull(image, "image");
    switch (PictureWriter.suffix(path)) {
      case "png" -> PictureWriter.write(path, out -> writePng(image, out));
      case "jpg", "jpeg" -> PictureWriter.write(path, out -> writeJpeg(image, JPEG_QUALITY, out));
      case "bmp" ->
          PictureWriter.write(
              path, out -> PictureWriter.write(toBufferedImage(image), "bmp", 1, out));
      default ->
          throw new IllegalArgumentException(
              path + ": the name of an image file must end in .png, .jpg, .jpeg or .bmp");
    }
  }

  /**
   * Writes a picture with alpha to a PNG file, completely or not at all; an existing file is
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
      case "png" -> PictureWriter.write(path, out -> writePng(image, out));
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
   * Writes alpha as a gray PNG file, 0 black and 255 white, completely or not at all; an existing
   * file is replaced.
   *
   * @param mask the alpha
   * @param path the file, whose name ends in {@code .png}
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(AlphaMask mask, Path path) throws IOException {
    Objects.requireNonNull(mask, "mask");
    PictureWriter.writeGray("an alpha mask", path, out -> writePng(mask, out));
  }

  /**
   * Writes probabilities as a gray PNG file, 0 black and 1 white, completely or not at all; an
   * existing file is replaced.
   *
   * @param map the probabilities
   * @param path the file, whose name ends in {@code .png}
   * @throws IOException if it cannot be written; the message says why
   * @throws IllegalArgumentException if the name ends in anything else
   */
  public static void write(ConfidenceMap map, Path path) throws IOException {
    Objects.requireNonNull(map, "map");
    PictureWriter.writeGray("a confidence map", path, out -> writePng(map, out));
  }

  /**
   * Writes a picture as PNG to a stream, such as to memory or standard output.
   *
   * @param image the picture
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails
   */
  public static void writePng(RgbImage image, OutputStream out) throws IOException {
    PngWriter.write(PngLayout.RGB, image.width(), image.height(), image::copyRow, out);
  }

  /**
   * Writes a picture with alpha as PNG to a stream.
   *
   * @param image the picture
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails
   */
  public static void writePng(RgbaImage image, OutputStream out) throws IOException {
    PngWriter.write(PngLayout.RGBA, image.width(), image.height(), image::copyRow, out);
  }

  /**
   * Writes alpha as a gray PNG to a stream, 0 black and 255 white.
   *
   * @param mask the alpha
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails
   */
  public static void writePng(AlphaMask mask, OutputStream out) throws IOException {
    PngWriter.write(PngLayout.GREY, mask.width(), mask.height(), mask::copyRow, out);
  }

  /**
   * Writes probabilities as a gray PNG to a stream, 0 black and 1 white.
   *
   * @param map the probabilities
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails
   */
  public static void writePng(ConfidenceMap map, OutputStream out) throws IOException {
    PngWriter.write(PngLayout.GREY, map.width(), map.height(), map::copyRow, out);
  }

  /**
   * Writes a picture as JPEG to a stream. Above a quality of 0.9, colors have the full resolution
   * (4:4:4), otherwise half of it (4:2:0).
   *
   * @param image the picture, with sides of up to 65,500 pixels
   * @param quality from 0 for small files to 1 for good pictures; {@link #write(RgbImage, Path)}
   *     uses 0.9
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if the quality is outside 0..1, or a side is too long
   */
  public static void writeJpeg(RgbImage image, double quality, OutputStream out)
      throws IOException {
    PictureWriter.writeJpeg(toBufferedImage(image), quality, out);
  }

  /**
   * Writes a picture as lossy WebP to a stream, with an ImageIO plug-in such as {@code
   * com.github.usefulness:webp-imageio}.
   *
   * @param image the picture, with sides of up to 16,383 pixels
   * @param quality from 0 for small files to 1 for good pictures
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails, or if no plug-in writes WebP
   * @throws IllegalArgumentException if the quality is outside 0..1, or a side is too long
   */
  public static void writeWebp(RgbImage image, double quality, OutputStream out)
      throws IOException {
    PictureWriter.writeWebp(toBufferedImage(image), quality, out);
  }

  /**
   * Writes a picture with alpha as WebP, as {@link #writeWebp(RgbImage, double, OutputStream)}
   * does. Alpha is lossless.
   *
   * @param image the picture, with sides of up to 16,383 pixels
   * @param quality from 0 for small files to 1 for good pictures
   * @param out the stream, which is flushed and not closed
   * @throws IOException if the stream fails, or if no plug-in writes WebP
   * @throws IllegalArgumentException if the quality is outside 0..1, or a side is too long
   */
  public static void writeWebp(RgbaImage image, double quality, OutputStream out)
      throws IOException {
    PictureWriter.writeWebp(toBufferedImage(image), quality, out);
  }
}
