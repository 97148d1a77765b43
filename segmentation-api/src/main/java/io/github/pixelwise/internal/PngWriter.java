package io.github.pixelwise.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG files.
 *
 * <p>The picture is cut into strips, which are filtered and deflated in parallel and make one zlib
 * stream, because each but the last ends with a flush to a whole byte. A strip knows nothing of the
 * others, so the file does not depend on the number of threads.
 */
public final class PngWriter {
  private static final byte SAMPLE_BITS = 8;
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;

  /** Deflate with a window of 32 kB, as zlib writes it for its low levels (RFC 1950). */
  private static final short ZLIB_HEADER = 0x7801;

  /** The fastest level whose photographs are no larger than Pillow's of level 1. */
  private static final int LEVEL = 2;

  /** A strip before it is deflated. That it starts with an empty window costs less than 0.5 %. */
  private static final int STRIP_BYTES = 1 << 18;

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
     * Copies row {@code y}, as the layout has it, to {@code target} from {@code offset} on. Called
     * by several threads at once.
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
   * Writes a picture to a stream, which is left open.
   *
   * @throws IOException if the stream fails
   */
  public static void write(PngLayout layout, int width, int height, Source source, OutputStream out)
      throws IOException {
    new PngWriter(layout, width, height, source).write(new DataOutputStream(out));
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeLong(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put(SAMPLE_BITS).put((byte) layout.colorType());
    writeChunk("IHDR", out, header.array());
    if (layout.colors().length > 0) {
      writeChunk("PLTE", out, layout.colors());
    }
    writePixels(out);
    writeChunk("IEND", out);
    out.flush();
  }

  /** Some rows of the picture. */
  private static final class Strip {
    /** The filtered rows, each after the kind of its filter. */
    private final byte[] lines;

    /** The same, deflated. */
    private final byte[] deflated;

    Strip(byte[] lines, byte[] deflated) {
      this.lines = lines;
      this.deflated = deflated;
    }
  }

  private void writePixels(DataOutputStream out) throws IOException {
    Adler32 checksum = new Adler32();
    int strips = (height - 1) / stripLines + 1;
    int atOnce = 4 * (ForkJoinPool.getCommonPoolParallelism() + 1); // bounds the memory
    for (int first = 0; first < strips; first += atOnce) {
      int start = first;
      Strip[] done = new Strip[Math.min(atOnce, strips - start)];
      Rows.inParallel(
          done.length,
          1,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              done[i] = deflate(filter(start + i), start + i == strips - 1);
            }
          });
      for (int i = 0; i < done.length; i++) {
        checksum.update(done[i].lines);
        writeChunk(
            "IDAT",
            out,
            start + i == 0 ? ByteBuffer.allocate(2).putShort(ZLIB_HEADER).array() : NOTHING,
            done[i].deflated,
            start + i == strips - 1
                ? ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array()
                : NOTHING);
      }
    }
  }

  private byte[] filter(int strip) {
    int from = strip * stripLines;
    int to = Math.min(from + stripLines, height);
    byte[] lines = new byte[(to - from) * lineBytes];
    if (layout.isFiltered()) {
      RowFilter filter = new RowFilter(lineBytes - 1, layout.pixelBytes());
      if (from > 0) {
        source.copyRow(from - 1, filter.next(), layout.pixelBytes());
      }
      for (int y = from; y < to; y++) {
        source.copyRow(y, filter.next(), layout.pixelBytes());
        filter.write(lines, (y - from) * lineBytes);
      }
    } else {
      for (int y = from; y < to; y++) {
        source.copyRow(y, lines, (y - from) * lineBytes + 1); // after type 0: not filtered
      }
    }
    return lines;
  }

  private static Strip deflate(byte[] lines, boolean last) {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream(1 << 16);
    Deflater deflater = new Deflater(LEVEL, true);
    try {
      deflater.setInput(lines);
      if (last) {
        deflater.finish();
      }
      byte[] part = new byte[1 << 16];
      int length;
      do {
        length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
        deflated.write(part, 0, length);
      } while (length == part.length);
    } finally {
      deflater.end();
    }
    return new Strip(lines, deflated.toByteArray());
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
