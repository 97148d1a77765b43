package io.github.pixelwise.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.github.pixelwise.model.FloatTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a module returned: one tensor, or several by name. Tensors of a tuple or list are named by
 * their position, from "0". Owns native memory until closed.
 */
final class Outputs implements AutoCloseable {
  private final IValue result;

  /** The tensors of a dict, tuple, or list, owned; empty if the result is a single tensor. */
  private final Map<String, IValue> parts = new TreeMap<>();

  private Outputs(IValue result) {
    this.result = result;
  }

  /**
   * Takes over what a module returned.
   *
   * @throws EngineException if it is a dict whose keys are not strings
   */
  static Outputs of(IValue result) {
    Outputs outputs = new Outputs(result);
    try {
      outputs.addParts();
    } catch (EngineException e) {
      outputs.close();
      throw e;
    }
    return outputs;
  }

  private void addParts() {
    if (result.isMap()) {
      result.toIValueMap().forEach(this::add);
    } else if (result.isTuple()) {
      add(result.toIValueTuple());
    } else if (result.isList()) {
      add(result.toIValueArray());
    }
  }

  private void add(IValue[] places) {
    for (int i = 0; i < places.length; i++) {
      add(Integer.toString(i), places[i]);
    }
  }

  private void add(String name, IValue part) {
    if (part.isTensor()) {
      parts.put(name, part);
    } else {
      part.close();
    }
  }

  /** Whether the result is a single tensor, which has no name. */
  boolean isTensor() {
    return result.isTensor();
  }

  /** The names of the tensors; empty if the result is a single tensor or has no tensors. */
  Set<String> names() {
    return parts.keySet();
  }

  /** Finds a tensor by name. A single tensor has any name; an empty name finds the only one. */
  private @Nullable IValue find(String name) {
    if (isTensor()) {
      return result;
    }
    return name.isEmpty() && parts.size() == 1 ? parts.values().iterator().next() : parts.get(name);
  }

  /**
   * Copies a tensor to the heap, as floats.
   *
   * @param scope owns temporary arrays until the caller closes it
   * @return the tensor; null if there is no tensor with that name
   */
  @Nullable FloatTensor copy(String name, PtNDManager scope) {
    IValue found = find(name);
    if (found == null) {
      return null;
    }
    PtNDArray floats = JniUtils.to(found.toTensor(scope), DataType.FLOAT32, Device.cpu());
    int[] shape = Arrays.stream(floats.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    ByteBuffer bytes = floats.toByteBuffer(true);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return FloatTensor.of(values, shape);
  }

  @Override
  public void close() {
    parts.values().forEach(IValue::close);
    result.close();
  }
}
