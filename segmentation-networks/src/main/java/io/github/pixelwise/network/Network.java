package io.github.pixelwise.network;

import io.github.pixelwise.model.InputSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A network: a graph of layers from an image's tensor to scores. It has no weights; a checkpoint
 * has. Immutable.
 */
public final class Network {
  private final String name;
  private final Layer output;
  private final List<Layer> auxiliary;
  private final List<String> ignored;
  private final List<Layer> layers;

  private Network(String name, Layer output, List<Layer> auxiliary, List<String> ignored) {
    this.name = Objects.requireNonNull(name, "name");
    this.output = output;
    this.auxiliary = auxiliary;
    this.ignored = ignored;
    Set<Layer> found = new LinkedHashSet<>();
    collect(output, found);
    auxiliary.forEach(layer -> collect(layer, found));
    layers = List.copyOf(found);
    requireOneInput();
    requireOneOfEachName();
  }

  /**
   * A network that ends in a layer.
   *
   * @param name the network's name, lower case with hyphens
   * @param output the scores of its classes
   * @return the network: everything that the output is computed from
   * @throws IllegalArgumentException if it has two inputs, or two parameters of one name
   */
  public static Network of(String name, Layer output) {
    return new Network(name, output, List.of(), List.of());
  }

  /**
   * This network with a second output that helps training alone. Its parameters count, may be
   * missing from a checkpoint, and are not written for inference.
   *
   * @param layer the second output
   * @return the new network
   * @throws IllegalArgumentException if it is not computed from this network's input, or two
   *     parameters have one name
   */
  public Network withAuxiliary(Layer layer) {
    List<Layer> more = new ArrayList<>(auxiliary);
    more.add(layer);
    return new Network(name, output, List.copyOf(more), ignored);
  }

  /**
   * This network where more tensors of a checkpoint may be left over.
   *
   * @param prefixes what their names begin with
   * @return the new network
   */
  public Network ignoring(String... prefixes) {
    List<String> more = new ArrayList<>(ignored);
    more.addAll(List.of(prefixes));
    return new Network(name, output, auxiliary, List.copyOf(more));
  }

  private static void collect(Layer layer, Set<Layer> found) {
    if (!found.contains(layer)) {
      layer.inputs().forEach(input -> collect(input, found));
      found.add(layer);
    }
  }

  private void requireOneInput() {
    long inputs = layers.stream().filter(layer -> layer.inputs().isEmpty()).count();
    if (inputs != 1) {
      throw new IllegalArgumentException(
          "network %s must have one input, found %d".formatted(name, inputs));
    }
    if (output.inputs().isEmpty()) {
      throw new IllegalArgumentException("network " + name + " ends in its input; it needs layers");
    }
  }

  private void requireOneOfEachName() {
    Set<String> names = new LinkedHashSet<>();
    for (Parameter parameter : parameters()) {
      if (!names.add(parameter.name())) {
        throw new IllegalArgumentException(
            "network %s has two parameters called %s".formatted(name, parameter.name()));
      }
    }
  }

  /**
   * Returns the name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns how an image becomes the input.
   *
   * @return the specification
   */
  public InputSpec input() {
    return output.spec();
  }

  /**
   * Returns the input as a layer.
   *
   * @return the first of {@link #layers()}
   */
  public Layer image() {
    return layers.get(0);
  }

  /**
   * Returns the scores of the classes.
   *
   * @return the layer
   */
  public Layer output() {
    return output;
  }

  /**
   * Returns all layers.
   *
   * @return the layers, each after those that it is computed from
   */
  public List<Layer> layers() {
    return layers;
  }

  /**
   * Returns what a checkpoint of this network holds.
   *
   * @return the parameters and the statistics of batch norm, in the order of the layers
   */
  public List<Parameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /**
   * Returns the number of parameters, as publications give it: with the auxiliary output, without
   * the statistics of batch norm.
   *
   * @return the number
   */
  public long parameterCount() {
    return parameters().stream().filter(Parameter::trained).mapToLong(Parameter::size).sum();
  }

  /**
   * Returns the parameters that only an auxiliary output uses.
   *
   * @return their names
   */
  Set<String> auxiliaryParameters() {
    Set<String> names = new LinkedHashSet<>();
    parameters().forEach(parameter -> names.add(parameter.name()));
    of(name, output).parameters().forEach(parameter -> names.remove(parameter.name()));
    return names;
  }

  boolean ignores(String tensor) {
    return ignored.stream().anyMatch(tensor::startsWith);
  }

  /**
   * Computes every layer's shape for one size of the input.
   *
   * @param width the input's width in pixels
   * @param height the input's height in pixels
   * @return the shapes, in the order of the layers
   * @throws IllegalArgumentException if the network does not take that size
   */
  public Map<Layer, Shape> shapes(int width, int height) {
    Map<Layer, Shape> shapes = new LinkedHashMap<>();
    for (Layer layer : layers) {
      List<Shape> inputs =
          layer.inputs().isEmpty()
              ? List.of(new Shape(1, width, height))
              : layer.inputs().stream()
                  .map(input -> Objects.requireNonNull(shapes.get(input)))
                  .toList();
      try {
        shapes.put(layer, layer.operation().shape(inputs));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "network %s does not take an input of %d x %d: %s: %s"
                .formatted(name, width, height, layer, e.getMessage()),
            e);
      }
    }
    return Collections.unmodifiableMap(shapes);
  }

  /**
   * Lists the layers: name, output shape, parameters and multiplications with additions of each,
   * and the sums.
   *
   * @param width the input's width in pixels
   * @param height the input's height in pixels
   * @return the table, a line for each layer
   * @throws IllegalArgumentException if the network does not take that size
   */
  public String table(int width, int height) {
    return LayerTable.of(this, width, height);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "network %s, %,d parameters", name, parameterCount());
  }
}
