package io.github.pixelwise.imaging.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A tag of a TIFF with its values. */
final class TiffField {
  static final int ASCII = 2;
  static final int SHORT = 3;
  static final int LONG = 4;
  static final int DOUBLE = 12;
  static final int LONG8 = 16;

  /** The bytes of one value of type 0 (there is none), BYTE 1, ASCII 2, SHORT 3 to IFD8 18. */
  private static final List<Integer> TYPE_BYTES =
      List.of(0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8);

  /** What is swapped as one: a rational number is two of four bytes. */
  private static final List<Integer> SWAPPED_BYTES =
      List.of(0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4, 0, 0, 8, 8, 8);

  private final int tag;
  private final int type;
  private final byte[] value;
  private final ByteOrder order;

  /**
   * Creates a field.
   *
   * @param tag the tag's number
   * @param type the values' type, BYTE 1 to IFD8 18
   * @param value the bytes of the values, not copied
   * @param order the order of the bytes of a value
   */
  TiffField(int tag, int type, byte[] value, ByteOrder order) {
    this.tag = tag;
    this.type = type;
    this.value = value;
    this.order = order;
  }

  /** The bytes of a value; 0 if there is no such type. */
  static int bytes(int type) {
    return type < TYPE_BYTES.size() ? TYPE_BYTES.get(type) : 0;
  }

  static TiffField shorts(int tag, ByteOrder order, int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 2).order(order);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return new TiffField(tag, SHORT, buffer.array(), order);
  }

  /** Offsets and sizes: of type LONG8 in a BigTIFF, else LONG. */
  static TiffField longs(int tag, ByteOrder order, boolean big, long... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * (big ? 8 : 4)).order(order);
    for (long value : values) {
      if (big) {
        buffer.putLong(value);
      } else {
        buffer.putInt((int) value);
      }
    }
    return new TiffField(tag, big ? LONG8 : LONG, buffer.array(), order);
  }

  static TiffField text(int tag, ByteOrder order, String text) {
    return new TiffField(tag, ASCII, (text + '\0').getBytes(StandardCharsets.UTF_8), order);
  }

  /** The tag's number. */
  int tag() {
    return tag;
  }

  /** The number of the values' type. */
  int type() {
    return type;
  }

  /** The bytes of the values, which are not copied. */
  byte[] value() {
    return value;
  }

  /** The number of values. */
  int count() {
    return value.length / bytes(type);
  }

  /** A whole number; those of other types are 0. */
  long integer(int index) {
    ByteBuffer values = ByteBuffer.wrap(value).order(order);
    return switch (type) {
      case 1, 7 -> value[index] & 0xff;
      case SHORT -> values.getShort(index * 2) & 0xffff;
      case LONG, 13 -> values.getInt(index * 4) & 0xffffffffL;
      case LONG8, 17, 18 -> values.getLong(index * 8);
      default -> 0;
    };
  }

  /** A number of type DOUBLE. */
  double real(int index) {
    return ByteBuffer.wrap(value).order(order).getDouble(index * 8);
  }

  /** Text up to its closing zero. */
  String text() {
    String text = new String(value, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** The same values, those of BigTIFF's own types as LONG. */
  TiffField classic() {
    if (type < LONG8) {
      return this;
    }
    long[] values = new long[count()];
    Arrays.setAll(values, this::integer);
    return longs(tag, order, false, values);
  }

  /** The same values in another order of bytes. */
  TiffField in(ByteOrder other) {
    int swapped = SWAPPED_BYTES.get(type);
    if (other == order || swapped < 2) {
      return new TiffField(tag, type, value, other);
    }
    byte[] turned = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      turned[i] = value[i - i % swapped + swapped - 1 - i % swapped];
    }
    return new TiffField(tag, type, turned, other);
  }
}
