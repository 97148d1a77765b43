package io.github.pixelwise.network.checkpoint;

import java.util.List;
import java.util.function.Supplier;

/** A float32 tensor with values from a supplier. */
record ComputedTensor(List<Integer> shape, Supplier<float[]> source) implements WeightTensor {
  @Override
  public String type() {
    return "float32";
  }

  @Override
  public float[] values() {
    return source.get();
  }

  @Override
  public String toString() {
    return type() + " " + shape;
  }
}
