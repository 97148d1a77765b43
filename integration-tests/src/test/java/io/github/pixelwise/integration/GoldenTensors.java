package io.github.pixelwise.integration;

import io.github.pixelwise.model.FloatTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Tensors computed by PyTorch, one per line: name, shape, and numbers, separated by bars. */
final class GoldenTensors {
  private GoldenTensors() {}

  static FloatTensor read(Path file, String name) throws IOException {
    String[] fields =
        Files.readAllLines(file).stream()
            .map(line -> line.split("\\|", -1))
            .filter(line -> line[0].equals(name))
            .findFirst()
            .orElseThrow();
    int[] shape = Stream.of(fields[1].split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    String[] numbers = fields[2].split(" ", -1);
    float[] values = new float[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(numbers[i]);
    }
    return FloatTensor.of(values, shape);
  }
}
