package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.internal.MappedFile;
import io.github.pixelwise.spi.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Numbers stored in a file, dequantized when they are read.
 *
 * @param file the file
 * @param shape the lengths of the axes, outermost first
 * @param element the type of the stored numbers
 * @param bytes the stored numbers, as many as the shape says
 * @param quantization how they were quantized
 */
record StoredTensor(
    MappedFile file,
    List<Integer> shape,
    ElementType element,
    ByteBuffer bytes,
    Quantization quantization)
    implements WeightTensor {
  /** The most whole numbers that an operator has for its settings. */
  private static final int MOST_SETTINGS = 16;

  @Override
  public String type() {
    return element.toString();
  }

  /** The number of values. */
  int count() {
    return bytes.limit() / element.bytes();
  }

  /** The same numbers with other axes. */
  StoredTensor reshaped(List<Integer> other) throws IOException {
    if (quantization.isPerChannel()) {
      throw new IOException("it reshapes numbers that are quantized for each channel");
    }
    return new StoredTensor(file, other, element, bytes, quantization);
  }

  @Override
  public float[] values() {
    try {
      file.requireSameSize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    float[] values = new float[count()];
    element.decode(bytes, 0, element.bytes(), values, 0, values.length);
    quantization.dequantize(values, shape);
    return values;
  }

  /**
   * Returns whole numbers, such as axes or sizes.
   *
   * @throws IOException if they have another type, or there are too many to be settings
   */
  int[] integers() throws IOException {
    if (element != ElementType.INT32 && element != ElementType.INT64) {
      throw new IOException("expected whole numbers (INT32 or INT64), found " + element);
    }
    if (count() > MOST_SETTINGS) {
      throw new IOException(
          "expected at most %d numbers, found %d".formatted(MOST_SETTINGS, count()));
    }
    int[] numbers = new int[count()];
    for (int i = 0; i < numbers.length; i++) {
      long number =
          element == ElementType.INT32
              ? bytes.getInt(i * Integer.BYTES)
              : bytes.getLong(i * Long.BYTES);
      numbers[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
    }
    return numbers;
  }
}
