package io.github.pixelwise.benchmarks;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How long each {@link Stage} of a run took; 0 for stages that the pipeline does not have. */
final class Times {
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);

  private Times(long... nanos) {
    int next = 0;
    for (Stage stage : Stage.values()) {
      this.nanos.put(stage, nanos[next++]);
    }
  }

  /** The times of consecutive stages, from clock readings between them. */
  static Times between(long... readings) {
    long[] nanos = new long[readings.length - 1];
    Arrays.setAll(nanos, i -> readings[i + 1] - readings[i]);
    return new Times(nanos);
  }

  /** Reads what {@link #toString} wrote. */
  static Times parse(String line) {
    int stages = Stage.values().length;
    if (!line.matches("\\d+( \\d+){%d}".formatted(stages - 1))) {
      throw new IllegalArgumentException(
          "expected %d times in nanoseconds, found \"%s\"".formatted(stages, line));
    }
    return new Times(Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray());
  }

  double millis(Stage stage) {
    return nanos.getOrDefault(stage, 0L) / 1e6;
  }

  /** The whole run, from file to files, in milliseconds. */
  double whole() {
    return nanos.values().stream().mapToLong(Long::longValue).sum() / 1e6;
  }

  /** The whole run without reading and writing files. */
  double withoutFiles() {
    return whole() - millis(Stage.DECODE) - millis(Stage.ENCODE);
  }

  /** The time added to the network for a mask and an overlay. */
  double aroundInference() {
    return millis(Stage.PREPARE) + millis(Stage.DECODING) + millis(Stage.COLOR);
  }

  /** The middle value, or the mean of the two middle values. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public String toString() {
    return nanos.values().stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
