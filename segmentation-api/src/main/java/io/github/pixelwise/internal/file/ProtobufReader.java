package io.github.pixelwise.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the fields of a protobuf message one by one, following its <a
 * href="https://protobuf.dev/programming-guides/encoding/">wire format</a>.
 */
public final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH_AND_BYTES = 2;
  private static final int FOUR_BYTES = 5;

  private final ByteBuffer message;
  private int start;
  private int field;
  private long varint;
  private int valueStart;

  /** Reads from the buffer's position to its limit, which stay as they are. */
  public ProtobufReader(ByteBuffer message) {
    this.message = message.slice();
  }

  /**
   * Moves to the next field.
   *
   * @return false after the last one
   * @throws IOException if what follows is not a field
   */
  public boolean next() throws IOException {
    if (!message.hasRemaining()) {
      return false;
    }
    start = message.position();
    long tag = readVarint();
    field = (int) (tag >>> 3);
    valueStart = message.position();
    switch ((int) (tag & 7)) {
      case VARINT -> varint = readVarint();
      case EIGHT_BYTES -> skip(Long.BYTES);
      case FOUR_BYTES -> skip(Integer.BYTES);
      case LENGTH_AND_BYTES -> {
        long length = readVarint();
        valueStart = message.position();
        skip(length);
      }
      default -> throw new IOException("byte " + start + " does not start a field");
    }
    return true;
  }

  private long readVarint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!message.hasRemaining()) {
        throw new IOException("it ends within a field");
      }
      byte next = message.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("byte " + start + " does not start a field");
  }

  private void skip(long length) throws IOException {
    if (length < 0 || length > message.remaining()) {
      throw new IOException("it ends within a field");
    }
    message.position(message.position() + (int) length);
  }

  /** The number of the field. */
  public int field() {
    return field;
  }

  /** The value of a field that is a whole number. */
  public long number() {
    return varint;
  }

  /** The value of a field that is a message or other bytes. */
  public ByteBuffer bytes() {
    return message.slice(valueStart, message.position() - valueStart);
  }

  /** The whole field as in the message, including its number. */
  public ByteBuffer whole() {
    return message.slice(start, message.position() - start);
  }
}
