package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.network.Operation.BatchNorm;
import io.github.pixelwise.network.Operation.Convolution;
import io.github.pixelwise.network.Operation.TransposedConvolution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares every network, layer by layer, with PyTorch's: names, shapes, strides, dilations,
 * epsilons. Made by {@code src/test/python/network_layers.py}.
 */
class NetworkLayersTest {
  private record Case(String head, List<String> layers) {
    private String word(int index) {
      return head.split(" ", -1)[index];
    }

    private int number(int index) {
      return Integer.parseInt(word(index));
    }

    Network network() {
      NetworkOptions options =
          NetworkOptions.ofClasses(number(1)).withWidth(Double.parseDouble(word(2)));
      return Networks.of(
          word(0), word(3).equals("own") ? options : options.withOutputStride(number(3)));
    }

    Map<Layer, Shape> shapes(Network network) {
      return network.shapes(number(4), number(5));
    }

    @Override
    public String toString() {
      return head;
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream file =
            Objects.requireNonNull(NetworkLayersTest.class.getResourceAsStream("layers.txt.gz"));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        if (line.startsWith("== ")) {
          cases.add(new Case(line.substring(3), new ArrayList<>()));
        } else {
          cases.get(cases.size() - 1).layers.add(line);
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isMadeOfTheLayersOfTheReference(Case reference) {
    Network network = reference.network();
    Map<Layer, Shape> shapes = reference.shapes(network);

    assertThat(network.layers())
        .filteredOn(layer -> !layer.parameters().isEmpty())
        .map(layer -> described(layer, Objects.requireNonNull(shapes.get(layer))))
        .containsExactlyInAnyOrderElementsOf(reference.layers);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countsParametersAndMultiplyAddsAsTheReference(Case reference) {
    Network network = reference.network();
    Map<Layer, Shape> shapes = reference.shapes(network);

    assertThat(network.name()).isEqualTo(reference.word(0));
    assertThat(network.parameterCount()).isEqualTo(Long.parseLong(reference.word(6)));
    assertThat(network.layers().stream().mapToLong(layer -> work(layer, shapes)).sum())
        .isEqualTo(Long.parseLong(reference.word(7)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesScoresOfTheInputsSize(Case reference) {
    Network network = reference.network();

    assertThat(reference.shapes(network))
        .containsEntry(
            network.output(),
            new Shape(reference.number(1), reference.number(4), reference.number(5)));
  }

  /**
   * But those of transformers, whose names StateDictTest compares and whose results ZooProofTest.
   */
  @Test
  void knowsEveryNetwork() throws IOException {
    assertThat(cases())
        .map(reference -> reference.word(0))
        .containsAll(
            Networks.names().stream()
                .filter(name -> !name.matches("(segformer|upernet)-.*"))
                .toList());
  }

  private static long work(Layer layer, Map<Layer, Shape> shapes) {
    Shape output = Objects.requireNonNull(shapes.get(layer));
    Shape input =
        layer.inputs().isEmpty()
            ? output
            : Objects.requireNonNull(shapes.get(layer.inputs().get(0)));
    return layer.operation().multiplyAdds(input, output);
  }

  private static String described(Layer layer, Shape output) {
    String entries =
        layer.parameters().stream()
            .map(
                parameter ->
                    parameter.name().substring(layer.name().length() + 1)
                        + ":"
                        + parameter.shape().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining("x")))
            .collect(Collectors.joining(" "));
    return "%s %s %s %s"
        .formatted(
            layer.name(), entries, doing(layer.operation()), output.toString().replace(" ", ""));
  }

  private static String doing(Operation operation) {
    if (operation instanceof BatchNorm norm) {
      return "epsilon " + Math.round(norm.epsilon() * 1e6) + "e-6";
    }
    Kernel kernel =
        operation instanceof Convolution convolution
            ? convolution.kernel()
            : ((TransposedConvolution) operation).kernel();
    return "stride %d dilation %d groups %d"
        .formatted(kernel.horizontal().stride(), kernel.horizontal().dilation(), kernel.groups());
  }
}
