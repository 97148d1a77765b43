package io.github.pixelwise.spi;

import io.github.pixelwise.internal.util.HalfFloats;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Locale;

/** How an engine stores the numbers of a tensor, with conversions from and to floats. */
public enum ElementType {
  /** IEEE 754 binary32, Java's {@code float}. */
  FLOAT32(Float.BYTES, -Float.MAX_VALUE, Float.MAX_VALUE),
  /** IEEE 754 binary64, Java's {@code double}. */
  FLOAT64(Double.BYTES, -Double.MAX_VALUE, Double.MAX_VALUE),
  /** IEEE 754 binary16. */
  FLOAT16(Short.BYTES, -65504, 65504),
  /** The upper half of a binary32. */
  BFLOAT16(Short.BYTES, -0x1.fep127, 0x1.fep127),
  /** Signed 64-bit integers. */
  INT64(Long.BYTES, Long.MIN_VALUE, Math.nextDown(0x1p63)),
  /** Signed 32-bit integers. */
  INT32(Integer.BYTES, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** Signed 16-bit integers. */
  INT16(Short.BYTES, Short.MIN_VALUE, Short.MAX_VALUE),
  /** Signed 8-bit integers. */
  INT8(Byte.BYTES, Byte.MIN_VALUE, Byte.MAX_VALUE),
  /** Unsigned 64-bit integers. */
  UINT64(Long.BYTES, 0, Math.nextDown(0x1p64)),
  /** Unsigned 32-bit integers. */
  UINT32(Integer.BYTES, 0, 0xffff_ffffL),
  /** Unsigned 16-bit integers. */
  UINT16(Short.BYTES, 0, 0xffff),
  /** Unsigned 8-bit integers. */
  UINT8(Byte.BYTES, 0, 0xff),
  /** Booleans, one byte each: 0 or 1. */
  BOOL(Byte.BYTES, 0, 1);

  private final int bytes;
  private final double min;
  private final double max;

  ElementType(int bytes, double min, double max) {
    this.bytes = bytes;
    this.min = min;
    this.max = max;
  }

  /**
   * Returns the size of one number.
   *
   * @return 1, 2, 4 or 8 bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Returns the lowest number.
   *
   * @return the lowest finite number
   */
  public double min() {
    return min;
  }

  /**
   * Returns the highest number.
   *
   * @return the highest finite number
   */
  public double max() {
    return max;
  }

  /**
   * Returns whether this type holds only integers.
   *
   * @return true if fractions are rounded
   */
  public boolean isWhole() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> false;
      default -> true;
    };
  }

  /**
   * Writes floats as numbers of this type, rounded to the nearest, ties to even.
   *
   * @param from the floats; all remaining ones are read
   * @param to where the numbers go, in its byte order, from its position on
   * @throws IllegalArgumentException if a number does not fit into this type
   * @throws java.nio.BufferOverflowException if there is not enough room
   */
  public void encode(FloatBuffer from, ByteBuffer to) {
    if (this == FLOAT32) {
      int length = from.remaining() * Float.BYTES;
      to.slice(to.position(), length).order(to.order()).asFloatBuffer().put(from);
      to.position(to.position() + length);
      return;
    }
    while (from.hasRemaining()) {
      float value = from.get();
      switch (this) {
        case FLOAT64 -> to.putDouble(value);
        case FLOAT16 -> to.putShort(finite(value, HalfFloats.toFloat16(value), 0x7c00));
        case BFLOAT16 -> to.putShort(finite(value, HalfFloats.toBfloat16(value), 0x7f80));
        case INT64, UINT64 -> to.putLong(whole(value));
        case INT32, UINT32 -> to.putInt((int) whole(value));
        case INT16, UINT16 -> to.putShort((short) whole(value));
        default -> to.put((byte) whole(value));
      }
    }
  }

  private short finite(float value, short half, int infinity) {
    if ((half & 0x7fff) == infinity && Float.isFinite(value)) {
      throw tooLarge(value);
    }
    return half;
  }

  private long whole(float value) {
    double rounded = Math.rint(value);
    if (!(rounded >= min && rounded <= max)) {
      throw tooLarge(value);
    }
    // The upper half of uint64 does not fit into a long; its bits are those of the number minus
    // 2^64.
    return rounded < 0x1p63 || this != UINT64 ? (long) rounded : (long) (rounded - 0x1p64);
  }

  private IllegalArgumentException tooLarge(float value) {
    return new IllegalArgumentException(value + " does not fit into the type " + this);
  }

  /**
   * Reads numbers of this type as floats; those with more digits than a float are rounded.
   *
   * @param from the buffer that holds the numbers, in its byte order
   * @param position the index of the first number's first byte
   * @param step the distance from one number to the next, in bytes
   * @param to where the floats go
   * @param first the index of the first float in {@code to}
   * @param count how many numbers to read
   * @throws IndexOutOfBoundsException if the buffer or the array is too short
   */
  public void decode(ByteBuffer from, int position, int step, float[] to, int first, int count) {
    if (this == FLOAT32 && step == Float.BYTES) {
      // Nearly all tensors are float32; this copies them at the speed of memory.
      ByteBuffer row = from.slice(position, count * Float.BYTES).order(from.order());
      row.asFloatBuffer().get(to, first, count);
      return;
    }
    // A loop for each type: a call for each element would cost more than the conversion.
    int end = first + count;
    int at = position;
    switch (this) {
      case FLOAT32 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.getFloat(at);
        }
      }
      case FLOAT64 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = (float) from.getDouble(at);
        }
      }
      case FLOAT16 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = HalfFloats.ofFloat16(from.getShort(at));
        }
      }
      case BFLOAT16 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = Float.intBitsToFloat(from.getShort(at) << 16);
        }
      }
      case INT64 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.getLong(at);
        }
      }
      case UINT64 -> {
        for (int i = first; i < end; i++, at += step) {
          long number = from.getLong(at);
          to[i] = number >= 0 ? number : (float) (number + 0x1p64);
        }
      }
      case INT32 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.getInt(at);
        }
      }
      case UINT32 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = Integer.toUnsignedLong(from.getInt(at));
        }
      }
      case INT16 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.getShort(at);
        }
      }
      case UINT16 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = Short.toUnsignedInt(from.getShort(at));
        }
      }
      case INT8 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.get(at);
        }
      }
      case UINT8 -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.get(at) & 0xff;
        }
      }
      case BOOL -> {
        for (int i = first; i < end; i++, at += step) {
          to[i] = from.get(at) == 0 ? 0 : 1;
        }
      }
    }
  }

  /** Returns the name used by NumPy and PyTorch, for example {@code uint8}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
