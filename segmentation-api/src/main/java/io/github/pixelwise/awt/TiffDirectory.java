package io.github.pixelwise.awt;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.imageio.stream.ImageInputStream;

/**
 * The first directory (IFD0) of a TIFF structure, which is a TIFF file itself or the EXIF data in a
 * file of another format.
 */
final class TiffDirectory {
  private static final int ORIENTATION = 274;

  /**
   * Bits and format of samples, places and lengths of strips and tiles, the palette, the tables of
   * JPEG.
   */
  private static final Set<Integer> PIXEL_TAGS = Set.of(258, 339, 273, 279, 324, 325, 320, 347);

  private static final int SHORT = 3;
  private static final int INTEL = 0x4949;
  private static final int MOTOROLA = 0x4d4d;
  private static final int ENTRY_BYTES = 12;

  /** The bytes of one value of type 0 (there is none), BYTE 1, ASCII 2, SHORT 3 to IFD 13. */
  private static final int[] VALUE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  private final List<Entry> entries = new ArrayList<>();

  /** A tag; {@code value} is its first value if that fits four bytes, else where the values are. */
  private record Entry(int tag, int type, long count, long value) {
    long bytes() {
      return type < VALUE_BYTES.length ? count * VALUE_BYTES[type] : 0;
    }
  }

  /**
   * Reads a directory; it is empty if the bytes are no TIFF structure.
   *
   * @param in the file, whose position changes
   * @param start where in the file the structure starts
   * @param end where it ends
   * @throws EOFException if the directory reaches beyond the end
   */
  static TiffDirectory read(ImageInputStream in, long start, long end) throws IOException {
    ByteOrder order = in.getByteOrder();
    TiffDirectory directory = new TiffDirectory();
    try {
      in.seek(start);
      int mark = in.readUnsignedShort();
      in.setByteOrder(mark == INTEL ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      if ((mark == INTEL || mark == MOTOROLA) && in.readUnsignedShort() == 42) {
        in.seek(start + in.readUnsignedInt());
        directory.readEntries(in, end);
      }
    } finally {
      in.setByteOrder(order);
    }
    return directory;
  }

  private void readEntries(ImageInputStream in, long end) throws IOException {
    int count = in.readUnsignedShort();
    if (in.getStreamPosition() + (long) count * ENTRY_BYTES > end) {
      throw new EOFException("a TIFF directory of " + count + " entries reaches beyond the end");
    }
    for (int i = 0; i < count; i++) {
      long next = in.getStreamPosition() + ENTRY_BYTES;
      int tag = in.readUnsignedShort();
      int type = in.readUnsignedShort();
      long values = in.readUnsignedInt();
      long value = type == SHORT && values == 1 ? in.readUnsignedShort() : in.readUnsignedInt();
      entries.add(new Entry(tag, type, values, value));
      in.seek(next);
    }
  }

  /**
   * The orientation in EXIF data, which some writers precede by a prefix where the format has none;
   * upright if the data is broken.
   */
  static Orientation orientation(ImageInputStream in, long start, long end) throws IOException {
    try {
      in.seek(start);
      boolean prefixed = in.read() == 'E';
      return read(in, prefixed ? start + 6 : start, end).orientation();
    } catch (EOFException e) {
      return Orientation.UPRIGHT;
    }
  }

  /** How the picture is stored; upright if the directory does not say. */
  Orientation orientation() {
    return entries.stream()
        .filter(entry -> entry.tag == ORIENTATION)
        .findFirst()
        .map(entry -> Orientation.ofExif(entry.value))
        .orElse(Orientation.UPRIGHT);
  }

  /**
   * Checks that the values without which pixels cannot be decoded lie within the file. The JDK's
   * reader replaces those that do not by defaults, such as one bit a sample, and makes noise.
   *
   * @throws EOFException if they do not
   */
  void requirePixelsBefore(long end) throws EOFException {
    for (Entry entry : entries) {
      boolean elsewhere = entry.bytes() > 4;
      if (elsewhere && PIXEL_TAGS.contains(entry.tag) && entry.value + entry.bytes() > end) {
        throw new EOFException("the values of TIFF tag " + entry.tag + " lie beyond the end");
      }
    }
  }
}
