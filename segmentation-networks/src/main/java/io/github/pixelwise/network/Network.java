package io.github.pixelwise.network;

import io.github.pixelwise.model.InputSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network: a graph of layers from an image's tensor to scores. It has no weights; those come from
 * a checkpoint. Immutable.
 */
public final class Network {
  private final String name;
  private final Layer output;
  private final List<Layer> auxiliary;
  private final List<String> ignored;
  private final Map<String, String> copies;
  private final Map<String, String> aliases;
  private final List<Layer> layers;

  private Network(
      String name,
      Layer output,
      List<Layer> auxiliary,
      List<String> ignored,
      Map<String, String> copies,
      Map<String, String> aliases) {
    this.name = Objects.requireNonNull(name, "name");
    this.output = output;
    this.auxiliary = auxiliary;
    this.ignored = ignored;
    this.copies = copies;
    this.aliases = aliases;
    Set<Layer> found = new LinkedHashSet<>();
    collect(output, found);
    auxiliary.forEach(layer -> collect(layer, found));
    layers = List.copyOf(found);
    requireOneInput();
    requireOneOfEachName();
  }

  /**
   * Creates a network that ends in a layer.
   *
   * @param name the network's name, in lower case with hyphens
   * @param output the scores of its classes
   * @return the network, with every layer that the output depends on
   * @throws IllegalArgumentException if it does not have exactly one input, has no other layer, or
   *     has two parameters of the same name
   */
  public static Network of(String name, Layer output) {
    return new Network(name, output, List.of(), List.of(), Map.of(), Map.of());
  }

  /**
   * Returns this network with a second output that is used only in training. Its parameters are
   * included in {@link #parameterCount()}, may be missing from a checkpoint, and are not written
   * for inference.
   *
   * @param layer the second output
   * @return the new network
   * @throws IllegalArgumentException if it does not depend on this network's input, or two
   *     parameters have the same name
   */
  public Network withAuxiliary(Layer layer) {
    List<Layer> more = new ArrayList<>(auxiliary);
    more.add(layer);
    return new Network(name, output, List.copyOf(more), ignored, copies, aliases);
  }

  /**
   * Returns this network with prefixes of tensors to ignore in a checkpoint.
   *
   * @param prefixes the prefixes of the tensors' names
   * @return the new network
   */
  public Network ignoring(String... prefixes) {
    List<String> more = new ArrayList<>(ignored);
    more.addAll(List.of(prefixes));
    return new Network(name, output, auxiliary, List.copyOf(more), copies, aliases);
  }

  /**
   * Returns this network with a part that a checkpoint holds a second time under another prefix.
   * Such copies are ignored when a checkpoint is read, and listed in {@link #stateDict()}.
   *
   * @param copy the prefix of the copies' names, for example {@code backbone.low.0.}
   * @param original the prefix of the parameters' names, for example {@code backbone.features.0.}
   * @return the new network
   */
  public Network repeating(String copy, String original) {
    Map<String, String> more = new LinkedHashMap<>(copies);
    more.put(copy, original);
    return new Network(
        name, output, auxiliary, ignored, Collections.unmodifiableMap(more), aliases);
  }

  /**
   * Returns this network with prefixes that the names in some checkpoints have in place of its own.
   *
   * @param aliases its own prefix by each of these; where one begins with another, the longer one
   *     counts
   * @return the new network
   */
  public Network withAliases(Map<String, String> aliases) {
    return new Network(name, output, auxiliary, ignored, copies, Map.copyOf(aliases));
  }

  /** {@return the network's own prefixes by those that some checkpoints have instead} */
  Map<String, String> aliases() {
    return aliases;
  }

  /**
   * Adds a layer after its inputs. Not recursive: networks may have thousands of layers in a row.
   */
  private static void collect(Layer end, Set<Layer> found) {
    Deque<Layer> waiting = new ArrayDeque<>();
    waiting.push(end);
    while (!waiting.isEmpty()) {
      Layer layer = waiting.element();
      Optional<Layer> missing =
          layer.inputs().stream().filter(input -> !found.contains(input)).findFirst();
      if (missing.isPresent()) {
        waiting.push(missing.get());
      } else {
        found.add(waiting.pop());
      }
    }
  }

  private static boolean isInput(Layer layer) {
    return layer.operation() instanceof Operation.Input;
  }

  private void requireOneInput() {
    long inputs = layers.stream().filter(Network::isInput).count();
    if (inputs != 1) {
      throw new IllegalArgumentException(
          "network %s must have one input, found %d".formatted(name, inputs));
    }
    if (isInput(output)) {
      throw new IllegalArgumentException(
          "network " + name + " has no layers besides its input; add some");
    }
  }

  private void requireOneOfEachName() {
    Set<String> names = new LinkedHashSet<>();
    for (Parameter parameter : parameters()) {
      if (!names.add(parameter.name())) {
        throw new IllegalArgumentException(
            "network %s has two parameters named %s".formatted(name, parameter.name()));
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
   * Returns the input layer.
   *
   * @return the layer
   */
  public Layer image() {
    return layers.stream().filter(Network::isInput).findFirst().orElseThrow();
  }

  /**
   * Returns the scores of the classes.
   *
   * @return the layer
   */
  public Layer output() {
    return output;
  }

  /** {@return the scores that only training uses, which help earlier layers; usually empty} */
  public List<Layer> auxiliary() {
    return auxiliary;
  }

  /**
   * Returns all layers.
   *
   * @return the layers, each after its inputs
   */
  public List<Layer> layers() {
    return layers;
  }

  /**
   * Returns the parameters that a checkpoint of this network holds.
   *
   * @return the parameters and the statistics of batch norm, in the order of the layers
   */
  public List<Parameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /**
   * Returns the names in a published checkpoint. PyTorch's {@code num_batches_tracked} are not
   * among them; PyTorch does not need them.
   *
   * @return the parameter's name by each name in the checkpoint: that of every parameter, in the
   *     order of the layers, and then those that {@linkplain #repeating repeat} one
   */
  public Map<String, String> stateDict() {
    Map<String, String> names = new LinkedHashMap<>();
    List<String> own = parameters().stream().map(Parameter::name).toList();
    own.forEach(name -> names.put(name, name));
    copies.forEach(
        (copy, original) ->
            own.stream()
                .filter(name -> name.startsWith(original))
                .forEach(name -> names.put(copy + name.substring(original.length()), name)));
    return Collections.unmodifiableMap(names);
  }

  /**
   * Returns the number of learned values, as given in publications: it includes the auxiliary
   * output but not the statistics of batch norm.
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
    return Stream.concat(ignored.stream(), copies.keySet().stream()).anyMatch(tensor::startsWith);
  }

  /**
   * Computes every layer's shape for one size of the input.
   *
   * @param width the input's width in pixels
   * @param height the input's height in pixels
   * @return the shapes, in the order of the layers
   * @throws IllegalArgumentException if the network does not support that size
   */
  public Map<Layer, Shape> shapes(int width, int height) {
    Map<Layer, Shape> shapes = new LinkedHashMap<>();
    for (Layer layer : layers) {
      List<Shape> inputs =
          isInput(layer)
              ? List.of(new Shape(1, width, height))
              : layer.inputs().stream()
                  .map(input -> Objects.requireNonNull(shapes.get(input)))
                  .toList();
      try {
        shapes.put(layer, layer.operation().shape(inputs));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "network %s does not support an input of %d x %d: %s: %s"
                .formatted(name, width, height, layer, e.getMessage()),
            e);
      }
    }
    return Collections.unmodifiableMap(shapes);
  }

  /**
   * Lists the layers with their names, output shapes, parameters and multiply-adds, and the totals.
   *
   * @param width the input's width in pixels
   * @param height the input's height in pixels
   * @return the table, one line per layer
   * @throws IllegalArgumentException if the network does not support that size
   */
  public String table(int width, int height) {
    return LayerTable.of(this, width, height);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "network %s, %,d parameters", name, parameterCount());
  }
}
