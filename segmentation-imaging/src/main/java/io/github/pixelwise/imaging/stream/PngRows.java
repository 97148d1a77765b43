package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a PNG that is not interlaced.
 *
 * <p>A band of rows becomes a small PNG in memory, with all chunks that describe colors, which
 * {@link Images} reads. So every kind of pixels is read as in a small picture, to the bit.
 */
final class PngRows implements Bands {
  private static final int SIGNATURE = 8;
  private static final int IHDR_DATA = 13;
  private static final int FIRST_CHUNK = SIGNATURE + 12 + IHDR_DATA;
  private static final int IEND = 0x49454e44;

  /** More than any profile and text has that says something about colors or orientation. */
  private static final int MOST_BYTES = 1 << 25;

  private static final int BAND_BYTES = 1 << 24;
  private static final int BAND_ROWS = 256;

  private final FileChannel channel;
  private final Failures failures;

  /** The signature and the header; the height is replaced. */
  private final byte[] head;

  /** The chunks between the header and the pixels. */
  private final byte[] chunks;

  private final PngData data;
  private final int width;
  private final int height;
  private final int pixelBytes;
  private final int bandRows;

  private byte[] current;
  private byte[] above;
  private int row;

  /** What was found in place of the next row, after rows that were whole. */
  private @Nullable IOException failure;

  private PngRows(
      FileChannel channel, Failures failures, byte[] head, byte[] chunks, int bits, long rowBytes) {
    this.channel = channel;
    this.failures = failures;
    this.head = head;
    this.chunks = chunks;
    width = ByteBuffer.wrap(head).getInt(16);
    height = ByteBuffer.wrap(head).getInt(20);
    data = new PngData(channel, FIRST_CHUNK + chunks.length);
    pixelBytes = Math.max(1, bits / 8);
    bandRows = (int) Math.max(1, Math.min(BAND_ROWS, BAND_BYTES / rowBytes));
    current = new byte[(int) rowBytes + pixelBytes];
    above = new byte[(int) rowBytes + pixelBytes];
  }

  /**
   * Opens a picture.
   *
   * @param channel its file, which belongs to the result
   * @throws IOException if it is damaged or of a kind that cannot be read in bands
   */
  static PngRows open(FileChannel channel, Failures failures) throws IOException {
    byte[] head;
    byte[] chunks;
    byte[] after = {};
    try {
      head = PngData.bytes(channel, 0, FIRST_CHUNK);
      long pixels = find(channel, FIRST_CHUNK, true);
      chunks = collect(channel, FIRST_CHUNK, pixels);
      try {
        long last = find(channel, pixels, false);
        after = collect(channel, last, find(channel, last, true));
      } catch (EOFException e) {
        // The rows before the end can be read.
      }
    } catch (EOFException e) {
      throw failures.damaged(String.valueOf(e.getMessage()), e);
    }
    ByteBuffer header = ByteBuffer.wrap(head);
    if (header.getInt(16) < 1 || header.getInt(20) < 1) {
      throw failures.damaged(
          "it gives a size of %d x %d".formatted(header.getInt(16), header.getInt(20)), null);
    }
    if (head[28] != 0) {
      throw failures.unsupported("it is interlaced", Failures.TILED_TIFF);
    }
    int bits = head[24] * channels(head[25]);
    long rowBytes = ((long) header.getInt(16) * bits + 7) / 8;
    if (rowBytes < 1 || rowBytes > Images.MAX_PIXELS) {
      throw failures.damaged(
          "it gives a bit depth of %d, a color type of %d and a width of %d"
              .formatted(head[24], head[25], header.getInt(16)),
          null);
    }
    PngRows rows = new PngRows(channel, failures, head, chunks, bits, rowBytes);
    failures.requireUpright(rows.file(1, new byte[(int) rowBytes + 1], after));
    return rows;
  }

  private static int channels(byte colorType) {
    return switch (colorType) {
      case 0, 3 -> 1;
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 0;
    };
  }

  /** Where the next chunk with pixels begins, or the next one without; or the closing chunk. */
  private static long find(FileChannel channel, long start, boolean pixels) throws IOException {
    long position = start;
    while (true) {
      ByteBuffer chunk = ByteBuffer.wrap(PngData.bytes(channel, position, 8));
      long length = chunk.getInt() & 0xffffffffL;
      int type = chunk.getInt();
      if ((type == PngData.IDAT) == pixels || type == IEND) {
        return position;
      }
      position += length + 12;
    }
  }

  private static byte[] collect(FileChannel channel, long start, long end) throws IOException {
    if (end - start > MOST_BYTES) {
      throw new EOFException(
          "it has %d bytes of text and profiles, more than %d".formatted(end - start, MOST_BYTES));
    }
    return PngData.bytes(channel, start, (int) (end - start));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int rows() {
    return Math.min(bandRows, height - row);
  }

  @Override
  public RgbImage next() throws IOException {
    int first = row;
    int lineBytes = current.length - pixelBytes + 1;
    byte[] lines = new byte[rows() * lineBytes];
    int count = 0;
    while (count < lines.length / lineBytes && readRow(count == 0)) {
      System.arraycopy(current, pixelBytes, lines, count * lineBytes + 1, lineBytes - 1);
      count++;
    }
    try {
      return Images.read(file(count, lines, new byte[0]));
    } catch (UnreadablePictureException e) {
      throw failures.failed(first, "its pixels", e);
    }
  }

  @Override
  public int pass() throws IOException {
    int count = 0;
    for (int rows = rows(); count < rows && readRow(count == 0); count++) {
      // The row is read only because the next one depends on it.
    }
    return count;
  }

  /** Reads a row. If it is damaged, says so now or, after whole rows, the next time. */
  private boolean readRow(boolean first) throws IOException {
    byte[] next = above;
    byte[] type = new byte[1];
    try {
      if (failure == null) {
        data.read(type, 0, 1);
        data.read(next, pixelBytes, next.length - pixelBytes);
        PngFilter.undo(type[0], next, current, pixelBytes);
        above = current;
        current = next;
        row++;
        return true;
      }
    } catch (IOException e) {
      failure = e;
    }
    if (first) {
      throw failures.damaged(row, String.valueOf(failure.getMessage()), failure);
    }
    return false;
  }

  /** A small PNG of some lines, each of which begins with the type of its filter. */
  private byte[] file(int rows, byte[] lines, byte[] after) throws IOException {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    Deflater stored = new Deflater(Deflater.NO_COMPRESSION);
    try (DeflaterOutputStream deflate = new DeflaterOutputStream(pixels, stored, 1 << 16)) {
      deflate.write(lines, 0, rows * (current.length - pixelBytes + 1));
    } finally {
      stored.end();
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(file);
    out.write(head, 0, SIGNATURE);
    byte[] header = Arrays.copyOfRange(head, SIGNATURE + 8, SIGNATURE + 8 + IHDR_DATA);
    writeChunk("IHDR", ByteBuffer.wrap(header).putInt(4, rows).array(), out);
    out.write(chunks);
    writeChunk("IDAT", pixels.toByteArray(), out);
    out.write(after);
    writeChunk("IEND", new byte[0], out);
    return file.toByteArray();
  }

  private static void writeChunk(String type, byte[] data, DataOutputStream out)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) checksum.getValue());
  }

  @Override
  public void close() throws IOException {
    data.close();
    channel.close();
  }
}
