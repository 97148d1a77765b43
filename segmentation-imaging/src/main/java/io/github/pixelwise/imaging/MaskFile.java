package io.github.pixelwise.imaging;

import io.github.pixelwise.internal.util.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A PNG file of a data set's mask: its samples as they are stored, whatever color profile and gamma
 * it names. Unlike {@link PalettePng}, it also gives the colors of masks in RGB. Holds the decoded
 * image. May be used by several threads.
 */
public final class MaskFile {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;
  private static final int IHDR = 0x49484452;
  private static final int IEND = 0x49454e44;
  private static final int GRAY = 0;
  private static final int PALETTE = 3;
  private static final int HEADER_LENGTH = 8 + 12 + 13;

  /** 16384 x 16384: more than any photograph, less than would fill memory unawares. */
  public static final long MAX_PIXELS = 1L << 28;

  private final Path path;
  private final int width;
  private final int height;
  private final int bits;
  private final int kind;
  private final BufferedImage image;

  private MaskFile(Path path, ByteBuffer header, BufferedImage image) {
    this.path = path;
    width = header.getInt(16);
    height = header.getInt(20);
    bits = header.get(24);
    kind = header.get(25);
    this.image = image;
  }

  /**
   * Reads a file, and checks that it is complete.
   *
   * @param path a PNG file of 1, 2, 4, 8 or 16 bits, of at most 2^28 pixels
   * @return its samples
   * @throws IOException if the file cannot be read, is cut short or damaged, or is not a PNG; the
   *     message names the file and what to do
   */
  public static MaskFile read(Path path) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IOException("cannot read the mask " + Reason.withPath(path, e), e);
    }
    ByteBuffer file = ByteBuffer.wrap(bytes);
    requirePng(path, file);
    requireWhole(path, bytes);
    long width = file.getInt(16);
    long height = file.getInt(20);
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
      throw new IOException(
          "%s: expected 1 to %d pixels, found %d x %d".formatted(path, MAX_PIXELS, width, height));
    }
    return new MaskFile(path, file, decode(path, bytes));
  }

  private static void requirePng(Path path, ByteBuffer file) throws IOException {
    if (file.limit() == 0) {
      throw new IOException(path + ": the mask is empty, a file of 0 bytes");
    }
    if (file.limit() > 2 && file.getShort(0) == (short) 0xffd8) {
      throw new IOException(
          path
              + ": the mask is a JPEG file, which does not keep the values of pixels. Export the"
              + " masks as PNG; a JPEG saved as PNG would still have wrong values.");
    }
    if (file.limit() < 8 || file.getLong(0) != SIGNATURE) {
      throw new IOException(path + ": expected a mask as a PNG file, found another format");
    }
  }

  /** ImageIO makes pixels up where a file is cut short, and looks at no checksum. */
  private static void requireWhole(Path path, byte[] bytes) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    CRC32 checksum = new CRC32();
    for (int at = 8, type = 0; type != IEND; ) {
      long length = file.limit() - at < 12 ? Integer.MAX_VALUE : file.getInt(at) & 0xffffffffL;
      if (length > file.limit() - at - 12) {
        throw new IOException(
            "%s: the mask is cut short, at %d bytes; copy or export it again"
                .formatted(path, file.limit()));
      }
      type = file.getInt(at + 4);
      checksum.reset();
      checksum.update(bytes, at + 4, (int) length + 4);
      if ((int) checksum.getValue() != file.getInt(at + 8 + (int) length)
          || (at == 8 && (type != IHDR || length != HEADER_LENGTH - 20))) {
        throw new IOException(path + ": the mask is damaged; copy or export it again");
      }
      at += 12 + (int) length;
    }
  }

  private static BufferedImage decode(Path path, byte[] bytes) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } catch (IOException | RuntimeException e) { // it meets damaged files with any of them
      throw new IOException("%s: the mask is damaged: %s".formatted(path, e.getMessage()), e);
    } finally {
      reader.dispose();
    }
  }

  /** {@return the width in pixels} */
  public int width() {
    return width;
  }

  /** {@return the height in pixels} */
  public int height() {
    return height;
  }

  /**
   * Returns the samples of a palette or gray file.
   *
   * @return a new array of width x height samples, row by row from the top, each 0 to 65535
   * @throws IOException if the file has colors
   */
  public int[] indices() throws IOException {
    if (kind != PALETTE && kind != GRAY) {
      throw new IOException(
          "%s: expected a palette or gray mask, found %s; say which color is which class (colors)"
              .formatted(path, describe()));
    }
    return firstBand();
  }

  /**
   * Returns the colors, without alpha.
   *
   * @return a new array of width x height colors {@code 0xRRGGBB}, row by row from the top
   * @throws IOException if the file has more than 8 bits a channel
   */
  public int[] colors() throws IOException {
    if (bits > 8) {
      throw new IOException(
          "%s: expected colors of 8 bits a channel, found %s".formatted(path, describe()));
    }
    if (kind == PALETTE) {
      IndexColorModel model = (IndexColorModel) image.getColorModel();
      int[] palette = new int[256]; // an index beyond the file's colors is black
      model.getRGBs(palette);
      int[] pixels = firstBand();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = palette[pixels[i]] & 0xffffff;
      }
      return pixels;
    }
    if (image.getRaster().getNumBands() < 3) {
      int[] pixels = firstBand();
      int step = 0x010101 * (255 / ((1 << bits) - 1));
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] *= step;
      }
      return pixels;
    }
    byte[] samples = (byte[]) image.getRaster().getDataElements(0, 0, width, height, null);
    int bands = image.getRaster().getNumBands();
    int[] pixels = new int[width * height];
    for (int i = 0, j = 0; i < pixels.length; i++, j += bands) {
      pixels[i] =
          (samples[j] & 0xff) << 16 | (samples[j + 1] & 0xff) << 8 | (samples[j + 2] & 0xff);
    }
    return pixels;
  }

  /** A gray file with a transparent gray, or with alpha, has a second band for that. */
  private int[] firstBand() {
    Raster raster = image.getRaster().createChild(0, 0, width, height, 0, 0, new int[] {0});
    Object samples = raster.getDataElements(0, 0, width, height, null);
    int[] pixels = new int[width * height];
    if (samples instanceof byte[] bytes) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = bytes[i] & 0xff;
      }
    } else {
      short[] shorts = (short[]) samples;
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = shorts[i] & 0xffff;
      }
    }
    return pixels;
  }

  private String describe() {
    String name =
        switch (kind) {
          case GRAY -> "gray";
          case PALETTE -> "a palette";
          case 4 -> "gray with alpha";
          case 6 -> "RGB with alpha";
          default -> "RGB";
        };
    return "%s of %d bits".formatted(name, bits);
  }
}
