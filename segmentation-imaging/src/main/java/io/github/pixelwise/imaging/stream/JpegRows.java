package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a JPEG of a single scan.
 *
 * <p>Its Huffman codes are followed, but not decoded further. Rows of blocks are written again so
 * that none depends on the one before, and some of them become a small JPEG in memory, which {@link
 * Images} reads. A row of blocks above and below is added to it and cut off again, because chroma
 * is interpolated across them. So rows are those of the whole picture, to the bit.
 */
final class JpegRows implements Bands {
  /** No first coefficient differs from the one before by a number of more bits. */
  private static final int MOST_BITS = 15;

  private static final int MOST_ROWS = 256;
  private static final int LAST_COEFFICIENT = 63;
  private static final int SIXTEEN_ZEROS = 0xf0;

  private final FileChannel channel;
  private final Failures failures;
  private final JpegHead head;
  private final List<JpegHead.Channel> channels;
  private final JpegBits bits;
  private final JpegInterval interval = new JpegInterval();

  /** The pixel rows of a unit, which is as high as a row of interleaved blocks. */
  private final int unitRows;

  private final int units;

  /** The interleaved blocks of a unit side by side, and one below the other. */
  private final int across;

  private final int down;

  /** The first coefficient of each channel's last block. */
  private final int[] last;

  /** The units that were read, from {@code unit - 1} or 0 on. */
  private final Deque<byte[]> read = new ArrayDeque<>();

  private int unitsRead;
  private long mcusRead;

  /** The next unit of the picture. */
  private int unit;

  private @Nullable IOException failure;

  private JpegRows(
      FileChannel channel, Failures failures, JpegHead head, List<JpegHead.Channel> channels) {
    this.channel = channel;
    this.failures = failures;
    this.head = head;
    this.channels = channels;
    bits = new JpegBits(channel, head.scanStart());
    unitRows = head.mcuHeight();
    units = (head.height() - 1) / unitRows + 1;
    boolean single = channels.size() == 1; // blocks of a single channel are not interleaved
    across = (head.width() - 1) / (single ? 8 : head.mcuWidth()) + 1;
    down = single ? unitRows / 8 : 1;
    last = new int[channels.size()];
  }

  /**
   * Opens a picture.
   *
   * @param channel its file, which belongs to the result
   * @throws IOException if it is damaged or of a kind that cannot be read in bands
   */
  static JpegRows open(FileChannel channel, Failures failures) throws IOException {
    JpegHead head = JpegHead.read(channel, failures);
    failures.requireUpright(head.write(1, 0).toByteArray());
    try {
      return new JpegRows(channel, failures, head, head.channels());
    } catch (IOException e) {
      throw failures.damaged(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public int width() {
    return head.width();
  }

  @Override
  public int height() {
    return head.height();
  }

  @Override
  public int rows() {
    return rowsOf(Math.max(1, MOST_ROWS / unitRows));
  }

  private int rowsOf(int units) {
    return Math.min(units * unitRows, height() - unit * unitRows);
  }

  @Override
  public RgbImage next() throws IOException {
    int count = readUnits();
    int rows = rowsOf(count);
    int context = Math.min(1, unit);
    int heldUnits = Math.min(context + count + 1, read.size());
    int heldRows = Math.min(heldUnits * unitRows, height() - (unit - context) * unitRows);
    ByteArrayOutputStream file = head.write(heldRows, across * down);
    int written = 0;
    for (byte[] data : read) {
      file.writeBytes(data);
      file.write(0xff);
      file.write(written == heldUnits - 1 ? 0xd9 : 0xd0 + written % 8);
      written++;
      if (written == heldUnits) {
        break;
      }
    }
    RgbImage band;
    try {
      band = Images.read(file.toByteArray());
    } catch (UnreadablePictureException e) {
      throw failures.failed(unit * unitRows, "its pixels", e);
    }
    forget(count);
    return band.crop(0, context * unitRows, width(), rows);
  }

  @Override
  public int pass() throws IOException {
    int count = readUnits();
    int rows = rowsOf(count);
    forget(count);
    return rows;
  }

  private void forget(int count) {
    unit += count;
    while (read.size() > unitsRead - unit + 1) {
      read.removeFirst();
    }
  }

  /** Reads the units of the next band and the one below it; returns the number of the former. */
  private int readUnits() throws IOException {
    int count = (rows() - 1) / unitRows + 1;
    try {
      while (failure == null && unitsRead < Math.min(unit + count + 1, units)) {
        read.addLast(readUnit());
        unitsRead++;
      }
    } catch (IOException e) {
      failure = e;
    }
    int whole = failure == null ? count : Math.min(count, unitsRead - 1 - unit);
    if (failure != null && whole < 1) {
      throw failures.damaged(unit * unitRows, String.valueOf(failure.getMessage()), failure);
    }
    return whole;
  }

  private byte[] readUnit() throws IOException {
    int[] written = new int[channels.size()];
    int rows = Math.min(down, (height() - unitsRead * unitRows - 1) / (unitRows / down) + 1);
    for (int i = 0; i < across * rows; i++) {
      int restart = head.restartInterval();
      if (restart > 0 && mcusRead > 0 && mcusRead % restart == 0) {
        bits.restart((int) (mcusRead / restart - 1));
        Arrays.fill(last, 0);
      }
      mcusRead++;
      for (int c = 0; c < written.length; c++) {
        JpegHead.Channel now = channels.get(c);
        for (int block = 0; block < now.blocks(); block++) {
          last[c] += readFirst(now.dc());
          writeFirst(last[c] - written[c]);
          written[c] = last[c];
          copyOthers(now.ac());
        }
      }
    }
    return interval.finish();
  }

  /** Reads the difference of a block's first coefficient. */
  private int readFirst(JpegTable table) throws IOException {
    int size = takeCode(table) & 0xff;
    if (size > MOST_BITS) {
      throw new IOException("it has a difference of %d bits".formatted(size));
    }
    int value = bits.take(size);
    return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  private void writeFirst(int difference) throws IOException {
    int size = 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
    if (size > MOST_BITS) {
      throw new IOException("it has a difference of %d bits".formatted(size));
    }
    interval.put(size, 5);
    int value = difference < 0 ? difference + (1 << size) - 1 : difference;
    interval.put(value, size);
  }

  private void copyOthers(JpegTable table) throws IOException {
    int coefficient = 1;
    while (coefficient <= LAST_COEFFICIENT) {
      int next = bits.peek();
      int code = takeCode(table);
      interval.put(next >>> (16 - (code >> 8)), code >> 8);
      int size = code & 15;
      if (size > 0) {
        interval.put(bits.take(size), size);
      } else if ((code & 0xff) != SIXTEEN_ZEROS) {
        return;
      }
      coefficient += (code >> 4 & 15) + 1;
    }
  }

  /** Takes a code; returns its length in the upper byte and its symbol in the lower one. */
  private int takeCode(JpegTable table) throws IOException {
    int code = table.find(bits.peek());
    if (code == 0) {
      throw new IOException("it has bits that are no Huffman code");
    }
    bits.take(code >> 8);
    return code;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
