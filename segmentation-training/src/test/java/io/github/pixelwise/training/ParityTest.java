package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.pixelwise.Device;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.training.internal.LossCode;
import io.github.pixelwise.training.internal.OptimizerCode;
import io.github.pixelwise.training.internal.TrainableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trains twenty steps and compares the losses and the weights with PyTorch's. Made by {@code
 * src/test/python/parity.py} and {@code transformers_parity.py}.
 */
class ParityTest {
  private static final int IGNORED = 255;

  /** The folder of the parity.json of the published widths. */
  private static final String FULL = "pixelwise.parity";

  private record Case(Map<String, Object> values) {
    String text(String key) {
      return (String) Objects.requireNonNull(values.get(key));
    }

    double number(String key) {
      return ((Number) Objects.requireNonNull(values.get(key))).doubleValue();
    }

    int integer(String key) {
      return (int) number(key);
    }

    double number(String key, double standard) {
      return values.containsKey(key) ? number(key) : standard;
    }

    OptionalDouble optional(String key) {
      return values.containsKey(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
    }

    Network network() {
      NetworkOptions options =
          NetworkOptions.ofClasses(integer("classes")).withWidth(number("width"));
      return Networks.of(
          text("network"),
          values.containsKey("stride") ? options.withOutputStride(integer("stride")) : options);
    }

    /** How many values targets have, besides void. */
    int labels() {
      return Math.max(2, integer("classes"));
    }

    /** The number of batches of a step. */
    int parts() {
      return (int) number("accumulation", 1);
    }

    Optimizer optimizer() {
      Optimizer optimizer =
          switch (text("optimizer")) {
            case "sgd" -> Optimizer.sgd(number("momentum"));
            case "adam" -> Optimizer.adam().withEpsilon(number("epsilon"));
            case "adamw" -> Optimizer.adamW().withEpsilon(number("epsilon"));
            default -> Optimizer.rmsProp().withEpsilon(number("epsilon"));
          };
      return optimizer.withWeightDecay(number("decay"));
    }

    /** The factor of the rate of a weight. */
    double factor(Parameter weight) {
      return weight.name().startsWith("backbone.") ? number("backbone", 1) : 1;
    }

    Loss loss() {
      return text("loss").equals("focal") ? Loss.focal(2) : Loss.crossEntropy();
    }

    @Override
    public String toString() {
      return values.containsKey("setting")
          ? "%s, %s".formatted(text("network"), text("setting"))
          : text("network");
    }
  }

  static List<Case> narrow() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String name : List.of("parity.json", "transformers-parity.json")) {
      try (InputStream file = Objects.requireNonNull(ParityTest.class.getResourceAsStream(name))) {
        cases.addAll(cases(file));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void lossesAndWeightsArePyTorchs(Case expected) throws IOException {
    train(expected);
  }

  @TestFactory
  Stream<DynamicTest> lossesAndWeightsArePyTorchsAtThePublishedWidths() throws IOException {
    String folder = System.getProperty(FULL);
    assumeTrue(
        folder != null,
        "the published widths are compared with -D" + FULL + "=DIR after: parity.py full DIR");
    try (InputStream file = Files.newInputStream(Path.of(folder, "parity.json"))) {
      return cases(file).stream()
          .map(each -> DynamicTest.dynamicTest(each.toString(), () -> train(each)));
    }
  }

  private static void train(Case expected) throws IOException {
    Network network = expected.network();
    Optimizer optimizer = expected.optimizer();
    var settings =
        new TrainableNetwork.Settings(
            LossCode.methods(expected.loss(), network.output().channels(), IGNORED),
            OptimizerCode.update(optimizer),
            OptimizerCode.slots(optimizer),
            name -> false,
            name -> expected.values.containsKey("statistics"),
            false,
            expected.number("auxiliary", 0),
            expected.optional("average"),
            Precision.FLOAT32);
    Map<String, float[]> start = start(network);
    List<Double> losses = new ArrayList<>();
    try (TrainableNetwork trained =
        TrainableNetwork.start(network, settings, Device.CPU, start::get)) {
      double[] rates = new double[trained.trained().size()];
      double[] decays = new double[rates.length];
      Arrays.fill(decays, expected.number("decay"));
      int steps = expected.integer("steps");
      for (int step = 0; step < steps; step++) {
        double factor = Math.pow(1 - (double) step / steps, expected.number("power"));
        for (int i = 0; i < rates.length; i++) {
          rates[i] = expected.number("rate") * factor * expected.factor(trained.trained().get(i));
        }
        losses.add(loss(expected, trained, step));
        trained.update(step + 1, rates, decays, expected.optional("clip"));
      }
      List<?> wanted = (List<?>) Objects.requireNonNull(expected.values.get("losses"));
      for (int i = 0; i < steps; i++) {
        double loss = ((Number) wanted.get(i)).doubleValue();
        assertThat(losses.get(i)).as("loss of step %s", i).isCloseTo(loss, within(1e-4 * loss));
      }
      compare(expected, trained.averagedParameters());
    }
  }

  /** Computes the gradients of a step, and returns its loss. */
  private static double loss(Case expected, TrainableNetwork trained, int step) {
    int side = expected.integer("side");
    int[] shape = {expected.integer("batch"), expected.integer("channels"), side, side};
    int parts = expected.parts();
    double loss = 0;
    for (int part = 0; part < parts; part++) {
      int batch = step * parts + part;
      int[] targets = targets(expected, batch);
      loss += trained.add(images(shape, batch), shape, targets, 1.0 / parts, step) / parts;
    }
    return loss;
  }

  /** The weights and statistics in the order of their names, as the script numbers them. */
  private static Map<String, float[]> start(Network network) {
    List<Parameter> sorted =
        network.parameters().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
    Map<String, float[]> start = new LinkedHashMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      start.put(sorted.get(i).name(), values(sorted.get(i), i));
    }
    return start;
  }

  private static float[] values(Parameter parameter, int number) {
    List<Integer> shape = parameter.shape();
    float[] values = numbers(Math.toIntExact(parameter.size()), number);
    boolean kernel = shape.size() > 1;
    boolean factor =
        parameter.name().endsWith(".weight") || parameter.name().endsWith("running_var");
    // The size of one output's weights.
    long inputs = parameter.size() / shape.get(0);
    float scale = kernel ? (float) Math.sqrt(24.0 / inputs) : 0.2f;
    for (int i = 0; i < values.length; i++) {
      values[i] = (kernel || !factor ? 0 : 1) + scale * values[i];
    }
    return values;
  }

  private static FloatBuffer images(int[] shape, int batch) {
    int planes = shape[0] * shape[1];
    int side = shape[2];
    float[] images = numbers(planes * side * side, 1000 + batch);
    float[] blocks = numbers(planes * 64, 3000 + batch);
    float[] levels = numbers(planes, 4000 + batch);
    for (int i = 0; i < images.length; i++) {
      int plane = i / (side * side);
      int row = i / side % side * 8 / side;
      int column = i % side * 8 / side;
      images[i] += 3 * (blocks[plane * 64 + row * 8 + column] + levels[plane]);
    }
    return FloatBuffer.wrap(images);
  }

  private static int[] targets(Case expected, int batch) {
    int side = expected.integer("side");
    int[] targets = new int[expected.integer("batch") * side * side];
    float[] noise = numbers(targets.length, 2000 + batch);
    for (int i = 0; i < targets.length; i++) {
      int y = i / side % side;
      int x = i % side;
      int image = i / side / side;
      targets[i] =
          noise[i] > 0.45f ? IGNORED : (y / 8 + 3 * (x / 8) + image + batch) % expected.labels();
    }
    return targets;
  }

  /** The script's numbers(). */
  private static float[] numbers(int count, long seed) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      long z = (i + (seed << 32)) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      numbers[i] = (float) ((z >>> 40) / (double) (1 << 24) - 0.5);
    }
    return numbers;
  }

  private static void compare(Case expected, Map<String, WeightTensor> found) {
    Map<?, ?> tensors = (Map<?, ?>) Objects.requireNonNull(expected.values.get("tensors"));
    assertThat(found.keySet()).isEqualTo(tensors.keySet());
    found.forEach(
        (name, tensor) -> {
          Case wanted = new Case(cast(Objects.requireNonNull(tensors.get(name), name)));
          List<?> values = (List<?>) Objects.requireNonNull(wanted.values.get("values"));
          double range = wanted.number("max") - wanted.number("min");
          float[] all = tensor.values();
          for (int i = 0; i < values.size(); i++) {
            int at =
                values.size() == 1
                    ? 0
                    : (int) ((all.length - 1) * (double) i / (values.size() - 1));
            double value = ((Number) values.get(i)).doubleValue();
            // Statistics, unlike weights, have the rounding of the whole network.
            double tolerance = name.contains(".running_") ? 1e-3 : 1e-4;
            assertThat((double) all[at])
                .as("%s[%s] of range %s", name, at, range)
                .isCloseTo(value, within(tolerance * Math.max(range, 1e-3)));
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object map) {
    return (Map<String, Object>) map;
  }

  private static List<Case> cases(InputStream file) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(file)) {
      parser.nextToken();
      return ((List<?>) value(parser)).stream().map(each -> new Case(cast(each))).toList();
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(parser));
      }
      return list;
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, Object> map = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        map.put(key, value(parser));
      }
      return map;
    }
    return parser.currentToken() == JsonToken.VALUE_STRING
        ? parser.getText()
        : (Object) parser.getDoubleValue();
  }
}
