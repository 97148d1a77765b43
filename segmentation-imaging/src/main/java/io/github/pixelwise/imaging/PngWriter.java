package io.github.pixelwise.imaging;

import io.github.pixelwise.internal.util.Rows;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * Writes PNG files.
 *
 * <p>The picture is cut into strips, which are filtered and deflated in parallel. They form one
 * zlib stream, because each strip except the last ends with a flush to a whole byte. Strips are
 * independent of each other, so the file does not depend on the number of threads.
 */
public final class PngWriter {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;

  /** Deflate with a window of 32 kB, as zlib writes it for its low levels (RFC 1950). */
  private static final short ZLIB_HEADER = 0x7801;

  /** A strip before it is deflated, small enough to stay in a core's cache. */
  private static final int STRIP_BYTES = 1 << 17;

  /** The prime below 2^16 that Adler-32 uses as its modulus (RFC 1950). */
  private static final int ADLER_BASE = 65521;

  private static final byte[] NOTHING = {};

  private final PngLayout layout;
  private final int width;
  private final int height;
  private final Source source;
  private final int lineBytes;
  private final int stripLines;

  /** The rows of a picture. */
  @FunctionalInterface
  public interface Source {
    /**
     * Copies row {@code y}, in the layout, to {@code target} from {@code offset} on. Called by
     * several threads at once.
     *
     * @param y the row
     * @param target where the row goes
     * @param offset the index of the row's first byte in {@code target}
     */
    void copyRow(int y, byte[] target, int offset);
  }

  private PngWriter(PngLayout layout, int width, int height, Source source) {
    this.layout = layout;
    this.width = width;
    this.height = height;
    this.source = source;
    lineBytes = 1 + layout.rowBytes(width);
    stripLines = Math.max(1, STRIP_BYTES / lineBytes);
  }

  /**
   * Writes a picture to a stream, which is not closed.
   *
   * @param layout what a pixel is
   * @param width the number of columns
   * @param height the number of rows
   * @param source the rows
   * @param out the stream
   * @throws IOException if the stream fails
   */
  public static void write(PngLayout layout, int width, int height, Source source, OutputStream out)
      throws IOException {
    new PngWriter(layout, width, height, source).write(new DataOutputStream(out));
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeLong(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) layout.sampleBits()).put((byte) layout.colorType());
    writeChunk("IHDR", out, header.array());
    if (layout.colors().length > 0) {
      writeChunk("PLTE", out, layout.colors());
    }
    writePixels(out);
    writeChunk("IEND", out);
    out.flush();
  }

  private void writePixels(DataOutputStream out) throws IOException {
    int strips = (height - 1) / stripLines + 1;
    int atOnce = 16 * (ForkJoinPool.getCommonPoolParallelism() + 1); // some for each encoder
    int checksum = 1;
    for (int first = 0; first < strips; first += atOnce) {
      int start = first;
      Strip[] done = new Strip[Math.min(atOnce, strips - start)];
      Rows.inParallel(
          done.length,
          1,
          (from, to) -> {
            StripEncoder encoder = new StripEncoder();
            for (int i = from; i < to; i++) {
              done[i] = encoder.encode(start + i);
            }
          });
      for (int i = 0; i < done.length; i++) {
        checksum = append(checksum, done[i].checksum, (long) done[i].lines * lineBytes);
        writeChunk(
            "IDAT",
            out,
            start + i == 0 ? ByteBuffer.allocate(2).putShort(ZLIB_HEADER).array() : NOTHING,
            done[i].deflated,
            start + i == strips - 1 ? ByteBuffer.allocate(4).putInt(checksum).array() : NOTHING);
      }
    }
  }

  /** Combines the Adler-32 of some bytes with that of the {@code length} bytes after them. */
  static int append(int checksum, int next, long length) {
    long sum = (checksum & 0xffff) + ADLER_BASE - 1L; // each starts at 1
    long sums = (checksum >>> 16) + (next >>> 16) + length % ADLER_BASE * sum;
    return (int) (sums % ADLER_BASE << 16 | (sum + (next & 0xffff)) % ADLER_BASE);
  }

  /** Some rows of the picture: the bytes to write, and what is needed after writing them. */
  private static final class Strip {
    private final int lines;
    private final byte[] deflated;
    private final int checksum;

    Strip(int lines, byte[] deflated, int checksum) {
      this.lines = lines;
      this.deflated = deflated;
      this.checksum = checksum;
    }
  }

  /** Filters and deflates strips one by one, reusing its arrays. */
  private final class StripEncoder {
    private final byte[] lines = new byte[Math.min(stripLines, height) * lineBytes];
    private final RowFilter filter = new RowFilter(lineBytes - 1, layout.pixelBytes());
    private final Deflate deflate = new Deflate(new MatchFinder(layout.matchStride()));

    Strip encode(int strip) {
      int from = strip * stripLines;
      int to = Math.min(from + stripLines, height);
      if (layout.isFiltered()) {
        filter(from, to);
      } else {
        for (int y = from; y < to; y++) {
          source.copyRow(y, lines, (y - from) * lineBytes + 1); // after type 0: not filtered
        }
      }
      int size = (to - from) * lineBytes;
      Adler32 checksum = new Adler32();
      checksum.update(lines, 0, size);
      byte[] deflated = deflate.deflate(lines, size, to == height);
      return new Strip(to - from, deflated, (int) checksum.getValue());
    }

    private void filter(int from, int to) {
      filter.reset();
      if (from > 0) {
        source.copyRow(from - 1, filter.next(), layout.pixelBytes());
      }
      for (int y = from; y < to; y++) {
        source.copyRow(y, filter.next(), layout.pixelBytes());
        filter.write(lines, (y - from) * lineBytes);
      }
    }
  }

  private static void writeChunk(String type, DataOutputStream out, byte[]... parts)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    int length = 0;
    for (byte[] part : parts) {
      checksum.update(part);
      length += part.length;
    }
    out.writeInt(length);
    out.write(name);
    for (byte[] part : parts) {
      out.write(part);
    }
    out.writeInt((int) checksum.getValue());
  }
}
