package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.network.internal.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The directory of a zip archive, including zip64, as specified in the <a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">application note</a>. Mapping
 * an entry requires the position of its bytes, which {@link java.util.zip} does not expose.
 */
final class ZipDirectory {
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int CENTRAL_HEADER_BYTES = 46;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int ZIP64_LOCATOR = 0x07064b50;
  private static final int ZIP64_LOCATOR_BYTES = 20;
  private static final int ZIP64_END = 0x06064b50;
  private static final int ZIP64_END_BYTES = 56;
  private static final int ZIP64_EXTRA = 1;
  private static final int MAX_COMMENT = 0xffff;

  /**
   * The largest directory, enough for some 30,000 entries. PyTorch's archives have a few thousand.
   */
  private static final int MAX_DIRECTORY = 4 << 20;

  private final MappedFile file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A file in the archive; {@code start} is the position of its local header. */
  private record Entry(
      String name, boolean stored, int crc, long compressed, long size, long start) {}

  /** The directory's position and number of entries. */
  private record Place(long entries, long length, long start) {}

  /** Reads and checks the directory, but not the entries' contents. */
  ZipDirectory(MappedFile file) throws IOException {
    this.file = file;
    Place place = findDirectory();
    if (place.length > MAX_DIRECTORY) {
      throw new IOException(
          "the zip's directory has %d bytes; expected at most %d"
              .formatted(place.length, MAX_DIRECTORY));
    }
    ByteBuffer directory = file.slice(place.start, place.length, "the zip's directory");
    while (directory.hasRemaining()) {
      Entry entry = readEntry(directory);
      if (entries.put(entry.name, entry) != null) {
        throw new IOException("the zip lists " + Text.quote(entry.name) + " twice");
      }
    }
    if (entries.size() != place.entries) {
      throw new IOException(
          "the zip's directory has %d entries; expected %d"
              .formatted(entries.size(), place.entries));
    }
    requireApart(place.start);
  }

  private Place findDirectory() throws IOException {
    long tailStart = Math.max(0, file.size() - END_BYTES - MAX_COMMENT);
    ByteBuffer tail = file.slice(tailStart, file.size() - tailStart, "the end of the zip");
    for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END && at + END_BYTES + u16(tail, at + 20) == tail.limit()) {
        Place place = new Place(u16(tail, at + 10), u32(tail, at + 12), u32(tail, at + 16));
        boolean beyond =
            place.entries == 0xffff || place.length == 0xffffffffL || place.start == 0xffffffffL;
        return beyond ? zip64Directory(tailStart + at) : place;
      }
    }
    throw new IOException(
        "it starts like a zip archive but has no zip directory at its end: it is truncated; copy "
            + "or download it again");
  }

  private Place zip64Directory(long end) throws IOException {
    ByteBuffer locator =
        file.slice(end - ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_BYTES, "the zip64 locator");
    require(locator.getInt(0) == ZIP64_LOCATOR, "the zip64 locator");
    ByteBuffer record = file.slice(locator.getLong(8), ZIP64_END_BYTES, "the zip64 end record");
    require(record.getInt(0) == ZIP64_END, "the zip64 end record");
    return new Place(record.getLong(32), record.getLong(40), record.getLong(48));
  }

  private static Entry readEntry(ByteBuffer directory) throws IOException {
    int at = directory.position();
    require(directory.remaining() >= CENTRAL_HEADER_BYTES, "the zip's directory");
    require(directory.getInt(at) == CENTRAL_HEADER, "the zip's directory");
    int nameLength = u16(directory, at + 28);
    int extraLength = u16(directory, at + 30);
    int length = CENTRAL_HEADER_BYTES + nameLength + extraLength + u16(directory, at + 32);
    require(directory.remaining() >= length, "the zip's directory");

    String name = utf8(directory, at + CENTRAL_HEADER_BYTES, nameLength);
    if (name.startsWith("/") || List.of(name.split("[/\\\\]", -1)).contains("..")) {
      throw new IOException("the zip's entry " + Text.quote(name) + " points outside the archive");
    }
    long[] numbers = {u32(directory, at + 24), u32(directory, at + 20), u32(directory, at + 42)};
    int extra = at + CENTRAL_HEADER_BYTES + nameLength;
    replaceByZip64(numbers, directory.slice(extra, extraLength).order(directory.order()));
    int flags = u16(directory, at + 8);
    int method = u16(directory, at + 10);
    boolean encrypted = (flags & 1) != 0;
    directory.position(at + length);
    return new Entry(
        name,
        method == 0 && !encrypted,
        directory.getInt(at + 16),
        numbers[1],
        numbers[0],
        numbers[2]);
  }

  /** Reads an entry's numbers of more than 32 bits from its extra field. */
  private static void replaceByZip64(long[] numbers, ByteBuffer extra) throws IOException {
    while (extra.remaining() >= 4) {
      int kind = extra.getShort() & 0xffff;
      int length = extra.getShort() & 0xffff;
      require(length <= extra.remaining(), "the extra field of a zip entry");
      int next = extra.position() + length;
      for (int i = 0; kind == ZIP64_EXTRA && i < numbers.length; i++) {
        if (numbers[i] == 0xffffffffL) {
          require(next - extra.position() >= Long.BYTES, "the zip64 field of a zip entry");
          numbers[i] = extra.getLong();
        }
      }
      extra.position(next);
    }
  }

  /** Rejects entries that share bytes, which only happens in hostile files. */
  private void requireApart(long directoryStart) throws IOException {
    List<Entry> inOrder = new ArrayList<>(entries.values());
    inOrder.sort(Comparator.comparingLong(Entry::start));
    long free = 0;
    for (Entry entry : inOrder) {
      if (entry.start < free) {
        throw new IOException("the zip's entry " + Text.quote(entry.name) + " overlaps another");
      }
      long data = dataStart(entry);
      if (entry.compressed < 0 || entry.compressed > directoryStart - data) {
        throw new IOException(
            "the zip's entry " + Text.quote(entry.name) + " overlaps the zip's directory");
      }
      free = data + entry.compressed;
    }
  }

  private long dataStart(Entry entry) throws IOException {
    String what = "the header of the zip's entry " + Text.quote(entry.name);
    ByteBuffer header = file.slice(entry.start, LOCAL_HEADER_BYTES, what);
    require(header.getInt(0) == LOCAL_HEADER, what);
    int nameLength = u16(header, 26);
    long nameStart = entry.start + LOCAL_HEADER_BYTES;
    String name = utf8(file.slice(nameStart, nameLength, what), 0, nameLength);
    require(name.equals(entry.name), what);
    return nameStart + nameLength + u16(header, 28);
  }

  /** Returns the names of all entries in the directory's order. */
  Set<String> names() {
    return entries.keySet();
  }

  /** Returns the bytes of an entry. Call {@link #check} to verify its checksum. */
  long size(String name) throws IOException {
    return stored(name).size;
  }

  /** Returns a part of an entry. */
  ByteBuffer slice(String name, long start, long length) throws IOException {
    Entry entry = stored(name);
    if (start < 0 || start > entry.size - length) {
      throw new IOException(
          "the zip's entry %s has %d bytes, but %d bytes starting at byte %d are needed"
              .formatted(Text.quote(name), entry.size, length, start));
    }
    return file.slice(dataStart(entry) + start, length, "the zip's entry " + Text.quote(name));
  }

  /**
   * Verifies an entry's checksum, which reads all of its bytes.
   *
   * @throws IOException if it does not match
   */
  void check(String name) throws IOException {
    CRC32 crc = new CRC32();
    long size = size(name);
    for (long start = 0; start < size; start += MappedFile.MAX_SLICE) {
      crc.update(slice(name, start, Math.min(size - start, MappedFile.MAX_SLICE)));
    }
    int expected = stored(name).crc;
    if ((int) crc.getValue() != expected) {
      throw new IOException(
          "the zip's entry %s has checksum %08x instead of %08x: it is damaged; copy or download the file again"
              .formatted(Text.quote(name), (int) crc.getValue(), expected));
    }
  }

  private Entry stored(String name) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IOException("the zip has no entry " + Text.quote(name));
    }
    if (!entry.stored || entry.size != entry.compressed) {
      throw new IOException(
          "the zip's entry %s is compressed or encrypted, unlike PyTorch's files; save it again with torch.save"
              .formatted(Text.quote(name)));
    }
    return entry;
  }

  private static void require(boolean sound, String what) throws IOException {
    if (!sound) {
      throw new IOException(what + " is damaged; copy or download it again");
    }
  }

  private static String utf8(ByteBuffer buffer, int at, int length) {
    return UTF_8.decode(buffer.slice(at, length)).toString();
  }

  private static int u16(ByteBuffer buffer, int at) {
    return buffer.getShort(at) & 0xffff;
  }

  private static long u32(ByteBuffer buffer, int at) {
    return buffer.getInt(at) & 0xffffffffL;
  }
}
