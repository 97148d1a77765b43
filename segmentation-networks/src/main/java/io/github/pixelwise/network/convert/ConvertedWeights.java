package io.github.pixelwise.network.convert;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads the weights of a TorchScript file that {@link Conversion} wrote, as a checkpoint of its
 * network. This is possible for networks without batch norm, such as the embedded model's.
 */
public final class ConvertedWeights {
  private ConvertedWeights() {}

  /**
   * Returns tensors under the names of a network's parameters.
   *
   * @param network the network; it may have another number of classes than the file
   * @param tensors the tensors by their names in the file; those of an ordinary checkpoint are
   *     returned unchanged
   * @return the tensors by name; values are read on each request
   * @throws ModelLoadException if the file has this network's convolutions, but with batch norm
   *     folded into them
   */
  public static Map<String, WeightTensor> of(
      Network network, Map<String, ? extends WeightTensor> tensors) {
    Map<String, WeightTensor> rest = new TreeMap<>(tensors);
    Map<String, WeightTensor> found = new TreeMap<>();
    for (Parameter parameter : network.parameters()) {
      String attribute = TorchScriptCode.identifier(parameter.name());
      if (!attribute.equals(parameter.name()) && rest.containsKey(attribute)) {
        found.put(parameter.name(), whole(parameter, attribute, rest));
      }
    }
    requireNotFolded(network, found);
    found.putAll(rest);
    return found;
  }

  /**
   * Takes a weight out of the file's tensors. {@link Lowering} splits a 1 x 1 convolution of a
   * concatenation into one of several inputs and others of a single one, whose names end with the
   * number of their first channel.
   */
  private static WeightTensor whole(
      Parameter parameter, String attribute, Map<String, WeightTensor> rest) {
    WeightTensor main = Objects.requireNonNull(rest.remove(attribute));
    int columns = parameter.shape().size() == 4 ? parameter.shape().get(1) : 0;
    if (main.shape().size() != 4 || main.shape().get(1) >= columns) {
      return main;
    }
    int rows = main.shape().get(0);
    Map<Integer, WeightTensor> parts = new TreeMap<>();
    int found = main.shape().get(1);
    for (int start = 0; start < columns; start++) {
      WeightTensor part = rest.get(attribute + "_" + start);
      if (part != null && part.shape().equals(List.of(rows, width(part), 1, 1))) {
        rest.remove(attribute + "_" + start);
        parts.put(start, part);
        found += width(part);
        start += width(part) - 1;
      }
    }
    // Of another network if there are too few or too many: its shape then says so.
    return found == columns
        ? WeightTensor.of(
            List.of(rows, columns, 1, 1), () -> joined(rows, columns, main.values(), parts))
        : main;
  }

  private static int width(WeightTensor tensor) {
    return tensor.shape().size() == 4 ? tensor.shape().get(1) : 0;
  }

  private static float[] joined(
      int rows, int columns, float[] main, Map<Integer, WeightTensor> parts) {
    float[] joined = new float[rows * columns];
    boolean[] filled = new boolean[columns];
    parts.forEach(
        (start, part) -> {
          int width = width(part);
          float[] values = part.values();
          for (int row = 0; row < rows; row++) {
            System.arraycopy(values, row * width, joined, row * columns + start, width);
          }
          Arrays.fill(filled, start, start + width, true);
        });
    int from = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (!filled[column]) {
          joined[row * columns + column] = main[from++];
        }
      }
    }
    return joined;
  }

  private static void requireNotFolded(Network network, Map<String, WeightTensor> found) {
    List<Parameter> parameters = network.parameters();
    long kernels = parameters.stream().filter(own -> own.shape().size() == 4).count();
    boolean normalizes = parameters.stream().anyMatch(own -> !own.trained());
    boolean hasStatistics =
        parameters.stream().anyMatch(own -> !own.trained() && found.containsKey(own.name()));
    if (normalizes && !hasStatistics && found.size() >= kernels / 2) {
      throw new ModelLoadException(
          "it was written for inference, with batch norm folded into the convolutions, and cannot be trained; use the checkpoint that it was converted from");
    }
  }
}
