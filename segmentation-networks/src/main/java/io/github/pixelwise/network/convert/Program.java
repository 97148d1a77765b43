package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.network.Shape;
import java.util.List;
import java.util.Map;

/**
 * A network as a sequence of operations with their weights, with batch norm folded.
 *
 * @param name the network's name
 * @param input its input
 * @param channels the number of the input's channels
 * @param output its output; the last step's result has its name
 * @param classes the number of classes
 * @param steps the operations, each after its inputs
 * @param shapes the shape of every result if the input's size is fixed; otherwise empty
 */
record Program(
    String name,
    InputSpec input,
    int channels,
    OutputSpec output,
    int classes,
    List<Step> steps,
    Map<String, Shape> shapes) {
  /** All weights, in the order of the steps. */
  List<Constant> constants() {
    return steps.stream().flatMap(step -> step.constants().stream()).toList();
  }
}
