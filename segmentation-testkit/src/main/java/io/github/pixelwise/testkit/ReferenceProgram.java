package io.github.pixelwise.testkit;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A network written as text, as {@link ReferenceBackend#FORMAT} describes. */
final class ReferenceProgram {
  private record Step(String result, String operand, UnaryOperator<FloatTensor> operation) {}

  private final Map<String, TensorInfo> inputs = new LinkedHashMap<>();

  private final List<Step> steps = new ArrayList<>();
  private final Set<String> outputs = new LinkedHashSet<>();

  /**
   * Reads a program.
   *
   * @throws IllegalArgumentException if a line is not a statement, or there is no input or output
   */
  ReferenceProgram(List<String> lines) {
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        try {
          parse(List.of(line.strip().split("\\s+", -1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw new IllegalArgumentException(
              "this is not a statement: \"%s\" (%s)".formatted(line, e.getMessage()), e);
        }
      }
    }
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "a network needs inputs and outputs, found inputs %s and outputs %s"
              .formatted(inputs.keySet(), outputs));
    }
  }

  private void parse(List<String> words) {
    String first = words.get(0);
    if (first.equals("input")) {
      inputs.put(words.get(1), input(words.get(1), words.subList(2, 6)));
    } else if (first.equals("output")) {
      outputs.add(defined(words.get(1)));
    } else if (words.get(1).equals("=")) {
      List<String> arguments = words.subList(4, words.size());
      steps.add(new Step(first, defined(words.get(3)), operation(words.get(2), arguments)));
    } else {
      throw new IllegalArgumentException("expected input, output or NAME = OPERATION");
    }
  }

  private static TensorInfo input(String name, List<String> sides) {
    return TensorInfo.of(name, ElementType.FLOAT32)
        .withSides(
            sides.stream()
                .mapToInt(side -> side.equals("?") ? TensorInfo.ANY : Integer.parseInt(side))
                .toArray());
  }

  private String defined(String name) {
    if (!inputs.containsKey(name) && steps.stream().noneMatch(s -> s.result().equals(name))) {
      throw new IllegalArgumentException("no earlier line defines " + name);
    }
    return name;
  }

  private static UnaryOperator<FloatTensor> operation(String name, List<String> arguments) {
    return switch (name) {
      case "affine" -> {
        float[][] rows = rows(String.join(" ", arguments));
        yield x -> ReferenceOperations.affine(x, rows);
      }
      case "sigmoid" -> ReferenceOperations::sigmoid;
      case "softmax" -> ReferenceOperations::softmax;
      case "half" -> ReferenceOperations::half;
      case "argmax" -> ReferenceOperations::argMax;
      case "channel" -> ReferenceOperations::channel;
      case "every" -> {
        int stride = integers(arguments, 1)[0];
        yield x -> ReferenceOperations.every(x, stride);
      }
      case "transpose" -> {
        int[] axes = integers(arguments, 4);
        yield x -> ReferenceOperations.transpose(x, axes);
      }
      case "identity" -> {
        int[] numbers = integers(arguments, 2);
        yield x -> ReferenceOperations.identity(x, numbers[0], numbers[1]);
      }
      default -> throw new IllegalArgumentException("there is no operation " + name);
    };
  }

  private static int[] integers(List<String> words, int count) {
    return words.subList(0, count).stream().mapToInt(Integer::parseInt).toArray();
  }

  private static float[][] rows(String text) {
    String[] rows = text.split("\\s*\\|\\s*", -1);
    float[][] numbers = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      String[] words = rows[i].split("\\s+", -1);
      numbers[i] = new float[words.length];
      for (int j = 0; j < words.length; j++) {
        numbers[i][j] = Float.parseFloat(words[j]);
      }
    }
    return numbers;
  }

  List<TensorInfo> inputs() {
    return List.copyOf(inputs.values());
  }

  List<TensorInfo> outputs() {
    return outputs.stream().map(name -> TensorInfo.of(name, ElementType.FLOAT32)).toList();
  }

  /**
   * Runs the program.
   *
   * @param input the name of one of {@link #inputs()}, which the tensor fits
   * @param output the name of one of {@link #outputs()}
   */
  FloatTensor run(String input, FloatTensor tensor, String output) {
    Map<String, FloatTensor> values = new HashMap<>(Map.of(input, tensor));
    for (Step step : steps) {
      FloatTensor operand = Objects.requireNonNull(values.get(step.operand()), step.operand());
      values.put(step.result(), step.operation().apply(operand));
    }
    return Objects.requireNonNull(values.get(output), output);
  }
}
