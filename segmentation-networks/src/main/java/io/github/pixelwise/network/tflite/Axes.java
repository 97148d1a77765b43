package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.TensorOperation;
import io.github.pixelwise.spi.ElementType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Operators that change axes, or work along one. */
final class Axes {
  private static final int REFLECT = 0;

  private Axes() {}

  /** Reorders axes: axis i of the result is axis {@code order[i]} of the values. */
  static float[] permuted(float[] values, List<Integer> shape, int... order) {
    int axes = order.length;
    int[] steps = new int[axes];
    int step = 1;
    for (int axis = axes - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= shape.get(axis);
    }
    int[] index = new int[axes];
    float[] permuted = new float[values.length];
    int from = 0;
    for (int to = 0; to < permuted.length; to++) {
      permuted[to] = values[from];
      // Advance to the next number, like an odometer.
      for (int axis = axes - 1; axis >= 0; axis--) {
        from += steps[order[axis]];
        if (++index[axis] < shape.get(order[axis])) {
          break;
        }
        from -= steps[order[axis]] * index[axis];
        index[axis] = 0;
      }
    }
    return permuted;
  }

  /** An axis that may be counted from the end. */
  static int normalized(int axis, int axes) throws IOException {
    int positive = axis < 0 ? axis + axes : axis;
    if (positive < 0 || positive >= axes) {
      throw new IOException("it refers to axis %d of %d".formatted(axis, axes));
    }
    return positive;
  }

  /** The same lengths with another one for one axis. */
  static List<Integer> with(List<Integer> shape, int axis, int length) {
    List<Integer> other = new ArrayList<>(shape);
    other.set(axis, length);
    return List.copyOf(other);
  }

  /** The axes after a reshape. One length may be -1: what remains. */
  static List<Integer> reshaped(Call call, List<Integer> shape) throws IOException {
    int[] wanted =
        call.node().has(1)
            ? call.integers(1, "new shape")
            : call.options().int32s(0, shape.size() + 8);
    long count = count(shape);
    long known = 1;
    int open = -1;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] == -1 && open == -1) {
        open = i;
      } else if (wanted[i] < 1) {
        throw new IOException("its new shape is " + Arrays.toString(wanted));
      } else {
        known = Math.min(known * wanted[i], Integer.MAX_VALUE);
      }
    }
    if (open >= 0 && count % known == 0) {
      wanted[open] = (int) (count / known);
      known = count;
    }
    if (known != count) {
      throw new IOException("it reshapes %s to %s".formatted(shape, Arrays.toString(wanted)));
    }
    return Arrays.stream(wanted).boxed().toList();
  }

  private static long count(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  /** The axes without those of length 1, or without the given ones. */
  static List<Integer> squeezed(Call call, List<Integer> shape) throws IOException {
    int[] given = call.options().int32s(0, shape.size());
    Set<Integer> removed = new TreeSet<>();
    for (int axis : given) {
      int normalized = normalized(axis, shape.size());
      if (shape.get(normalized) != 1) {
        throw new IOException("it removes axis %d of %s".formatted(axis, shape));
      }
      removed.add(normalized);
    }
    List<Integer> rest = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      if (given.length == 0 ? shape.get(axis) != 1 : !removed.contains(axis)) {
        rest.add(shape.get(axis));
      }
    }
    return List.copyOf(rest);
  }

  static List<Integer> expanded(Call call, List<Integer> shape) throws IOException {
    int[] axis = call.integers(1, "axis");
    if (axis.length != 1 || shape.size() >= 8) {
      throw new IOException("it adds %d axes to %s".formatted(axis.length, shape));
    }
    List<Integer> more = new ArrayList<>(shape);
    more.add(normalized(axis[0], shape.size() + 1), 1);
    return List.copyOf(more);
  }

  /** Checks that a cast changes no number, as those of classes to another type. */
  static List<Integer> cast(Call call, List<Integer> shape) throws IOException {
    TfLiteFile file = call.graph().file();
    int from = call.node().input(0);
    int to = call.node().output();
    boolean whole = TensorType.element(file.type(from)).isWhole();
    if (!whole && TensorType.element(file.type(to)).isWhole()) {
      throw new IOException("it rounds numbers, which is not supported");
    }
    if (whole && file.quantization(from).isPresent()) {
      throw new IOException("it uses quantized numbers as they are stored, which is not supported");
    }
    return shape;
  }

  static Value concatenate(Call call) throws IOException {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < call.node().inputs().length; i++) {
      inputs.add(call.input(i));
    }
    if (inputs.isEmpty()) {
      throw new IOException("it has no inputs");
    }
    Value first = inputs.get(0);
    int axis = normalized(call.options().int32(0, 0), first.shape().size());
    if (axis != first.shape().size() - 1) {
      throw new IOException(
          "it concatenates along axis %d of %s; only the last axis, that of the channels, is supported"
              .formatted(axis, first.shape()));
    }
    for (Value input : inputs) {
      input.image();
    }
    Value result = call.apply(new TensorOperation.Concatenate(), inputs.toArray(Value[]::new));
    return call.activated(result.reshaped(with(first.shape(), axis, result.grid().channels())), 1);
  }

  /** Padding with zeros, or by a mirror image. */
  static Value pad(Call call) throws IOException {
    return padded(call, TensorOperation.Pad.Fill.ZERO);
  }

  /** Padding with a number that is an input. */
  static Value padWith(Call call) throws IOException {
    StoredTensor number = call.numbers(2, "number");
    if (number.count() != 1 || number.element() == ElementType.INT64 || number.values()[0] != 0) {
      throw new IOException("it pads with a number other than 0, which is not supported");
    }
    return padded(call, TensorOperation.Pad.Fill.ZERO);
  }

  static Value mirrored(Call call) throws IOException {
    if (call.options().int8(0, REFLECT) != REFLECT) {
      throw new IOException("it repeats the edge in its mirror image, which is not supported");
    }
    return padded(call, TensorOperation.Pad.Fill.REFLECT);
  }

  private static Value padded(Call call, TensorOperation.Pad.Fill fill) throws IOException {
    Value input = call.input(0).image();
    int[] amounts = call.integers(1, "padding");
    int axes = input.shape().size();
    if (axes > 4 || amounts.length != 2 * axes) {
      throw new IOException(
          "its padding has %d numbers for %d axes".formatted(amounts.length, axes));
    }
    int[] all = new int[8];
    System.arraycopy(amounts, 0, all, all.length - amounts.length, amounts.length);
    if (all[0] != 0 || all[1] != 0 || all[6] != 0) {
      throw new IOException(
          "it pads images or the beginning of the channels, which is not supported, by "
              + Arrays.toString(amounts));
    }
    if (Arrays.stream(all).allMatch(amount -> amount == 0)) {
      return input;
    }
    Value result =
        call.apply(new TensorOperation.Pad(all[4], all[5], all[2], all[3], all[7], fill), input);
    return result.reshaped(result.shape().subList(4 - axes, 4));
  }
}
