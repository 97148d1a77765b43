package io.github.pixelwise.imaging;

import java.awt.color.ColorSpace;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.stream.ImageInputStream;

/**
 * The first directory (IFD0) of a TIFF structure, which is a TIFF file itself or the EXIF data in a
 * file of another format.
 */
final class TiffDirectory {
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES_PER_PIXEL = 277;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;
  private static final int PROFILE = 34675;

  /**
   * The tags of the samples' bits and format, the strips' and tiles' offsets and lengths, the
   * palette, and the JPEG tables.
   */
  private static final Set<Integer> PIXEL_TAGS = Set.of(258, 339, 273, 279, 324, 325, 320, 347);

  private static final int FLOATING_POINT = 3;
  private static final Set<Integer> JPEG = Set.of(6, 7);

  private static final int SHORT = 3;
  private static final int INTEL = 0x4949;
  private static final int MOTOROLA = 0x4d4d;
  private static final int CLASSIC = 42;
  private static final int BIG = 43;

  /** The bytes of one value of type 0 (there is none), BYTE 1, ASCII 2, SHORT 3 to IFD8 18. */
  private static final int[] VALUE_BYTES = {
    0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8
  };

  private final ByteOrder order;
  private final List<Entry> entries = new ArrayList<>();

  /** Whether this is BigTIFF, whose counts and offsets have eight bytes. */
  private boolean big;

  /**
   * A tag; {@code value} is its first value if all fit into the entry, else the offset of the
   * values.
   */
  private record Entry(int tag, long bytes, boolean elsewhere, long value) {}

  private TiffDirectory(ByteOrder order) {
    this.order = order;
  }

  /**
   * Reads a directory; it is empty if the bytes are not a TIFF structure.
   *
   * @param in the file, whose position changes
   * @param start where in the file the structure starts
   * @param end where it ends
   * @throws EOFException if the directory reaches beyond the end
   */
  static TiffDirectory read(ImageInputStream in, long start, long end) throws IOException {
    ByteOrder before = in.getByteOrder();
    try {
      in.seek(start);
      int mark = in.readUnsignedShort();
      TiffDirectory directory =
          new TiffDirectory(mark == INTEL ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      in.setByteOrder(directory.order);
      int version = mark == INTEL || mark == MOTOROLA ? in.readUnsignedShort() : 0;
      directory.big = version == BIG;
      if (directory.big) {
        in.skipBytes(4); // the size of an offset, which is eight, and two zero bytes
      }
      if (version == CLASSIC || version == BIG) {
        in.seek(start + directory.readOffset(in));
        directory.readEntries(in, end);
      }
      return directory;
    } finally {
      in.setByteOrder(before);
    }
  }

  private long readOffset(ImageInputStream in) throws IOException {
    return big ? Math.max(0, in.readLong()) : in.readUnsignedInt();
  }

  private void readEntries(ImageInputStream in, long end) throws IOException {
    long count = big ? in.readLong() : in.readUnsignedShort();
    int entryBytes = big ? 20 : 12;
    if (count < 0 || count > (end - in.getStreamPosition()) / entryBytes) {
      throw new EOFException("a TIFF directory of " + count + " entries reaches beyond the end");
    }
    for (int i = 0; i < count; i++) {
      long next = in.getStreamPosition() + entryBytes;
      int tag = in.readUnsignedShort();
      int type = in.readUnsignedShort();
      long values = readOffset(in);
      long bytes =
          type < VALUE_BYTES.length ? Math.min(values, Long.MAX_VALUE / 8) * VALUE_BYTES[type] : 0;
      boolean elsewhere = bytes > (big ? 8 : 4);
      long value = type == SHORT && !elsewhere ? in.readUnsignedShort() : readOffset(in);
      entries.add(new Entry(tag, bytes, elsewhere, value));
      in.seek(next);
    }
  }

  /**
   * The orientation in EXIF data, which some writers put after a prefix even if the format has
   * none; empty if the data is broken or does not say.
   */
  static Optional<Orientation> orientation(ImageInputStream in, long start, long end)
      throws IOException {
    try {
      in.seek(start);
      boolean prefixed = in.read() == 'E';
      return read(in, prefixed ? start + 6 : start, end).orientation();
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  /** How the picture is stored, if the directory says so. */
  Optional<Orientation> orientation() {
    return find(ORIENTATION).map(entry -> Orientation.ofExif(entry.value));
  }

  /**
   * What the bands of the picture are.
   *
   * @param in the file that the directory was read from, whose position and byte order change
   * @throws EOFException if their description lies beyond the end
   */
  TiffBands bands(ImageInputStream in) throws IOException {
    in.setByteOrder(order);
    return new TiffBands(
        firstShort(in, PHOTOMETRIC, -1),
        firstShort(in, EXTRA_SAMPLES, -1),
        profile(in),
        misread(in));
  }

  /** Samples that the JDK's reader clamps or misinterprets. */
  private Optional<String> misread(ImageInputStream in) throws IOException {
    int bits = firstShort(in, BITS, 1);
    boolean floating = firstShort(in, SAMPLE_FORMAT, 1) == FLOATING_POINT;
    if (bits == 32 && !floating) {
      return Optional.of("whole numbers of 32 bits");
    }
    if (bits < 32 && floating) {
      return Optional.of("floating-point numbers of %d bits".formatted(bits));
    }
    return firstShort(in, PHOTOMETRIC, -1) == TiffBands.YCBCR
            && !JPEG.contains(firstShort(in, COMPRESSION, 1))
        ? Optional.of("YCbCr samples without JPEG compression")
        : Optional.empty();
  }

  private int firstShort(ImageInputStream in, int tag, int otherwise) throws IOException {
    Optional<Entry> entry = find(tag);
    if (entry.isEmpty() || !entry.get().elsewhere) {
      return entry.map(found -> (int) found.value).orElse(otherwise);
    }
    in.seek(entry.get().value);
    return in.readUnsignedShort();
  }

  /** The profile of RGB or more bands, which the JDK's reader ignores. */
  private Optional<ColorSpace> profile(ImageInputStream in) throws IOException {
    boolean needed = find(SAMPLES_PER_PIXEL).filter(entry -> entry.value > 4).isPresent();
    Optional<Entry> entry = find(PROFILE).filter(found -> found.bytes <= Profiles.MAX_BYTES);
    if (!needed || entry.isEmpty()) {
      return Optional.empty();
    }
    byte[] profile = new byte[(int) entry.get().bytes];
    in.seek(entry.get().value);
    int length = in.read(profile);
    return length == profile.length ? Profiles.rgb(profile) : Optional.empty();
  }

  private Optional<Entry> find(int tag) {
    return entries.stream().filter(entry -> entry.tag == tag).findFirst();
  }

  /**
   * Checks that the values that are needed to decode pixels lie within the file. The JDK's reader
   * replaces missing ones by defaults, such as one bit per sample, and produces noise.
   *
   * @throws EOFException if they do not
   */
  void requirePixelsBefore(long end) throws EOFException {
    for (Entry entry : entries) {
      if (entry.elsewhere && PIXEL_TAGS.contains(entry.tag) && entry.bytes > end - entry.value) {
        throw new EOFException("the values of TIFF tag " + entry.tag + " lie beyond the end");
      }
    }
  }
}
