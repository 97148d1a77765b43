package io.github.pixelwise.network.tflite;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.internal.Endings;
import io.github.pixelwise.network.internal.MappedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A network from a TensorFlow Lite file, for {@link Conversion}.
 *
 * <p>The file must have one image as its only input, with a fixed size and three colors, and one
 * output. Weights may be float32, float16, or quantized to 8 bits; quantized ones become the real
 * numbers that they stand for, and the network computes in float32. Its results are therefore close
 * to those of TensorFlow Lite, but not the same. The layers have their channels first, as in
 * PyTorch. An arg-max at the end is left out, because the scores before it are of more use.
 *
 * <p>The file is mapped into memory, and weights are read on each request, so it must not change
 * while they are in use. Immutable; safe for use by several threads.
 */
public final class TfLiteModel {
  private static final int BATCH = 1;
  private static final int COLORS = 3;

  /** The longest side of an input. */
  private static final int LONGEST_SIDE = 8_192;

  private final Network network;
  private final Weights weights;
  private final List<String> notes;

  private TfLiteModel(Network network, Weights weights, List<String> notes) {
    this.network = network;
    this.weights = weights;
    this.notes = List.copyOf(notes);
  }

  /**
   * Returns whether a file is a TensorFlow Lite file, by its content.
   *
   * @param file the file, with any name
   * @return whether it is; false if it cannot be read
   */
  public static boolean isTfLite(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return TfLiteFile.isTfLite(in.readNBytes(TfLiteFile.START));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads a file.
   *
   * @param file the file, with any name
   * @return the network
   * @throws IOException if the file does not exist, cannot be read, is damaged, or has an operator
   *     that is not supported; the message names the operator and its place
   */
  public static TfLiteModel read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "cannot read the network %s: %s"
              .formatted(file, Files.exists(file) ? "it is not a file" : "there is no such file"));
    }
    try {
      return read(TfLiteFile.of(MappedFile.read(file)), networkName(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("cannot read the network " + file + ": " + e.getMessage(), e);
    }
  }

  /** A name for the network: that of the file, in lower case with hyphens. */
  private static String networkName(Path file) {
    String name =
        file.getFileName()
            .toString()
            .replaceFirst("\\.[^.]*$", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return name.isEmpty() ? "network" : name;
  }

  private static TfLiteModel read(TfLiteFile file, String name) throws IOException {
    int input = only("input", file.inputs());
    Shape size = inputSize(file, input);
    InputSpec.Builder spec =
        InputSpec.builder("input", SizeRule.fixed(size.width(), size.height()));
    List<String> notes = new ArrayList<>();
    if (!InputRange.set(spec, file, input)) {
      notes.add(InputRange.ASSUMED);
    }
    Graph graph = new Graph(file, input, Layer.input(COLORS, spec.build()), size);
    int operators = file.operatorCount();
    for (int i = 0; i < operators; i++) {
      add(file, graph, i);
    }
    Layer scores = scores(graph.result(only("output", file.outputs())));
    addNote(scores, notes);
    Network network = Network.of(name, scores);
    Map<String, WeightTensor> used = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters()) {
      WeightTensor tensor = Objects.requireNonNull(graph.weights().get(parameter.name()));
      used.put(parameter.name(), tensor);
    }
    return new TfLiteModel(network, Weights.of(network, used), notes);
  }

  private static int only(String what, int[] tensors) throws IOException {
    if (tensors.length != 1) {
      throw new IOException(
          "it has %d %ss; only networks with one are supported".formatted(tensors.length, what));
    }
    return tensors[0];
  }

  private static Shape inputSize(TfLiteFile file, int input) throws IOException {
    List<Integer> shape = file.shape(input);
    if (file.isOpen(input)) {
      throw new IOException(
          "its input has no fixed size; export it with the size that it is to run with");
    }
    if (shape.size() != 4
        || shape.get(0) != BATCH
        || shape.get(3) != COLORS
        || Math.min(shape.get(1), shape.get(2)) < 1
        || Math.max(shape.get(1), shape.get(2)) > LONGEST_SIDE) {
      throw new IOException(
          "its input has the shape %s; expected one image of three colors, [1, height, width, 3]"
              .formatted(shape));
    }
    return new Shape(COLORS, shape.get(2), shape.get(1));
  }

  private static void add(TfLiteFile file, Graph graph, int index) throws IOException {
    String place = "operator " + index;
    try {
      Node node = file.operator(index);
      place += ", " + node.type();
      if (node.outputs().length > 0) {
        place += ", which computes \"" + file.name(node.outputs()[0]) + "\"";
      }
      Operator.add(new Call(node, graph));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  /** The layer that the output is, without an arg-max. */
  private static Layer scores(Value output) throws IOException {
    Layer layer = output.layer();
    if (layer.operation() instanceof Operation.ArgMax) {
      layer = layer.inputs().get(0);
    }
    if (!layer.hasStride()) {
      throw new IOException(
          "its output is a grid of %d x %d, which does not divide its input evenly"
              .formatted(output.grid().width(), output.grid().height()));
    }
    return layer;
  }

  /** Says how scores are read that may mean something else. */
  private static void addNote(Layer scores, List<String> notes) {
    boolean sigmoid = Endings.beneathResizes(scores).operation() == Operation.Activation.SIGMOID;
    if (sigmoid && scores.channels() > 1) {
      notes.add(
          "the network ends in a sigmoid of each of its %d channels, so they are taken as probabilities, although they need not sum to 1; the highest one wins"
              .formatted(scores.channels()));
    } else if (!sigmoid && scores.channels() == 1) {
      notes.add(
          "the network has one channel and no sigmoid at its end, so its score is taken as a logit, and pixels above 0 are of the second class; if it means something else, export the network with a sigmoid");
    }
  }

  /** {@return the network, named after the file} */
  public Network network() {
    return network;
  }

  /** {@return its weights, which are read on each request} */
  public Weights weights() {
    return weights;
  }

  /** {@return what was assumed because the file does not say it, one sentence each} */
  public List<String> notes() {
    return notes;
  }
}
