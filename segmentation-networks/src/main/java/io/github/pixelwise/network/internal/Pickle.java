package io.github.pixelwise.network.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the subset of Python's pickle protocol 2 that PyTorch's files need. */
public final class Pickle {
  /** Pickle's operations by their names in Python. Each works on a stack of values. */
  public enum Op {
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
    /** Replaces an identifier with an object outside the pickle. */
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

  /** Starts a pickle. */
  public Pickle() {
    bytes.write(PROTOCOL);
    bytes.write(2);
  }

  /** Writes operations. */
  public Pickle put(Op... operations) {
    for (Op operation : operations) {
      bytes.write(operation.code);
    }
    return this;
  }

  /** Writes a class or function. */
  public Pickle global(String module, String name) {
    bytes.write('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Writes a string. */
  public Pickle text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.write('X');
    writeInt(encoded.length);
    bytes.writeBytes(encoded);
    return this;
  }

  /** Writes an integer. */
  public Pickle number(int number) {
    bytes.write('J');
    writeInt(number);
    return this;
  }

  /** Writes a tuple of integers. */
  public Pickle tuple(List<Integer> numbers) {
    put(Op.MARK);
    numbers.forEach(this::number);
    return put(Op.TUPLE);
  }

  /**
   * Writes a tensor without gradient that has its own storage.
   *
   * @param key the storage's number in the archive
   * @param storage its class in PyTorch, for example {@code FloatStorage}
   */
  public Pickle tensor(int key, String storage, List<Integer> shape) {
    global("torch._utils", "_rebuild_tensor_v2").put(Op.MARK);
    put(Op.MARK).text("storage").global("torch", storage);
    text(Integer.toString(key)).text("cpu").number(elements(shape));
    put(Op.TUPLE, Op.PERSISTENT_ID);
    number(0).tuple(shape).tuple(strides(shape));
    put(Op.FALSE).emptyOrderedDict();
    return put(Op.TUPLE, Op.REDUCE);
  }

  /** Writes the dictionary type that PyTorch uses for state dicts. */
  public Pickle emptyOrderedDict() {
    return global("collections", "OrderedDict").put(Op.EMPTY_TUPLE, Op.REDUCE);
  }

  private static int elements(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  private static List<Integer> strides(List<Integer> shape) {
    List<Integer> strides = new ArrayList<>();
    for (int axis = 1; axis <= shape.size(); axis++) {
      strides.add(elements(shape.subList(axis, shape.size())));
    }
    return strides;
  }

  private void writeInt(int number) {
    ByteBuffer encoded = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.writeBytes(encoded.putInt(number).array());
  }

  /** {@return the bytes written so far} */
  public byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
