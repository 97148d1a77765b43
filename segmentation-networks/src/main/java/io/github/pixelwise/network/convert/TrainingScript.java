package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.TensorOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A network as a TorchScript method for training. Unlike the files of {@link Conversion}, it has no
 * weights of its own: they are arguments, so that gradients can be taken. Nothing is folded, and
 * batch norm normalizes by the batch and updates its running statistics in place. Immutable.
 */
public final class TrainingScript {
  private static final int FLOAT32 = 6;
  private static final int BFLOAT16 = 15;

  private final List<Parameter> weights;
  private final List<Parameter> statistics;
  private final String method;

  private TrainingScript(List<Parameter> weights, List<Parameter> statistics, String method) {
    this.weights = weights;
    this.statistics = statistics;
    this.method = method;
  }

  /**
   * Writes a network's method.
   *
   * @param network the network; if it ends with softmax, arg-max, or the sigmoid of a single
   *     channel, the scores are what that is computed from
   * @param fixedStatistics tells by its name, such as {@code backbone.bn1}, whether a batch norm
   *     normalizes by its running statistics and keeps them, as in inference
   * @param dropout whether dropout is on; without it, dropout layers change nothing
   * @param precision {@link Precision#FLOAT32}; or {@link Precision#BFLOAT16}, which runs
   *     convolutions on bfloat16 copies of the weights and gives float32 scores
   * @return the method
   * @throws IllegalArgumentException if the precision is float16
   */
  public static TrainingScript of(
      Network network, Predicate<String> fixedStatistics, boolean dropout, Precision precision) {
    if (precision == Precision.FLOAT16) {
      throw new IllegalArgumentException(
          "a network can be trained in FLOAT32 or BFLOAT16, found " + precision);
    }
    return new Code(network, fixedStatistics, dropout, precision == Precision.BFLOAT16).script();
  }

  /** {@return the parameters that are learned, in the order of the argument {@code weights}} */
  public List<Parameter> weights() {
    return weights;
  }

  /** {@return the running statistics, in the order of the argument {@code statistics}} */
  public List<Parameter> statistics() {
    return statistics;
  }

  /**
   * Returns the method's source, for {@link TorchScriptFile#write}: {@code scores(self, images:
   * Tensor, weights: List[Tensor], statistics: List[Tensor]) -> List[Tensor]}. Images are float32
   * {@code [n, c, h, w]}. The results are the network's scores, float32 {@code [n, k, h', w']}, and
   * after them those of its auxiliary outputs, each on its own grid.
   *
   * @return the source, indented by two spaces
   */
  public String method() {
    return method;
  }

  /** What the last softmax, arg-max, or sigmoid of a single channel is computed from. */
  private static Layer logits(Layer output) {
    Operation operation = output.operation();
    boolean decides =
        operation instanceof Operation.Softmax
            || operation instanceof Operation.ArgMax
            || (operation == Operation.Activation.SIGMOID && output.channels() == 1);
    return decides ? logits(output.inputs().get(0)) : output;
  }

  /** Writes the method's statements, one for each layer. */
  private static final class Code {
    private final Network network;
    private final Predicate<String> fixedStatistics;
    private final boolean dropout;
    private final boolean reduced;
    private final Map<Layer, String> variables = new HashMap<>();
    private final Map<Layer, Integer> uses = new HashMap<>();
    private final Map<String, Integer> weights = new LinkedHashMap<>();
    private final Map<String, Integer> statistics = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    Code(Network network, Predicate<String> fixedStatistics, boolean dropout, boolean reduced) {
      this.network = network;
      this.fixedStatistics = fixedStatistics;
      this.dropout = dropout;
      this.reduced = reduced;
      network.layers().forEach(layer -> layer.inputs().forEach(this::countUse));
      network.parameters().forEach(this::number);
    }

    private void countUse(Layer layer) {
      uses.merge(layer, 1, Integer::sum);
    }

    private void number(Parameter parameter) {
      Map<String, Integer> numbers = parameter.trained() ? weights : statistics;
      numbers.put(parameter.name(), numbers.size());
    }

    TrainingScript script() {
      List<Layer> outputs = new ArrayList<>();
      outputs.add(logits(network.output()));
      network.auxiliary().forEach(layer -> outputs.add(logits(layer)));
      outputs.forEach(this::countUse);
      line("def scores(self,");
      line("  images: Tensor,");
      line("  weights: List[Tensor],");
      line("  statistics: List[Tensor]) -> List[Tensor]:");
      List<String> results = new ArrayList<>();
      for (Layer output : outputs) {
        String result = variable(output);
        results.add(reduced ? "torch.to(%s, %s)".formatted(result, FLOAT32) : result);
      }
      line("  return [" + String.join(", ", results) + "]");
      return new TrainingScript(
          network.parameters().stream().filter(Parameter::trained).toList(),
          network.parameters().stream().filter(parameter -> !parameter.trained()).toList(),
          text.toString());
    }

    private void line(String statement) {
      text.append("  ").append(statement).append('\n');
    }

    /** The variable of a layer's result, after the statements that compute it. */
    private String variable(Layer layer) {
      String known = variables.get(layer);
      if (known == null) {
        String expression = expression(layer);
        known = "v" + variables.size();
        variables.put(layer, known);
        line("  %s = %s".formatted(known, expression));
      }
      return known;
    }

    private String expression(Layer layer) {
      List<String> operands = layer.inputs().stream().map(this::variable).toList();
      Operation operation = layer.operation();
      if (operation instanceof Operation.Input) {
        // In planes: with channels last, oneDNN 3.7.1 computes small grids of batches incorrectly.
        return reduced ? "torch.to(images, %s)".formatted(BFLOAT16) : "images";
      }
      if (operation instanceof Operation.BatchNorm norm) {
        return "torch.batch_norm(%s, %s, %s, %s, %s, %s, %s, %s, True)"
            .formatted(
                operands.get(0),
                weight(layer, 0),
                weight(layer, 1),
                statistic(layer, 2),
                statistic(layer, 3),
                fixedStatistics.test(layer.name()) ? "False" : "True",
                norm.momentum(),
                norm.epsilon());
      }
      if (operation instanceof Operation.Dropout drop) {
        return dropout
            ? "torch.dropout(%s, %s, True)".formatted(operands.get(0), drop.probability())
            : operands.get(0);
      }
      List<String> parameters = new ArrayList<>();
      for (int i = 0; i < layer.parameters().size(); i++) {
        String weight = weight(layer, i);
        parameters.add(reduced ? "torch.to(%s, %s)".formatted(weight, BFLOAT16) : weight);
      }
      return operation.accept(
          new TorchScriptCall(operands, parameters, layer.isSingleNode(), mayOverwrite(layer)));
    }

    private String weight(Layer layer, int index) {
      return "weights[%s]".formatted(number(weights, layer, index));
    }

    private String statistic(Layer layer, int index) {
      return "statistics[%s]".formatted(number(statistics, layer, index));
    }

    private static int number(Map<String, Integer> numbers, Layer layer, int index) {
      return Objects.requireNonNull(numbers.get(layer.parameters().get(index).name()));
    }

    /**
     * Whether a layer may overwrite its first input: nothing else uses it, nor does its gradient.
     */
    private boolean mayOverwrite(Layer layer) {
      if (layer.inputs().isEmpty()) {
        return false;
      }
      Layer input = layer.inputs().get(0);
      Operation made = input.operation();
      // The gradient of a hard swish is computed from its input.
      return layer.operation() != Operation.Activation.HARD_SWISH
          && !(made instanceof Operation.Input)
          && !(made instanceof TensorOperation.Constant)
          && !(made instanceof Operation.Activation)
          && !(made instanceof Operation.Softmax)
          && !(made instanceof AttentionOperation)
          && !(made instanceof Operation.Dropout)
          && uses.getOrDefault(input, 0) <= 1;
    }
  }
}
