package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.network.checkpoint.TorchObjects.Storage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pickle: the binary opcodes of Python's <a
 * href="https://github.com/python/cpython/blob/3.11/Lib/pickletools.py">protocols 2 to 5</a>.
 *
 * <p>It executes nothing. It builds numbers, strings, lists, tuples and dictionaries itself, and
 * looks up the names of classes and functions in {@link TorchObjects}. Nothing here recurses, and
 * each opcode uses at most a fixed amount of memory beyond its bytes in the file.
 */
final class PickleReader {
  // A state dict has hundreds of tensors, each with about 100 bytes and five containers. With an
  // average, the optimizer's state and the arguments, DeepLabV3 on ResNet-101 takes 260 kB. These
  // limits allow eight times as much and keep the heap a hostile pickle can use below about 70 MB.

  /** The most bytes of all pickles in a file together. */
  static final int MAX_BYTES = 2 << 20;

  private static final int MAX_CONTAINERS = 1 << 17;
  static final int MAX_TENSORS = 1 << 15;

  /** Values other than containers, tensors and JDK types. */
  enum Plain {
    /** Python's None. */
    NONE,
    /** A value that no tensor needs: bytes, sets, numpy numbers. */
    OPAQUE,
    /** An unsupported tensor: complex, quantized, sparse or without values. */
    OTHER_TENSOR
  }

  private static final Object MARK = new Object();

  private final ByteBuffer in;
  private final String what;
  private final ArrayList<Object> stack = new ArrayList<>();
  private final Map<String, Storage> storages = new HashMap<>();
  private @Nullable Object[] memo = new @Nullable Object[64];
  private int memoized;
  private int containers;
  private int tensors;
  private int opcodeStart;

  /**
   * Creates a reader from the buffer's current position. {@link #read} moves the position to the
   * end of the pickle.
   *
   * @param in the buffer, of at most {@link #MAX_BYTES}
   * @param what a description of the pickle, for messages
   */
  PickleReader(ByteBuffer in, String what) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    this.what = what;
  }

  /**
   * Reads the pickle.
   *
   * @return a String, Long, BigInteger, Double, Boolean, {@link Plain}, {@link PickleContainer},
   *     {@link TorchObjects.Effect}, {@link TorchObjects.StorageClass}, {@link
   *     TorchObjects.Storage}, {@link TorchObjects.Tensor}, {@link TorchObjects.Foreign} or {@link
   *     ElementType}
   * @throws IOException if it is damaged or contains anything else
   */
  Object read() throws IOException {
    try {
      while (true) {
        opcodeStart = in.position();
        int opcode = in.get() & 0xff;
        if (opcode == '.') {
          return pop();
        }
        step(opcode);
      }
    } catch (BufferUnderflowException e) {
      throw new IOException(
          "%s is truncated or has more than %d bytes".formatted(what, MAX_BYTES), e);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + " (byte " + opcodeStart + " of " + what + ")", e);
    }
  }

  private void step(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> protocol(in.get());
      case 0x95 -> in.getLong(); // FRAME: the length of a frame, not needed
      case '(' -> stack.add(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> stack.add(top());

      case 'N' -> stack.add(Plain.NONE);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'K' -> stack.add((long) (in.get() & 0xff));
      case 'M' -> stack.add((long) (in.getShort() & 0xffff));
      case 'J' -> stack.add((long) in.getInt());
      case 0x8a -> stack.add(integer(take(in.get() & 0xff)));
      case 0x8b -> opaque(in.getInt()); // LONG4: an integer of more than 255 bytes
      case 'G' -> stack.add(bigEndianDouble());

      case 0x8c, 'U' -> stack.add(text(in.get() & 0xff));
      case 'X' -> stack.add(text(in.getInt() & 0xffffffffL));
      case 'T' -> stack.add(text(in.getInt()));
      case 0x8d -> stack.add(text(in.getLong()));
      case 'C' -> opaque(in.get() & 0xff);
      case 'B' -> opaque(in.getInt() & 0xffffffffL);
      case 0x8e, 0x96 -> opaque(in.getLong());

      case ']' -> push(new PickleContainer("list"));
      case 'l' -> push(container("list", popToMark()));
      case 'a' -> extend(pop(1));
      case 'e' -> extend(popToMark());
      case ')' -> push(new PickleContainer("tuple"));
      case 't' -> push(container("tuple", popToMark()));
      case 0x85 -> push(container("tuple", pop(1)));
      case 0x86 -> push(container("tuple", pop(2)));
      case 0x87 -> push(container("tuple", pop(3)));
      case '}' -> push(new PickleContainer("dict"));
      case 'd' -> {
        PickleContainer dictionary = new PickleContainer("dict");
        addAll(dictionary, popToMark());
        push(dictionary);
      }
      case 's' -> putAll(pop(2));
      case 'u' -> putAll(popToMark());
      case 0x8f -> stack.add(Plain.OPAQUE); // an empty set
      case 0x90 -> popToMark(); // values added to a set
      case 0x91 -> {
        popToMark();
        stack.add(Plain.OPAQUE);
      }

      case 'q' -> memoize(in.get() & 0xff);
      case 'r' -> memoize(in.getInt() & 0xffffffffL);
      case 0x94 -> memoize(memoized);
      case 'h' -> stack.add(memoized(in.get() & 0xff));
      case 'j' -> stack.add(memoized(in.getInt() & 0xffffffffL));

      case 'c' -> stack.add(TorchObjects.global(line(), line()));
      case 'i' -> throw TorchObjects.refusal(line() + "." + line());
      case 0x93 -> {
        List<Object> names = pop(2);
        stack.add(TorchObjects.global(asText(names.get(0)), asText(names.get(1))));
      }
      case 'R', 0x81 -> { // a call or the creation of an object: both name what to build
        List<Object> call = pop(2);
        push(TorchObjects.build(call.get(0), call.get(1)));
      }
      case 0x92 -> { // the same with named arguments
        List<Object> call = pop(3);
        push(TorchObjects.build(call.get(0), call.get(1)));
      }
      case 'b' -> {
        Object state = pop();
        TorchObjects.setState(top(), state);
      }
      case 'Q' -> {
        Object object = TorchObjects.persistent(pop());
        stack.add(object instanceof Storage storage ? known(storage) : object);
      }
      default -> throw new IOException("opcode 0x%02x is not used by PyTorch".formatted(opcode));
    }
  }

  private Storage known(Storage storage) throws IOException {
    Storage known = storages.putIfAbsent(storage.key(), storage);
    if (known != null && (known.type() != storage.type() || known.bytes() != storage.bytes())) {
      throw new IOException(
          "storage %s has %d bytes of %s in one place and %d of %s in another"
              .formatted(
                  Text.quote(storage.key()),
                  known.bytes(),
                  known.type(),
                  storage.bytes(),
                  storage.type()));
    }
    return storage.equals(known) ? known : storage;
  }

  /** Returns the storages that the pickle refers to, by key. Call after {@link #read}. */
  Map<String, Storage> storages() {
    return storages;
  }

  private static void protocol(byte version) throws IOException {
    if (version < 2 || version > 5) {
      throw new IOException("it uses pickle protocol " + version + "; expected 2 to 5");
    }
  }

  /** Pushes a value and counts containers and tensors. */
  private void push(Object value) throws IOException {
    if (value instanceof PickleContainer && ++containers > MAX_CONTAINERS) {
      throw new IOException("there are more than " + MAX_CONTAINERS + " lists and dictionaries");
    }
    if (value instanceof TorchObjects.Tensor && ++tensors > MAX_TENSORS) {
      throw new IOException("there are more than " + MAX_TENSORS + " tensors");
    }
    stack.add(value);
  }

  private Object top() throws IOException {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
      throw new IOException("a value is missing");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws IOException {
    Object top = top();
    stack.remove(stack.size() - 1);
    return top;
  }

  private List<Object> pop(int count) throws IOException {
    Object[] values = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return Arrays.asList(values);
  }

  private List<Object> popToMark() throws IOException {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw new IOException("a mark is missing");
    }
    List<Object> above = stack.subList(mark + 1, stack.size());
    List<Object> values = new ArrayList<>(above);
    above.clear();
    stack.remove(mark);
    return values;
  }

  /** The container on top of the stack, to be modified: a list or dictionary, never a tuple. */
  private PickleContainer container(String kind) throws IOException {
    if (top() instanceof PickleContainer container && container.kind().equals(kind)) {
      return container;
    }
    throw new IOException(
        "something is added to " + Text.quote(top().toString()) + ", which is not a " + kind);
  }

  /** Adds items to the list on top of the stack. */
  private void extend(List<Object> items) throws IOException {
    if (!TorchObjects.isPassedOver(top())) {
      items.forEach(container("list")::add);
    }
  }

  /** Puts entries into the dictionary on top of the stack. */
  private void putAll(List<Object> keysAndValues) throws IOException {
    if (!TorchObjects.isPassedOver(top())) {
      addAll(container("dict"), keysAndValues);
    }
  }

  private static PickleContainer container(String kind, List<Object> items) {
    PickleContainer container = new PickleContainer(kind);
    items.forEach(container::add);
    return container;
  }

  private static void addAll(PickleContainer dictionary, List<Object> keysAndValues)
      throws IOException {
    if (keysAndValues.size() % 2 != 0) {
      throw new IOException("a dictionary has a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      TorchObjects.put(dictionary, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private void memoize(long index) throws IOException {
    // Python uses consecutive indices, and each takes at least one byte.
    if (index >= in.limit()) {
      throw new IOException("memo index " + index + " is beyond the length of the pickle");
    }
    if (index >= memo.length) {
      memo = Arrays.copyOf(memo, (int) Math.max(index + 1, 2L * memo.length));
    }
    memo[(int) index] = top();
    memoized++;
  }

  private Object memoized(long index) throws IOException {
    Object value = index < memo.length ? memo[(int) index] : null;
    if (value == null) {
      throw new IOException("memo index " + index + " was never set");
    }
    return value;
  }

  /** Reads a part of the pickle, and checks its length before allocating anything. */
  private ByteBuffer take(long length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return part;
  }

  private void opaque(long length) {
    take(length);
    stack.add(Plain.OPAQUE);
  }

  private String text(long length) {
    return UTF_8.decode(take(length)).toString();
  }

  /** Reads a line of text, which is how names of classes are stored. */
  private String line() {
    int start = in.position();
    while (in.get() != '\n') {
      // Find its end.
    }
    return UTF_8.decode(in.slice(start, in.position() - 1 - start)).toString();
  }

  private static Object integer(ByteBuffer littleEndian) {
    byte[] bytes = new byte[littleEndian.remaining()];
    for (int i = bytes.length - 1; i >= 0; i--) {
      bytes[i] = littleEndian.get();
    }
    if (bytes.length == 0) {
      return 0L;
    }
    BigInteger value = new BigInteger(bytes);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
  }

  private static String asText(Object name) throws IOException {
    if (name instanceof String text) {
      return text;
    }
    throw new IOException("the name of a class is not a string");
  }
}
