package io.github.pixelwise.imaging.stream;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A TIFF or BigTIFF file with the fields of its first directory. Closes its channel. May be used by
 * several threads.
 */
final class TiffFile implements Closeable {
  private static final int INTEL = 0x4949;
  private static final int MOTOROLA = 0x4d4d;
  private static final int CLASSIC = 42;
  private static final int BIG = 43;

  /** More than any real field has: the tiles of a picture of 10^12 pixels. */
  private static final long MOST_BYTES = 1L << 28;

  private final FileChannel channel;
  private final long length;
  private final ByteOrder order;
  private final boolean big;
  private final Map<Integer, Entry> entries = new TreeMap<>();

  /** Where the values of a tag are. */
  private record Entry(int type, long count, long position) {}

  private TiffFile(FileChannel channel, ByteOrder order, boolean big) throws IOException {
    this.channel = channel;
    this.length = channel.size();
    this.order = order;
    this.big = big;
  }

  /** Whether a file begins as a TIFF or BigTIFF does. */
  static boolean isTiff(FileChannel channel) throws IOException {
    if (channel.size() < 4) {
      return false;
    }
    int start = ByteBuffer.wrap(read(channel, 0, 4)).getInt();
    return Set.of(0x49492a00, 0x49492b00, 0x4d4d002a, 0x4d4d002b).contains(start);
  }

  /**
   * Reads the first directory.
   *
   * @param channel the file, which belongs to the result
   * @throws IOException if it is not a TIFF, or damaged; the message says what was found
   */
  static TiffFile open(FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(read(channel, 0, 16));
    int mark = head.getShort() & 0xffff;
    ByteOrder order = mark == INTEL ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int version = head.order(order).getShort() & 0xffff;
    if ((mark != INTEL && mark != MOTOROLA) || (version != CLASSIC && version != BIG)) {
      throw new IOException("expected a TIFF file, found another format");
    }
    TiffFile file = new TiffFile(channel, order, version == BIG);
    file.readEntries(file.big ? head.getLong(8) : head.getInt(4) & 0xffffffffL);
    return file;
  }

  private void readEntries(long start) throws IOException {
    int countBytes = big ? 8 : 2;
    int entryBytes = big ? 20 : 12;
    ByteBuffer head = read(start, countBytes);
    long count = big ? head.getLong() : head.getShort() & 0xffff;
    if (count < 1 || count > 0xffff) {
      throw new IOException("its directory has " + count + " entries");
    }
    long first = start + countBytes;
    ByteBuffer directory = read(first, (int) count * entryBytes);
    for (int i = 0; i < count; i++) {
      int at = i * entryBytes;
      int tag = directory.getShort(at) & 0xffff;
      int type = directory.getShort(at + 2) & 0xffff;
      long values = big ? directory.getLong(at + 4) : directory.getInt(at + 4) & 0xffffffffL;
      int valueAt = at + (big ? 12 : 8);
      int bytes = TiffField.bytes(type);
      if (bytes > 0 && values > 0 && values <= MOST_BYTES / bytes) {
        boolean inside = values * bytes <= (big ? 8 : 4);
        long elsewhere = big ? directory.getLong(valueAt) : directory.getInt(valueAt) & 0xffffffffL;
        entries.putIfAbsent(tag, new Entry(type, values, inside ? first + valueAt : elsewhere));
      }
    }
  }

  /** The order of the file's bytes. */
  ByteOrder order() {
    return order;
  }

  /** Whether this is a BigTIFF. */
  boolean isBig() {
    return big;
  }

  /** The size of the file in bytes when it was opened. */
  long length() {
    return length;
  }

  /** Whether there is such a tag. */
  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** The position in the file of a tag's values. */
  long position(int tag) {
    Entry entry = entries.get(tag);
    return entry == null ? -1 : entry.position;
  }

  /**
   * Reads a tag's values.
   *
   * @throws IOException if they lie beyond the end of the file
   */
  Optional<TiffField> field(int tag) throws IOException {
    Entry entry = entries.get(tag);
    if (entry == null) {
      return Optional.empty();
    }
    int bytes = (int) entry.count * TiffField.bytes(entry.type);
    try {
      return Optional.of(
          new TiffField(tag, entry.type, read(channel, entry.position, bytes), order));
    } catch (EOFException e) {
      throw new IOException(
          "the values of its tag %d lie at the bytes %d to %d, but the file has only %d bytes"
              .formatted(tag, entry.position, entry.position + bytes, length),
          e);
    }
  }

  /** The first value of a tag, which is a whole number. */
  long integer(int tag, long otherwise) throws IOException {
    Optional<TiffField> field = field(tag);
    return field.isPresent() ? field.get().integer(0) : otherwise;
  }

  /**
   * Reads bytes of the file.
   *
   * @throws EOFException if they lie beyond its end
   */
  byte[] bytes(long position, int count) throws IOException {
    return read(channel, position, count);
  }

  private ByteBuffer read(long position, int count) throws IOException {
    try {
      return ByteBuffer.wrap(read(channel, position, count)).order(order);
    } catch (EOFException e) {
      throw new IOException(
          "its directory at byte %d lies beyond the end of the file, which has %d bytes"
              .formatted(position, length),
          e);
    }
  }

  private static byte[] read(FileChannel channel, long position, int count) throws IOException {
    if (position < 0 || position > channel.size() - count) {
      throw new EOFException(
          "bytes %d to %d of %d".formatted(position, position + count, channel.size()));
    }
    ByteBuffer target = ByteBuffer.allocate(count);
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return target.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
