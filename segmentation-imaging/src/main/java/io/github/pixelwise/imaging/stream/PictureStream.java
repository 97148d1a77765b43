package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.tile.ImageRows;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A picture's file that is read row by row, so that its height does not matter: TIFF, BigTIFF, PNG
 * that is not interlaced, and JPEG that is not progressive.
 *
 * <p>Rows are those of {@link Images#read(Path)}, to the bit. In memory is a band of them: a row of
 * tiles, or about 256 rows. Not safe for use by several threads; bands are decoded on the JVM's
 * common pool.
 */
public final class PictureStream implements ImageRows, Closeable {
  private static final int HEAD = 4;

  private final Bands bands;
  private final Failures failures;

  /** The band of the next row; null if it has not been read yet. */
  private @Nullable RgbImage band;

  /** The next row, in the band. */
  private int inBand;

  private int row;

  private PictureStream(Bands bands, Failures failures) {
    this.bands = bands;
    this.failures = failures;
  }

  /**
   * Opens a picture, of which only what describes it is read.
   *
   * @param path the file
   * @return its rows, to be closed
   * @throws UnreadablePictureException if there is no such file, or it is damaged, or of a kind
   *     that cannot be read row by row; the message says what to do
   * @throws IOException if the file cannot be read for another reason
   */
  public static PictureStream open(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    if (!Files.isRegularFile(path)) {
      Images.readSize(path); // says what is wrong, unless it is a pipe
      throw new Failures(path, "picture").unsupported("it is not a file", Failures.TILED_TIFF);
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      Images.readSize(path); // says what is wrong
      throw e;
    }
    try {
      return open(path, channel);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Opens the bands of a format. */
  @FunctionalInterface
  private interface Format {
    Bands open(FileChannel channel, Failures failures) throws IOException;
  }

  private static PictureStream open(Path path, FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    channel.read(head, 0);
    int start = head.getInt(0);
    return switch (start) {
      case 0x49492a00, 0x4d4d002a -> open(path, channel, "TIFF", TiffBlocks::open);
      case 0x49492b00, 0x4d4d002b -> open(path, channel, "BigTIFF", TiffBlocks::open);
      case 0x89504e47 -> open(path, channel, "PNG", PngRows::open);
      default -> {
        if (start >>> 8 == 0xffd8ff) {
          yield open(path, channel, "JPEG", JpegRows::open);
        }
        Images.readSize(path); // names other formats, and says whether it is a picture at all
        throw new Failures(path, "picture")
            .unsupported("its format must be read as a whole", Failures.TILED_TIFF);
      }
    };
  }

  private static PictureStream open(Path path, FileChannel channel, String name, Format format)
      throws IOException {
    Failures failures = new Failures(path, name);
    try {
      return new PictureStream(format.open(channel, failures), failures);
    } catch (RuntimeException | OutOfMemoryError e) {
      throw failures.unexpected(0, e);
    }
  }

  /**
   * Reads the size of a picture, of which only what describes it is read, if it can be read row by
   * row.
   *
   * @param path the file, in any format that {@link #open} or {@link Images} reads
   * @return the width and height, upright
   * @throws UnreadablePictureException if neither of them can read it
   * @throws IOException if the file cannot be read for another reason
   */
  public static Picture.Size readSize(Path path) throws IOException {
    try (PictureStream picture = open(path)) {
      return new Picture.Size(picture.width(), picture.height());
    } catch (UnreadablePictureException e) {
      try {
        return Images.readSize(path);
      } catch (UnreadablePictureException other) {
        e.addSuppressed(other);
        throw e;
      }
    }
  }

  @Override
  public int width() {
    return bands.width();
  }

  @Override
  public int height() {
    return bands.height();
  }

  /** {@return the row that is read next, 0 to the height} */
  public int row() {
    return row;
  }

  /**
   * Reads the next rows. After a failure, {@link #row()} is the first row that could not be read,
   * and the rows before it are in the array.
   *
   * @throws UnreadablePictureException if the picture is damaged or ends too early; the message
   *     names the first row that cannot be read
   */
  @Override
  public void read(byte[] rgb, int offset, int rows) throws IOException {
    Objects.checkFromIndexSize(row, rows, height());
    int stride = 3 * width();
    Objects.checkFromIndexSize(offset, Math.multiplyExact(rows, stride), rgb.length);
    for (int i = 0; i < rows; i++) {
      RgbImage current = band == null ? next() : band;
      band = current;
      current.copyRow(inBand, rgb, offset + i * stride);
      pass(1, current.height());
    }
  }

  @Override
  public void skip(int rows) throws IOException {
    Objects.checkFromIndexSize(row, rows, height());
    int left = rows;
    while (left > 0) {
      if (band == null && bands.rows() <= left) {
        int passed = passBand();
        row += passed;
        left -= passed;
      } else {
        RgbImage current = band == null ? next() : band;
        band = current;
        int passed = Math.min(left, current.height() - inBand);
        pass(passed, current.height());
        left -= passed;
      }
    }
  }

  private RgbImage next() throws IOException {
    try {
      return bands.next();
    } catch (RuntimeException | OutOfMemoryError e) {
      throw failures.unexpected(row, e);
    }
  }

  private int passBand() throws IOException {
    try {
      return bands.pass();
    } catch (RuntimeException | OutOfMemoryError e) {
      throw failures.unexpected(row, e);
    }
  }

  private void pass(int rows, int bandRows) {
    row += rows;
    inBand += rows;
    if (inBand == bandRows) {
      band = null;
      inBand = 0;
    }
  }

  /** Closes the file. */
  @Override
  public void close() throws IOException {
    bands.close();
  }
}
