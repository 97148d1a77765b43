package io.github.pixelwise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.network.convert.Precision;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every command runs and prints its results. Speed is not tested. */
class CommandsTest {
  @Test
  void runsPipelinesWithoutPython() {
    String printed =
        printed(
            "side-by-side --network embedded --rounds 1 --warm-up 0 --python nowhere --photo",
            Main.home().resolve("examples/photos/chelsea.png").toString());

    assertThat(printed).contains("Python is skipped: ").contains("\"nowhere\"");
    assertThat(printed)
        .contains("embedded, input long-edge 513")
        .contains("faster than DJL's translator")
        .contains("; rounds: 1;");
    List<String> rows = rows(printed);
    assertThat(rows.get(0)).contains("| decode | prepare | inference |");
    assertThat(rows.get(2)).startsWith("| Pixelwise | ONNX Runtime 1.").endsWith("| 100.00 |");
    boolean hasBfloat16 = !Precision.BFLOAT16.isSlowHere();
    assertThat(rows).hasSize(2 + (hasBfloat16 ? 6 : 5));
    assertThat(printed.contains("Skipped: Pixelwise, bfloat16: ")).isNotEqualTo(hasBfloat16);
    for (String row : rows.subList(3, 5)) {
      assertThat(row).as("DJL and OpenCV see the same").matches(".*\\| (99\\.9\\d|100\\.00) \\|");
    }
    assertThat(Main.results().resolve("embedded.svg")).content().contains(">inference</text>");
  }

  @Test
  void measuresThroughput() {
    List<String> rows = rows(printed("throughput --photos 3 --rounds 1 --callers 1,2"));

    assertThat(rows).hasSize(2 + 2);
    assertThat(rows.get(2)).matches("\\| 1 \\| [0-9.]+ \\| \\d+ % \\| [0-9.]+ \\|");
    assertThat(rows.get(3)).startsWith("| 2 |");
  }

  @Test
  void measuresGrowthForBothNumbersOfClasses() {
    List<String> rows = rows(printed("growth --runs 1 --megapixels 0.1,0.2"));

    assertThat(rows).hasSize(2 + 4);
    assertThat(rows.get(2)).startsWith("| 0.1 | 21 |");
    assertThat(rows.get(5)).startsWith("| 0.2 | 150 |");
    assertThat(Main.results().resolve("growth-heap.svg")).content().contains(">150 classes</text>");
  }

  @Test
  void plansAClusterTheSameWayEachTime() {
    String command = "cluster-plan --photos 50000 --machines 20 --cores 4 --seed ";
    String printed = printed(command + 1);

    assertThat(printed)
        .startsWith(
            "50,000 photos, 20 machines with 4 cores: the cores do at most 400 photos a second, and"
                + " the driver lists 5,000.");
    List<String> rows = rows(printed);
    assertThat(rows).hasSize(2 + 15);
    assertThat(rows.get(2)).matches("\\| equal sizes \\| \\d+ \\| 125 \\| [0-9.]+ % \\|.*");
    assertThat(printed(command + 1)).isEqualTo(printed);
    assertThat(printed(command + 2)).isNotEqualTo(printed);
  }

  /** What a command prints; it must exit with status 0. */
  private static String printed(String words, String... more) {
    List<String> command = new ArrayList<>(List.of(words.split(" ", -1)));
    command.addAll(List.of(more));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.execute(command.toArray(String[]::new))).isZero();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<String> rows(String printed) {
    return printed.lines().filter(line -> line.startsWith("|")).toList();
  }
}
