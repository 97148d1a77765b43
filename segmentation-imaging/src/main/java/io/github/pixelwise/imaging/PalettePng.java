package io.github.pixelwise.imaging;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Colors;
import io.github.pixelwise.internal.util.Reason;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads and writes masks as PNG files whose samples are the categories, the form in which data sets
 * publish theirs: with a palette, so that any viewer shows them in color, or as 16-bit gray if
 * there are categories above 255, which do not fit into a palette.
 */
public final class PalettePng {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;
  private static final byte GRAY = 0;
  private static final byte PALETTE = 3;

  /** The signature and the chunk IHDR: length, name, 13 bytes and their checksum. */
  private static final int HEADER_LENGTH = 8 + 4 + 4 + 13 + 4;

  /** 16384 x 16384: more than any photograph, and few enough to fit into memory. */
  private static final long MAX_PIXELS = 1L << 28;

  private PalettePng() {}

  /**
   * Writes a mask to a file, completely or not at all; an existing file is replaced. If a category
   * is above 255, the file is 16-bit gray and has no colors.
   *
   * @param mask the mask
   * @param palette the colors, of which those of the categories 0 to 255 are used
   * @param path the file
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if a color is outside {@code 0..0xffffff}
   */
  public static void write(CategoryMask mask, Palette palette, Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    write(mask, layout(mask, palette), path);
  }

  /**
   * Writes a result's mask in its palette's colors to a file, completely or not at all; an existing
   * file is replaced. If there are more than 256 classes, the file is 16-bit gray and has no
   * colors, whatever classes the mask contains.
   *
   * @param result the result
   * @param path the file
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if a color is outside {@code 0..0xffffff}
   */
  public static void write(SegmentationResult result, Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    write(result.mask(), layout(result), path);
  }

  private static void write(CategoryMask mask, PngLayout layout, Path path) throws IOException {
    AtomicFile.write(path, out -> encode(mask, layout, out));
  }

  /**
   * Writes a mask to a stream, as {@link #write(CategoryMask, Palette, Path)} does to a file.
   *
   * @param mask the mask
   * @param palette the colors, of which those of the categories 0 to 255 are used
   * @param out the stream, which is not closed
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if a color is outside {@code 0..0xffffff}
   */
  public static void write(CategoryMask mask, Palette palette, OutputStream out)
      throws IOException {
    Objects.requireNonNull(out, "out");
    encode(mask, layout(mask, palette), out);
  }

  /**
   * Writes a result's mask to a stream, as {@link #write(SegmentationResult, Path)} does to a file.
   *
   * @param result the result
   * @param out the stream, which is not closed
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if a color is outside {@code 0..0xffffff}
   */
  public static void write(SegmentationResult result, OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    encode(result.mask(), layout(result), out);
  }

  /**
   * Reads a mask from a PNG file. Its samples are the categories; its colors do not matter.
   *
   * @param path a palette image, or a gray one of at most 16 bits, of at most 2^28 pixels
   * @return the mask
   * @throws IOException if the file cannot be read, is damaged or is another kind of image
   */
  public static CategoryMask read(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      in.mark(HEADER_LENGTH);
      checkHeader(in.readNBytes(HEADER_LENGTH));
      in.reset();
      return decode(in);
    } catch (FileSystemException e) {
      throw new IOException("cannot read a mask from %s: %s".formatted(path, Reason.of(e)), e);
    } catch (IOException e) {
      throw new IOException("cannot read a mask from %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Reads a mask from the bytes of a PNG file.
   *
   * @param file the bytes, as {@link #read(Path)} takes them; not changed
   * @return the mask
   * @throws IOException if they are damaged, or another kind of image
   */
  public static CategoryMask read(byte[] file) throws IOException {
    try {
      checkHeader(Arrays.copyOf(file, Math.min(file.length, HEADER_LENGTH)));
      return decode(new ByteArrayInputStream(file));
    } catch (IOException e) {
      throw new IOException("cannot read a mask: " + e.getMessage(), e);
    }
  }

  /** The same layout for all results of a model. */
  private static PngLayout layout(SegmentationResult result) {
    return result.labels().size() > 256
        ? PngLayout.INDICES_16
        : layout(result.mask(), result.palette());
  }

  private static PngLayout layout(CategoryMask mask, Palette palette) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(palette, "palette");
    if (mask.bits() > 8) {
      return PngLayout.INDICES_16;
    }
    ByteBuffer colors = ByteBuffer.allocate(256 * 3);
    for (int category = 0; category < 256; category++) {
      int rgb = Colors.require("the color of category " + category, palette.rgb(category));
      colors.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
    }
    return PngLayout.palette(colors.array());
  }

  // Does not use ImageIO's writer, which turns a palette that happens to run from black to white
  // into gray.
  private static void encode(CategoryMask mask, PngLayout layout, OutputStream out)
      throws IOException {
    PngWriter.Source rows =
        layout == PngLayout.INDICES_16
            ? (y, target, offset) -> copyWideRow(mask, y, ByteBuffer.wrap(target).position(offset))
            : mask::copyRow;
    PngWriter.write(layout, mask.width(), mask.height(), rows, out);
  }

  private static void copyWideRow(CategoryMask mask, int y, ByteBuffer target) {
    int[] row = new int[mask.width()];
    mask.copyRow(y, row, 0);
    for (int category : row) {
      target.putShort((short) category);
    }
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }

  /** ImageIO would convert other images, and trusts a header with a wrong checksum. */
  private static void checkHeader(byte[] bytes) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (bytes.length < 8 || header.getLong(0) != SIGNATURE) {
      throw new IOException("expected a PNG file, found something else");
    }
    if (bytes.length < HEADER_LENGTH || header.getInt(29) != checksum(bytes, 12, 17)) {
      throw new IOException("the PNG header is corrupt");
    }
    long width = header.getInt(16);
    long height = header.getInt(20);
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
      throw new IOException(
          "expected 1 to %d pixels, found %d x %d".formatted(MAX_PIXELS, width, height));
    }
    int bits = header.get(24);
    int kind = header.get(25);
    if (kind != PALETTE && kind != GRAY) {
      String found =
          switch (kind) {
            case 2 -> "RGB";
            case 4 -> "gray with alpha";
            case 6 -> "RGB with alpha";
            default -> "color type " + kind;
          };
      throw new IOException(
          "expected a palette or gray image, found %s with %d bits per channel"
              .formatted(found, bits));
    }
  }

  private static CategoryMask decode(InputStream in) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      reader.setInput(stream, true, true);
      Raster raster = reader.read(0).getRaster();
      int width = raster.getWidth();
      int height = raster.getHeight();
      // ImageIO adds a second band to a gray image with a transparent gray.
      Raster first = raster.createChild(0, 0, width, height, 0, 0, new int[] {0});
      Object samples = first.getDataElements(0, 0, width, height, null);
      return samples instanceof byte[] bytes
          ? CategoryMask.of(width, height, bytes)
          : wide(width, height, (short[]) samples);
    } catch (IOException | RuntimeException e) { // ImageIO throws any of these for corrupt files
      throw new IOException("the PNG file is corrupt: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static CategoryMask wide(int width, int height, short[] categories) {
    byte[] low = new byte[categories.length];
    byte[] high = new byte[categories.length];
    for (int i = 0; i < categories.length; i++) {
      low[i] = (byte) categories[i];
      high[i] = (byte) (categories[i] >> 8);
    }
    return CategoryMask.of(width, height, low, high);
  }
}
