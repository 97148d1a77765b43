package io.github.pixelwise.imaging.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What precedes the scan of a JPEG, if it has a single scan of baseline or extended Huffman codes.
 */
final class JpegHead {
  private static final int SOF0 = 0xc0;
  private static final int SOF1 = 0xc1;
  private static final int PROGRESSIVE = 0xc2;
  private static final int DHT = 0xc4;
  private static final int RESERVED = 0xc8;
  private static final int DAC = 0xcc;
  private static final int SOS = 0xda;
  private static final int DRI = 0xdd;

  private static final int TABLE_LENGTHS = 16;
  private static final int AC = 1;

  /** Codes of five bits for all sixteen sizes of differences. */
  private static final byte[] DC_CODES = {
    0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** More than any profile and EXIF data have. */
  private static final int MOST_BYTES = 1 << 25;

  /** The color channels as the scan has them. */
  record Channel(int blocks, JpegTable dc, JpegTable ac) {}

  private final ByteArrayOutputStream copied = new ByteArrayOutputStream();
  private final Map<Integer, JpegTable> tables = new TreeMap<>();
  private int frameMarker;
  private byte[] frame = {};
  private byte[] scan = {};
  private int restartInterval;
  private long scanStart;

  private JpegHead() {}

  /** Reads a file up to its scan. */
  static JpegHead read(FileChannel channel, Failures failures) throws IOException {
    JpegHead head = new JpegHead();
    try {
      long position = 2;
      while (head.scan.length == 0) {
        position = head.readSegment(channel, position);
      }
      head.scanStart = position;
    } catch (IOException e) {
      throw failures.damaged(String.valueOf(e.getMessage()), e);
    }
    head.requireSupported(failures);
    return head;
  }

  private long readSegment(FileChannel channel, long start) throws IOException {
    long position = start;
    if (PngData.bytes(channel, position++, 1)[0] != (byte) 0xff) {
      throw new IOException("it has no marker at byte %d".formatted(start));
    }
    int marker = 0xff;
    while (marker == 0xff) {
      marker = PngData.bytes(channel, position++, 1)[0] & 0xff; // there may be fill bytes
    }
    int length = ByteBuffer.wrap(PngData.bytes(channel, position, 2)).getShort() & 0xffff;
    byte[] data = PngData.bytes(channel, position + 2, Math.max(0, length - 2));
    position += Math.max(2, length);
    if (isFrame(marker)) {
      frameMarker = marker;
      frame = data;
      return position;
    }
    switch (marker) {
      case SOS -> scan = data;
      case DHT -> readTables(data);
      case DRI -> restartInterval = ByteBuffer.wrap(data).getShort() & 0xffff;
      default -> copy(marker, data);
    }
    return position;
  }

  private void copy(int marker, byte[] data) throws IOException {
    if (copied.size() > MOST_BYTES) {
      throw new IOException("it has more than %d bytes before its pixels".formatted(MOST_BYTES));
    }
    writeSegment(copied, marker, data);
  }

  private static void writeSegment(ByteArrayOutputStream out, int marker, byte[] data) {
    int length = data.length + 2;
    out.writeBytes(new byte[] {(byte) 0xff, (byte) marker, (byte) (length >> 8), (byte) length});
    out.writeBytes(data);
  }

  /** Whether a marker starts a frame: c0 to cf, except tables (c4, cc) and a reserved one (c8). */
  private static boolean isFrame(int marker) {
    return (marker & 0xf0) == SOF0 && marker != DHT && marker != RESERVED && marker != DAC;
  }

  private void readTables(byte[] data) throws IOException {
    int at = 0;
    while (at < data.length) {
      int end = at + 1 + TABLE_LENGTHS;
      for (int i = at + 1; i <= at + TABLE_LENGTHS && i < data.length; i++) {
        end += data[i] & 0xff;
      }
      if (end > data.length) {
        throw new IOException("its Huffman tables are cut short");
      }
      tables.put(data[at] & 0xff, new JpegTable(Arrays.copyOfRange(data, at + 1, end)));
      at = end;
    }
  }

  private void requireSupported(Failures failures) throws IOException {
    if (frame.length < 9 || frame.length < 6 + 3 * channelsInFrame()) {
      throw failures.damaged("it does not say how large it is", null);
    }
    if (frameMarker != SOF0 && frameMarker != SOF1) {
      throw failures.unsupported(
          frameMarker == PROGRESSIVE
              ? "it is a progressive JPEG, none of whose rows is complete before its end"
              : "it is a JPEG of a rare kind (its frame has the marker ff%02x)"
                  .formatted(frameMarker),
          "Rewrite it without loss: jpegtran -copy all -outfile OUT.jpg IN.jpg");
    }
    if (frame[0] != 8) {
      throw failures.unsupported(
          "it is a JPEG of %d bits per sample".formatted(frame[0]), Failures.TILED_TIFF);
    }
    int last = scan.length - 3;
    boolean whole = last > 0 && last == 1 + 2 * scan[0] && scan[last] == 0 && scan[last + 1] == 63;
    if (width() < 1 || height() < 1 || !whole || mcuWidth() < 8 || mcuHeight() < 8) {
      throw failures.damaged(
          "it gives a size of %d x %d, and a scan of %d channels"
              .formatted(width(), height(), scan.length == 0 ? 0 : scan[0]),
          null);
    }
    if (scan[0] != channelsInFrame()) {
      throw failures.unsupported(
          "it is a JPEG with a scan for each channel",
          "Rewrite it without loss: jpegtran -copy all -outfile OUT.jpg IN.jpg");
    }
  }

  private int channelsInFrame() {
    return frame[5] & 0xff;
  }

  /** Where the scan begins in the file. */
  long scanStart() {
    return scanStart;
  }

  /** The number of units between two markers of restart; 0 if there are none. */
  int restartInterval() {
    return restartInterval;
  }

  /** The height of the picture. */
  int height() {
    return ByteBuffer.wrap(frame).getShort(1) & 0xffff;
  }

  /** The width of the picture. */
  int width() {
    return ByteBuffer.wrap(frame).getShort(3) & 0xffff;
  }

  private int horizontal(int channel) {
    return frame[7 + 3 * channel] >> 4 & 15;
  }

  private int vertical(int channel) {
    return frame[7 + 3 * channel] & 15;
  }

  /** The pixels of as many blocks as are interleaved, side by side. */
  int mcuWidth() {
    int most = 0;
    for (int i = 0; i < channelsInFrame(); i++) {
      most = Math.max(most, horizontal(i));
    }
    return 8 * most;
  }

  /** The pixels of as many blocks as are interleaved, one below the other. */
  int mcuHeight() {
    int most = 0;
    for (int i = 0; i < channelsInFrame(); i++) {
      most = Math.max(most, vertical(i));
    }
    return 8 * most;
  }

  /**
   * The color channels in the order of the scan.
   *
   * @throws IOException if one has no tables, or is not in the frame
   */
  List<Channel> channels() throws IOException {
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < channelsInFrame(); i++) {
      int selectors = scan[2 + 2 * i];
      JpegTable dc = tables.get(selectors >> 4 & 15);
      JpegTable ac = tables.get(AC << 4 | (selectors & 15));
      int inFrame = 0;
      while (inFrame < channelsInFrame() && frame[6 + 3 * inFrame] != scan[1 + 2 * i]) {
        inFrame++;
      }
      if (dc == null || ac == null || inFrame == channelsInFrame()) {
        throw new IOException("its scan names tables or channels that it does not have");
      }
      int blocks = channelsInFrame() == 1 ? 1 : horizontal(inFrame) * vertical(inFrame);
      channels.add(new Channel(blocks, dc, ac));
    }
    return channels;
  }

  /**
   * The beginning of a JPEG of some rows of this one, up to its scan, in which the first
   * coefficients of blocks have codes of five bits.
   *
   * @param rows the number of rows
   * @param interval the number of units between two markers of restart
   */
  ByteArrayOutputStream write(int rows, int interval) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
    out.writeBytes(copied.toByteArray());
    byte[] cut = frame.clone();
    ByteBuffer.wrap(cut).putShort(1, (short) rows);
    writeSegment(out, frameMarker, cut);
    tables.forEach(
        (id, table) -> {
          byte[] codes = id >> 4 == AC ? table.definition() : DC_CODES;
          byte[] data = new byte[codes.length + 1];
          data[0] = id.byteValue();
          System.arraycopy(codes, 0, data, 1, codes.length);
          writeSegment(out, DHT, data);
        });
    writeSegment(out, DRI, new byte[] {(byte) (interval >> 8), (byte) interval});
    writeSegment(out, SOS, scan);
    return out;
  }
}
