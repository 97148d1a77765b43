package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.internal.AtomicFile;
import io.github.pixelwise.internal.PngLayout;
import io.github.pixelwise.internal.PngWriter;
import io.github.pixelwise.internal.Reason;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Masks as PNG files with a palette, the form in which data sets publish theirs: a file that any
 * viewer shows in colour, and whose samples are the categories.
 */
public final class PalettePng {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;
  private static final byte PALETTE = 3;

  /** The signature and the chunk IHDR: length, name, 13 bytes and their checksum. */
  private static final int HEADER_LENGTH = 8 + 4 + 4 + 13 + 4;

  /** 16384 x 16384: more than any photograph, less than would fill memory unawares. */
  private static final long MAX_PIXELS = 1L << 28;

  private PalettePng() {}

  /**
   * Writes a mask to a file, whole or not at all; a file that is there is replaced.
   *
   * @param mask the mask, of categories up to 255
   * @param palette the colours; asked for those of the categories 0 to 255
   * @param path the file
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if a category is above 255 or a colour lies outside {@code
   *     0..0xffffff}
   */
  public static void write(CategoryMask mask, Palette palette, Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    byte[] colors = check(mask, palette);
    AtomicFile.write(path, out -> encode(mask, colors, out));
  }

  /**
   * Writes a result's mask in its palette's colors to a file, whole or not at all; a file that is
   * there is replaced.
   *
   * @param result the result, of categories up to 255
   * @param path the file
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if a category is above 255 or a color lies outside {@code
   *     0..0xffffff}
   */
  public static void write(SegmentationResult result, Path path) throws IOException {
    write(result.mask(), result.palette(), path);
  }

  /**
   * Writes a mask to a stream.
   *
   * @param mask the mask, of categories up to 255
   * @param palette the colours; asked for those of the categories 0 to 255
   * @param out the stream, which is left open
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if a category is above 255 or a colour lies outside {@code
   *     0..0xffffff}
   */
  public static void write(CategoryMask mask, Palette palette, OutputStream out)
      throws IOException {
    Objects.requireNonNull(out, "out");
    encode(mask, check(mask, palette), out);
  }

  /**
   * Writes a result's mask in its palette's colors to a stream.
   *
   * @param result the result, of categories up to 255
   * @param out the stream, which is left open
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if a category is above 255 or a color lies outside {@code
   *     0..0xffffff}
   */
  public static void write(SegmentationResult result, OutputStream out) throws IOException {
    write(result.mask(), result.palette(), out);
  }

  /**
   * Reads a mask from a PNG file. Its samples are the categories; its colours do not matter.
   *
   * @param path a palette or grey image of at most 8 bits a pixel, and of at most 2^28 pixels
   * @return the mask
   * @throws IOException if the file cannot be read, is corrupt or is another kind of image
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

  /** Returns the palette's 256 colours, R G B. */
  private static byte[] check(CategoryMask mask, Palette palette) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(palette, "palette");
    if (mask.bits() > 8) {
      throw new IllegalArgumentException(
          "a palette PNG holds categories of 0..255, found "
              + (Runs.categories(mask).length() - 1));
    }
    ByteBuffer colors = ByteBuffer.allocate(256 * 3);
    for (int category = 0; category < 256; category++) {
      int rgb = Checks.color("the colour of category " + category, palette.rgb(category));
      colors.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
    }
    return colors.array();
  }

  // Not ImageIO's writer, which makes a grey image of a palette that happens to run from black to
  // white.
  private static void encode(CategoryMask mask, byte[] colors, OutputStream out)
      throws IOException {
    PngWriter.write(PngLayout.palette(colors), mask.width(), mask.height(), mask::copyRow, out);
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }

  /** ImageIO would convert other images, and trusts a header whatever its checksum. */
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
    if ((kind != PALETTE && kind != 0) || bits > 8) {
      String found =
          switch (kind) {
            case 0 -> "grey";
            case 2 -> "RGB";
            case 4 -> "grey with alpha";
            case 6 -> "RGB with alpha";
            default -> "colour type " + kind;
          };
      throw new IOException(
          "expected a palette or grey image of at most 8 bits, found %s of %d bits a channel"
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
      // A grey image with a transparent grey gets a second band for that.
      Raster first = raster.createChild(0, 0, width, height, 0, 0, new int[] {0});
      return CategoryMask.of(
          width, height, (byte[]) first.getDataElements(0, 0, width, height, null));
    } catch (IOException | RuntimeException e) { // it meets corrupt files with any of them
      throw new IOException("the PNG file is corrupt: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }
}
