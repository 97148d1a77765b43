package io.github.pixelwise.network.convert;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the part of Python's pickle, protocol 2, that PyTorch's files need. */
final class Pickle {
  /** What pickle calls its operations: each works on a stack of values. */
  enum Op {
    MARK('('),
    /** All values since the mark. */
    TUPLE('t'),
    EMPTY_TUPLE(')'),
    EMPTY_LIST(']'),
    /** Adds all values since the mark to the list before it. */
    APPENDS('e'),
    EMPTY_DICT('}'),
    /** Puts all keys and values since the mark into the dict before it. */
    SET_ITEMS('u'),
    FALSE(0x89),
    /** Replaces an identifier by what lies outside of the pickle. */
    PERSISTENT_ID('Q'),
    /** Calls a function with a tuple. */
    REDUCE('R'),
    /** Creates an object of a class, with a tuple. */
    NEW_OBJECT(0x81),
    /** Gives an object its state. */
    BUILD('b'),
    STOP('.');

    private final int code;

    Op(int code) {
      this.code = code;
    }
  }

  private static final int PROTOCOL = 0x80;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Pickle() {
    bytes.write(PROTOCOL);
    bytes.write(2);
  }

  Pickle put(Op... operations) {
    for (Op operation : operations) {
      bytes.write(operation.code);
    }
    return this;
  }

  /** A class or function. */
  Pickle global(String module, String name) {
    bytes.write('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Pickle text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.write('X');
    writeInt(encoded.length);
    bytes.writeBytes(encoded);
    return this;
  }

  Pickle number(int number) {
    bytes.write('J');
    writeInt(number);
    return this;
  }

  Pickle tuple(List<Integer> numbers) {
    put(Op.MARK);
    numbers.forEach(this::number);
    return put(Op.TUPLE);
  }

  private void writeInt(int number) {
    ByteBuffer encoded = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.writeBytes(encoded.putInt(number).array());
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
