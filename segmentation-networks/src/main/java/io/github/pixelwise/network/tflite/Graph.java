package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The layers that a file's operators become, by the tensors that they compute. */
final class Graph {
  /** The most layers in a row: later steps use the stack for each of them. */
  private static final int DEEPEST = 600;

  /** The most numbers of a result for one image. */
  private static final long LARGEST = 1L << 28;

  private static final int LONGEST = 1 << 15;

  private final TfLiteFile file;
  private final Layer image;
  private final Map<Integer, Value> values = new HashMap<>();

  /** Numbers of the file that operators have only given other axes or another type. */
  private final Map<Integer, StoredTensor> viewed = new HashMap<>();

  private final Map<String, WeightTensor> weights = new LinkedHashMap<>();

  Graph(TfLiteFile file, int input, Layer image, Shape grid) {
    this.file = file;
    this.image = image;
    values.put(input, Value.of(image, grid, 0));
  }

  TfLiteFile file() {
    return file;
  }

  /** The parameters of all layers, by their names. */
  Map<String, WeightTensor> weights() {
    return weights;
  }

  void define(int tensor, Value value) {
    values.put(tensor, value);
  }

  void define(int tensor, StoredTensor numbers) {
    viewed.put(tensor, numbers);
  }

  /** The numbers of a tensor that does not depend on the image. */
  Optional<StoredTensor> constant(int tensor) throws IOException {
    if (values.containsKey(tensor)) {
      return Optional.empty();
    }
    StoredTensor known = viewed.get(tensor);
    return known == null ? file.stored(tensor) : Optional.of(known);
  }

  /**
   * Returns a tensor as a value.
   *
   * @param name the name of the layer to create if the tensor does not depend on the image
   */
  Value value(int tensor, String name) throws IOException {
    Value known = values.get(tensor);
    if (known != null) {
      return known;
    }
    StoredTensor numbers =
        constant(tensor)
            .orElseThrow(
                () ->
                    new IOException("no operator before it computes its input, tensor " + tensor));
    return constant(name, numbers);
  }

  private Value constant(String name, StoredTensor numbers) throws IOException {
    List<Integer> lengths = Value.padded(numbers.shape());
    if (lengths.size() > 4 || lengths.get(0) != 1) {
      throw new IOException(
          "numbers of the shape %s are not those of one image".formatted(numbers.shape()));
    }
    return constant(
        name,
        new Shape(lengths.get(3), lengths.get(2), lengths.get(1)),
        numbers.shape(),
        numbers::values);
  }

  /**
   * Adds numbers that do not depend on the image.
   *
   * @param values supplies them in the order height, width, channels
   */
  Value constant(String name, Shape grid, List<Integer> shape, Supplier<float[]> values)
      throws IOException {
    requireSize(grid);
    List<Integer> stored = List.of(1, grid.height(), grid.width(), grid.channels());
    Layer layer = image.constant(name, grid);
    parameter(layer, 0, () -> Axes.permuted(values.get(), stored, 0, 3, 1, 2));
    return new Value(layer, grid, shape, 0);
  }

  /** Sets the values of a layer's parameter. */
  void parameter(Layer layer, int index, Supplier<float[]> values) {
    var parameter = layer.parameters().get(index);
    weights.put(parameter.name(), WeightTensor.of(parameter.shape(), values));
  }

  /**
   * Adds a layer.
   *
   * @throws IOException if its result or the network is larger than any for images
   * @throws IllegalArgumentException if the inputs do not fit
   */
  Value apply(String name, Operation operation, Value... inputs) throws IOException {
    List<Shape> shapes = Arrays.stream(inputs).map(Value::grid).toList();
    Shape grid = operation.shape(shapes);
    requireSize(grid);
    int depth = 1 + Arrays.stream(inputs).mapToInt(Value::depth).max().orElse(0);
    if (depth > DEEPEST) {
      throw new IOException("it has more than %d layers in a row".formatted(DEEPEST));
    }
    List<Layer> others = new ArrayList<>();
    Arrays.stream(inputs).skip(1).map(Value::layer).forEach(others::add);
    Layer layer = inputs[0].layer().apply(name, operation, others.toArray(Layer[]::new));
    return Value.of(layer, grid, depth);
  }

  private static void requireSize(Shape grid) throws IOException {
    boolean wide = grid.channels() > LONGEST || grid.width() > LONGEST || grid.height() > LONGEST;
    if (wide || (long) grid.channels() * grid.width() * grid.height() > LARGEST) {
      throw new IOException(
          "its result of %s exceeds the limits of %d numbers, and of %d along an axis"
              .formatted(grid, LARGEST, LONGEST));
    }
  }

  /** The value of a tensor that must depend on the image. */
  Value result(int tensor) throws IOException {
    Value found = values.get(tensor);
    if (found == null || found.depth() == 0) {
      throw new IOException("no operator computes its output from its input");
    }
    return found;
  }
}
