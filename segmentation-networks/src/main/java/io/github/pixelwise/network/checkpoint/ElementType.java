package io.github.pixelwise.network.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The type of a tensor's elements, all little-endian. */
enum ElementType {
  FLOAT32(4, "FloatStorage", "F32"),
  FLOAT64(8, "DoubleStorage", "F64"),
  FLOAT16(2, "HalfStorage", "F16"),
  BFLOAT16(2, "BFloat16Storage", "BF16"),
  INT64(8, "LongStorage", "I64"),
  INT32(4, "IntStorage", "I32"),
  INT16(2, "ShortStorage", "I16"),
  INT8(1, "CharStorage", "I8"),
  UINT8(1, "ByteStorage", "U8"),
  BOOL(1, "BoolStorage", "BOOL"),
  // Skipped types, listed because skipping needs their size.
  COMPLEX64(8, "ComplexFloatStorage", null),
  COMPLEX128(16, "ComplexDoubleStorage", null),
  QINT8(1, "QInt8Storage", null),
  QUINT8(1, "QUInt8Storage", null),
  QINT32(4, "QInt32Storage", null);

  private final int bytes;
  private final String torchStorage;
  private final @Nullable String safetensorsName;

  ElementType(int bytes, String torchStorage, @Nullable String safetensorsName) {
    this.bytes = bytes;
    this.torchStorage = torchStorage;
    this.safetensorsName = safetensorsName;
  }

  /** The size of one element in bytes. */
  int bytes() {
    return bytes;
  }

  /** Whether elements are real numbers. Only those can be read. */
  boolean isReal() {
    return safetensorsName != null;
  }

  /** Finds the type by PyTorch's storage class, for example FloatStorage. */
  static Optional<ElementType> ofTorchStorage(String storage) {
    return Arrays.stream(values()).filter(type -> type.torchStorage.equals(storage)).findFirst();
  }

  /** Finds the type by its name in safetensors, for example F32. */
  static Optional<ElementType> ofSafetensors(String name) {
    return Arrays.stream(values()).filter(type -> name.equals(type.safetensorsName)).findFirst();
  }

  /** Finds the type by the result of {@link #toString}, for example float32. */
  static Optional<ElementType> ofName(String name) {
    return Arrays.stream(values()).filter(type -> type.toString().equals(name)).findFirst();
  }

  /**
   * Converts a row of elements.
   *
   * @param from the stored bytes
   * @param position the position of the first element
   * @param step the distance between elements in bytes
   * @param to receives the values
   * @param first the index of the first value in {@code to}
   * @param count the number of elements
   */
  void convert(ByteBuffer from, int position, int step, float[] to, int first, int count) {
    if (!isReal()) {
      throw new IllegalStateException(this + " is not a type of real numbers");
    }
    io.github.pixelwise.spi.ElementType.valueOf(name())
        .decode(from, position, step, to, first, count);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
