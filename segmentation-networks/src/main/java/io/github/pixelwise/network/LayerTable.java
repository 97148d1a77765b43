package io.github.pixelwise.network;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The table of a network's layers. */
final class LayerTable {
  private LayerTable() {}

  static String of(Network network, int width, int height) {
    Map<Layer, Shape> shapes = network.shapes(width, height);
    int names =
        network.layers().stream().mapToInt(layer -> layer.toString().length()).max().orElse(0);
    String row = "%-" + names + "s  %18s  %,13d  %,17d%n";
    StringBuilder table = new StringBuilder();
    table.append(
        ("%-" + names + "s  %18s  %13s  %17s%n")
            .formatted("layer", "output C x H x W", "parameters", "multiply-adds"));
    long total = 0;
    for (Layer layer : network.layers()) {
      Shape output = Objects.requireNonNull(shapes.get(layer));
      long parameters =
          layer.parameters().stream().filter(Parameter::trained).mapToLong(Parameter::size).sum();
      Shape input =
          layer.inputs().isEmpty()
              ? output
              : Objects.requireNonNull(shapes.get(layer.inputs().get(0)));
      long work = layer.operation().multiplyAdds(input, output);
      total += work;
      table.append(String.format(Locale.ROOT, row, layer, output, parameters, work));
    }
    table.append(String.format(Locale.ROOT, row, "total", "", network.parameterCount(), total));
    return table.toString();
  }
}
