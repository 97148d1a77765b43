package io.github.pixelwise.imaging.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The beginning of a TIFF: its header, one directory, and the values of the directory's fields. */
final class TiffLayout {
  private static final int CLASSIC_HEADER = 8;
  private static final int BIG_HEADER = 16;

  private final ByteOrder order;
  private final boolean big;
  private final TreeMap<Integer, TiffField> fields = new TreeMap<>();
  private final Map<Integer, Integer> positions = new HashMap<>();
  private int size;

  /** Lays out these fields, which all have the given order of bytes. */
  TiffLayout(ByteOrder order, boolean big, Collection<TiffField> fields) {
    this.order = order;
    this.big = big;
    fields.forEach(field -> this.fields.put(field.tag(), field));
    size = header() + countBytes() + fields.size() * entryBytes() + offsetBytes();
    for (TiffField field : this.fields.values()) {
      if (field.value().length > offsetBytes()) {
        size += size % 2; // values begin at words
        positions.put(field.tag(), size);
        size = Math.addExact(size, field.value().length);
      }
    }
    size += size % 2;
  }

  private int header() {
    return big ? BIG_HEADER : CLASSIC_HEADER;
  }

  private int countBytes() {
    return big ? 8 : 2;
  }

  private int entryBytes() {
    return big ? 20 : 12;
  }

  private int offsetBytes() {
    return big ? 8 : 4;
  }

  /** The number of bytes, which is where pixels may begin. */
  int size() {
    return size;
  }

  /** Writes everything to a buffer that begins where the file begins. */
  void write(ByteBuffer file) {
    file.order(order).putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d));
    if (big) {
      file.putShort((short) 43).putShort((short) 8).putShort((short) 0).putLong(BIG_HEADER);
      file.putLong(fields.size());
    } else {
      file.putShort((short) 42).putInt(CLASSIC_HEADER).putShort((short) fields.size());
    }
    for (TiffField field : fields.values()) {
      file.putShort((short) field.tag()).putShort((short) field.type());
      putOffset(file, field.count());
      int next = file.position() + offsetBytes();
      Integer position = positions.get(field.tag());
      if (position == null) {
        file.put(field.value());
      } else {
        putOffset(file, position);
        file.put(position, field.value());
      }
      file.position(next);
    }
    putOffset(file, 0); // there is no other directory
  }

  private void putOffset(ByteBuffer file, long offset) {
    if (big) {
      file.putLong(offset);
    } else {
      file.putInt((int) offset);
    }
  }
}
