package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Writes a pickle opcode by opcode. */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins a pickle of protocol 2. */
  PickleBytes() {
    op(0x80).op(2);
  }

  /** Writes a byte: an opcode or its argument. */
  PickleBytes op(int value) {
    out.write(value);
    return this;
  }

  /** Writes opcodes that are printable. */
  PickleBytes ops(String opcodes) {
    out.writeBytes(opcodes.getBytes(UTF_8));
    return this;
  }

  PickleBytes int32(int value) {
    return op(value).op(value >> 8).op(value >> 16).op(value >> 24);
  }

  PickleBytes int64(long value) {
    return int32((int) value).int32((int) (value >>> 32));
  }

  PickleBytes number(long value) {
    return op(0x8a).op(8).int64(value);
  }

  PickleBytes text(String text) {
    return ops("X").int32(text.length()).ops(text);
  }

  PickleBytes global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  /** A storage of float32 with key 0. */
  PickleBytes storage(long elements) {
    ops("(").text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    return number(elements).ops("tQ");
  }

  /** A call of _rebuild_tensor_v2 for a tensor with one axis in the storage with key 0. */
  PickleBytes tensor(long storage, long offset, long length, long stride) {
    global("torch._utils", "_rebuild_tensor_v2").ops("(").storage(storage).number(offset);
    ops("(").number(length).ops("t(").number(stride).ops("t");
    return op(0x89).ops("NtR");
  }

  /** Ends the pickle. */
  byte[] bytes() {
    return op('.').out.toByteArray();
  }
}
