package io.github.pixelwise.network.tflite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.flatbuffers.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A table of a FlatBuffer, read by the numbers of its fields. Everything it reads is checked to lie
 * inside the buffer. It never follows a table's fields by itself, so cycles do no harm.
 */
final class FlatTable extends Table {
  private static final int HEADER = 4;

  /** The longest text that is read; the rest is left out. */
  private static final int LONGEST_TEXT = 200;

  private FlatTable(ByteBuffer buffer, int position) {
    __reset(position, buffer);
  }

  /**
   * Returns the root of a buffer.
   *
   * @param buffer the buffer, from index 0 to its limit
   * @throws IOException if it has none
   */
  static FlatTable root(ByteBuffer buffer) throws IOException {
    ByteBuffer little = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    require(little, 0, HEADER);
    return at(little, Integer.toUnsignedLong(little.getInt(0)));
  }

  /** Returns the table at a position, whose first number is the distance back to its vtable. */
  private static FlatTable at(ByteBuffer buffer, long position) throws IOException {
    require(buffer, position, HEADER);
    long vtable = position - buffer.getInt((int) position);
    require(buffer, vtable, HEADER);
    int size = Short.toUnsignedInt(buffer.getShort((int) vtable));
    require(buffer, vtable, size);
    return new FlatTable(buffer, (int) position);
  }

  private static void require(ByteBuffer buffer, long start, long length) throws IOException {
    if (start < 0 || start > buffer.limit() - length) {
      throw new IOException(
          "it is truncated or damaged: it refers to %d bytes starting at byte %d of %d"
              .formatted(length, start, buffer.limit()));
    }
  }

  /** Returns where a field is, or 0 if the table does not have it. */
  private int position(int field, int bytes) throws IOException {
    int offset = __offset(HEADER + 2 * field);
    if (offset == 0) {
      return 0;
    }
    require(bb, (long) bb_pos + offset, bytes);
    return bb_pos + offset;
  }

  boolean has(int field) throws IOException {
    return position(field, 1) != 0;
  }

  int int8(int field, int otherwise) throws IOException {
    int at = position(field, Byte.BYTES);
    return at == 0 ? otherwise : bb.get(at);
  }

  int int32(int field, int otherwise) throws IOException {
    int at = position(field, Integer.BYTES);
    return at == 0 ? otherwise : bb.getInt(at);
  }

  long int64(int field, long otherwise) throws IOException {
    int at = position(field, Long.BYTES);
    return at == 0 ? otherwise : bb.getLong(at);
  }

  float float32(int field, float otherwise) throws IOException {
    int at = position(field, Float.BYTES);
    return at == 0 ? otherwise : bb.getFloat(at);
  }

  /** Returns what the offset at a position points to. */
  private int target(int position) throws IOException {
    long target = position + Integer.toUnsignedLong(bb.getInt(position));
    require(bb, target, HEADER);
    return (int) target;
  }

  /** Returns the table in a field; an empty one if there is none. */
  FlatTable table(int field) throws IOException {
    int at = position(field, HEADER);
    return at == 0 ? empty() : at(bb, target(at));
  }

  /** A table without fields, so that each has its default. */
  private static FlatTable empty() throws IOException {
    byte[] bytes = {8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0};
    return root(ByteBuffer.wrap(bytes));
  }

  /** Returns the number of elements of a vector; 0 if there is none. */
  int length(int field) throws IOException {
    int at = position(field, HEADER);
    if (at == 0) {
      return 0;
    }
    int length = bb.getInt(target(at));
    if (length < 0) {
      throw new IOException(
          "it is damaged: it has a list of %s elements"
              .formatted(Integer.toUnsignedString(length)));
    }
    return length;
  }

  /** Returns the part of the buffer that holds a vector's elements. */
  private ByteBuffer elements(int field, int bytes) throws IOException {
    int length = length(field);
    if (length == 0) {
      return ByteBuffer.allocate(0);
    }
    long start = (long) target(position(field, HEADER)) + HEADER;
    require(bb, start, (long) length * bytes);
    return bb.slice((int) start, length * bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns a table of a vector of tables. */
  FlatTable table(int field, int index) throws IOException {
    int length = length(field);
    if (index < 0 || index >= length) {
      throw new IOException(
          "it is damaged: it refers to element %s of a list of %d"
              .formatted(Integer.toUnsignedString(index), length));
    }
    long at = (long) target(position(field, HEADER)) + HEADER + (long) index * HEADER;
    require(bb, at, HEADER);
    return at(bb, target((int) at));
  }

  ByteBuffer bytes(int field) throws IOException {
    return elements(field, Byte.BYTES);
  }

  /**
   * Returns the numbers of a vector of 32-bit integers.
   *
   * @throws IOException if there are more than the limit
   */
  int[] int32s(int field, int limit) throws IOException {
    ByteBuffer elements = elements(field, Integer.BYTES);
    int[] numbers = new int[count(elements.limit() / Integer.BYTES, limit)];
    elements.asIntBuffer().get(numbers);
    return numbers;
  }

  /**
   * Returns the numbers of a vector of 64-bit integers.
   *
   * @throws IOException if there are more than the limit
   */
  long[] int64s(int field, int limit) throws IOException {
    ByteBuffer elements = elements(field, Long.BYTES);
    long[] numbers = new long[count(elements.limit() / Long.BYTES, limit)];
    elements.asLongBuffer().get(numbers);
    return numbers;
  }

  /**
   * Returns the numbers of a vector of floats.
   *
   * @throws IOException if there are more than the limit
   */
  float[] float32s(int field, int limit) throws IOException {
    ByteBuffer elements = elements(field, Float.BYTES);
    float[] numbers = new float[count(elements.limit() / Float.BYTES, limit)];
    elements.asFloatBuffer().get(numbers);
    return numbers;
  }

  private static int count(int found, int limit) throws IOException {
    if (found > limit) {
      throw new IOException(
          "it has a list of %d numbers; at most %d are expected".formatted(found, limit));
    }
    return found;
  }

  /** Returns a text, truncated and without control characters; empty if there is none. */
  String text(int field) throws IOException {
    ByteBuffer bytes = elements(field, Byte.BYTES);
    bytes.limit(Math.min(bytes.limit(), LONGEST_TEXT));
    return UTF_8.decode(bytes).toString().replaceAll("\\p{C}", "?");
  }
}
