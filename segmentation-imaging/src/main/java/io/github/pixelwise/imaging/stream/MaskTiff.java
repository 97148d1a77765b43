package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.tile.MaskRows;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;

/**
 * Writes a mask as a TIFF of deflated tiles of 256 x 256 pixels, band by band; as a BigTIFF where a
 * TIFF might be too small. In memory is one row of tiles.
 *
 * <p>The file is valid at any moment, even after a crash or on a full disk: each row of tiles is
 * entered into its index only once it is in the file. Tiles that are not written yet have the
 * offset 0, which by GDAL's convention means that they are empty. So a run that was interrupted can
 * be resumed.
 *
 * <p>Not safe for use by several threads.
 */
public final class MaskTiff implements MaskRows, Closeable {
  private static final int TILE = MaskLayout.TILE;

  private final Path path;
  private final FileChannel channel;
  private final MaskLayout layout;
  private final MaskIndex index;
  private final int firstMissingRow;

  /** The rows of the current row of tiles, the lower byte of a sample first. */
  private final byte[] rows;

  /** The next row. */
  private int row;

  /** Whether nothing more can be written. */
  private boolean failed;

  MaskTiff(Path path, FileChannel channel, MaskLayout layout, MaskIndex index) {
    this.path = path;
    this.channel = channel;
    this.layout = layout;
    this.index = index;
    firstMissingRow = index.firstMissingRow();
    row = firstMissingRow;
    int rowBytes = Math.multiplyExact(layout.width(), layout.sampleBytes());
    rows = new byte[Math.multiplyExact(rowBytes, Math.min(TILE, layout.height()))];
  }

  /**
   * Creates a file in which no tile is written; an existing file is replaced.
   *
   * @param path the file
   * @param layout what it is like
   * @return the writer, to be closed
   * @throws IOException if the file cannot be created
   */
  public static MaskTiff create(Path path, MaskLayout layout) throws IOException {
    Objects.requireNonNull(layout, "layout");
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return create(path, channel, layout);
    } catch (IOException e) {
      throw new IOException("cannot write the mask: " + Reason.withPath(path, e), e);
    }
  }

  /** Creates a file in an empty channel, which belongs to the result. */
  static MaskTiff create(Path path, FileChannel channel, MaskLayout layout) throws IOException {
    try {
      return new MaskTiff(path, channel, layout, MaskIndex.create(channel, layout));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Opens a file that another call of {@link #create} began, to write the rows from {@link
   * #firstMissingRow()} on.
   *
   * @param path the file
   * @param layout what it is like, exactly as when it was begun
   * @return the writer, to be closed
   * @throws IOException if there is no such file, or it is not a mask of this layout and run; the
   *     message names the difference
   */
  public static MaskTiff resume(Path path, MaskLayout layout) throws IOException {
    Objects.requireNonNull(layout, "layout");
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot resume " + Reason.withPath(path, e), e);
    }
    try {
      return new MaskTiff(path, channel, layout, MaskIndex.resume(channel, layout));
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "cannot resume %s: %s. Delete it, or name another file.".formatted(path, e.getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads a mask of this kind, or another TIFF of categories, as a whole.
   *
   * @param path a TIFF or BigTIFF of one band of 8 or 16 bits, of at most 2^28 pixels; its colors
   *     do not matter
   * @return the mask; tiles that are not written have the category that GDAL calls "no data", or 0
   * @throws UnreadablePictureException if it is damaged or of another kind
   * @throws IOException if it cannot be read for another reason
   */
  public static CategoryMask read(Path path) throws IOException {
    Failures failures = new Failures(path, "TIFF");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return MaskTiffReader.read(TiffFile.open(channel), failures);
    } catch (UnreadablePictureException e) {
      throw e;
    } catch (FileSystemException e) {
      throw new IOException("cannot read " + Reason.withPath(path, e), e);
    } catch (IOException e) {
      throw failures.damaged(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * {@return the row from which on the mask must be given: 0 in a new file, the height in a
   * complete one}
   */
  public int firstMissingRow() {
    return firstMissingRow;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if the file cannot be written, for example because the disk is full; it
   *     keeps the rows that the message names
   * @throws IllegalArgumentException if it is not the next band, has another width, or categories
   *     above 255 in a mask of up to 256 classes
   */
  @Override
  public void take(int y, CategoryMask band) throws IOException {
    if (y != row || band.height() > layout.height() - row || band.width() != layout.width()) {
      throw new IllegalArgumentException(
          "expected rows from %d on of %d x %d pixels, found %d rows from %d on, %d wide"
              .formatted(row, layout.width(), layout.height(), band.height(), y, band.width()));
    }
    if (band.bits() > 8 * layout.sampleBytes()) {
      throw new IllegalArgumentException(
          "categories must be 0 to 255 in a mask of %d classes".formatted(layout.classes()));
    }
    if (failed) {
      throw new IOException("cannot write the mask: %s: it has failed before".formatted(path));
    }
    int[] wide = new int[layout.sampleBytes() == 1 ? 0 : layout.width()];
    for (int i = 0; i < band.height(); i++) {
      copy(band, i, wide);
      row++;
      if (row % TILE == 0 || row == layout.height()) {
        write();
      }
    }
  }

  private void copy(CategoryMask band, int y, int[] wide) {
    int offset = row % TILE * layout.width() * layout.sampleBytes();
    if (layout.sampleBytes() == 1) {
      band.copyRow(y, rows, offset);
      return;
    }
    band.copyRow(y, wide, 0);
    for (int category : wide) {
      rows[offset++] = (byte) category;
      rows[offset++] = (byte) (category >> 8);
    }
  }

  /** Writes the row of tiles that ends before the current row. */
  private void write() throws IOException {
    int down = (row - 1) / TILE;
    byte[][] tiles = new byte[layout.across()][];
    Rows.inParallel(
        tiles.length,
        1,
        (from, to) -> {
          byte[] tile = new byte[layout.tileBytes()];
          for (int i = from; i < to; i++) {
            tiles[i] = deflate(tile, i, row - down * TILE);
          }
        });
    try {
      index.write(down, List.of(tiles), row);
    } catch (IOException e) {
      failed = true;
      int kept = index.rows();
      throw new IOException(
          "cannot write the mask: %s. It has the first %d of %d rows; it can be resumed."
              .formatted(Reason.withPath(path, e), kept, layout.height()),
          e);
    }
  }

  private byte[] deflate(byte[] tile, int across, int count) {
    int sample = layout.sampleBytes();
    int stride = layout.width() * sample;
    int start = across * TILE * sample;
    int length = Math.min(TILE * sample, stride - start);
    for (int i = 0; i < tile.length; i++) {
      tile[i] = layout.emptyByte(i % sample);
    }
    for (int y = 0; y < count; y++) {
      System.arraycopy(rows, y * stride + start, tile, y * TILE * sample, length);
    }
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(tile);
      deflater.finish();
      ByteBuffer target = ByteBuffer.allocate(tile.length + (tile.length >> 8) + TILE);
      deflater.deflate(target);
      return Arrays.copyOf(target.array(), target.position());
    } finally {
      deflater.end();
    }
  }

  /**
   * Writes the rows that do not fill their tiles yet, and closes the file. A mask that is not
   * complete can be resumed.
   */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.isOpen() && !failed && row % TILE != 0 && row < layout.height()) {
        write();
      }
    }
  }
}
