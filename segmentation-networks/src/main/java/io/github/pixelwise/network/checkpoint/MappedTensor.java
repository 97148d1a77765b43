package io.github.pixelwise.network.checkpoint;

import io.github.pixelwise.network.internal.MappedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A tensor in mapped memory. */
final class MappedTensor implements WeightTensor {
  private final MappedFile file;
  private final ElementType type;
  private final TensorLayout layout;
  private final ByteBuffer bytes;

  /**
   * Creates a tensor.
   *
   * @param file its file
   * @param bytes the stored elements that the layout spans, from first to last
   */
  MappedTensor(MappedFile file, ElementType type, TensorLayout layout, ByteBuffer bytes) {
    this.file = file;
    this.type = type;
    this.layout = layout;
    this.bytes = bytes;
  }

  @Override
  public List<Integer> shape() {
    return layout.shape();
  }

  @Override
  public String type() {
    return type.toString();
  }

  @Override
  public float[] values() {
    try {
      file.requireSameSize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    float[] values = new float[layout.elements()];
    fill(values);
    return values;
  }

  private void fill(float[] values) {
    TensorLayout rows = layout.merged();
    int inner = rows.shape().size() - 1;
    int rowLength = inner < 0 ? values.length : rows.shape().get(inner);
    int step = inner < 0 ? type.bytes() : (int) (rows.strides().get(inner) * type.bytes());
    int[] index = new int[Math.max(0, inner)];
    int position = 0;
    for (int at = 0; at < values.length; at += rowLength) {
      type.convert(bytes, position, step, values, at, rowLength);
      // Advance to the next row, like an odometer.
      for (int axis = inner - 1; axis >= 0; axis--) {
        int stride = (int) (rows.strides().get(axis) * type.bytes());
        position += stride;
        if (++index[axis] < rows.shape().get(axis)) {
          break;
        }
        position -= stride * index[axis];
        index[axis] = 0;
      }
    }
  }

  @Override
  public String toString() {
    return type + " " + layout.shape();
  }
}
