package io.github.pixelwise.network.checkpoint;

import java.util.List;
import java.util.function.Supplier;

/** A tensor of float32 whose values something else gives. */
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
