package io.github.pixelwise.examples.backend;

import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network that scores a pixel by its three samples only, written as text:
 *
 * <pre>{@code
 * pointwise 1
 * input image
 * output scores
 * stride 4
 * activation none
 * row 1 0.25 -0.5 0.125
 * row -0.5 1 0.25 0
 * end
 * }</pre>
 *
 * <p>There is a row for each class: a weight for each sample and a bias. The stride is the
 * distance, in pixels and rows, from one score to the next. The activation is {@code none} or
 * {@code sigmoid}.
 *
 * @param input the images, plane by plane, in batches and images of any size
 * @param output the scores
 * @param stride the pixels from one score to the next
 * @param sigmoid whether scores become probabilities
 * @param rows three weights and a bias for each class
 */
record PointwiseNetwork(
    TensorInfo input, TensorInfo output, int stride, boolean sigmoid, List<float[]> rows) {
  static final int SAMPLES = 3;

  private static final String VERSION = "pointwise 1";

  /**
   * Reads a network.
   *
   * @throws IOException if the file cannot be read or is not such a network
   */
  static PointwiseNetwork read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int end = lines.size() - 1;
    if (end < 5 || !lines.get(0).equals(VERSION) || !lines.get(end).equals("end")) {
      throw new IOException("it must begin with \"pointwise 1\" and end with \"end\"");
    }
    List<float[]> rows = new ArrayList<>();
    for (String line : lines.subList(5, end)) {
      rows.add(numbers(argument(line, "row")));
    }
    String stride = argument(lines.get(3), "stride");
    String activation = argument(lines.get(4), "activation");
    if (rows.isEmpty() || !stride.matches("[1-9]\\d{0,2}") || !activation.matches("none|sigmoid")) {
      throw new IOException("it needs rows, a stride, and an activation");
    }
    return new PointwiseNetwork(
        tensor(argument(lines.get(1), "input"), SAMPLES),
        tensor(argument(lines.get(2), "output"), rows.size()),
        Integer.parseInt(stride),
        activation.equals("sigmoid"),
        List.copyOf(rows));
  }

  private static TensorInfo tensor(String name, int channels) {
    return TensorInfo.of(name, ElementType.FLOAT32)
        .withSides(TensorInfo.ANY, channels, TensorInfo.ANY, TensorInfo.ANY);
  }

  private static String argument(String line, String keyword) throws IOException {
    if (!line.startsWith(keyword + " ")) {
      throw new IOException("\"%s\" should begin with %s".formatted(line, keyword));
    }
    return line.substring(keyword.length() + 1);
  }

  private static float[] numbers(String row) throws IOException {
    String[] words = row.split(" ", -1);
    float[] numbers = new float[words.length];
    try {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Float.parseFloat(words[i]);
      }
    } catch (NumberFormatException e) {
      throw new IOException("\"%s\" should be numbers".formatted(row), e);
    }
    if (numbers.length != SAMPLES + 1) {
      throw new IOException(
          "a row has three weights and a bias, found " + Arrays.toString(numbers));
    }
    return numbers;
  }
}
