package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir private Path folder;
  private Path a;
  private Path b;

  @BeforeEach
  void evaluateTwice() throws IOException {
    a = folder.resolve("run-a");
    b = folder.resolve("run-b");
    ToyDataset data = new ToyDataset(folder).add("p", 32, 32).add("q", 32, 16);
    assertThat(data.evaluate("-o", a).exit()).isZero();
    data.add("q", 20, 16);
    assertThat(data.evaluate("-o", b).exit()).isZero();
  }

  private static void assertRefused(Run run, int exit, String message) {
    assertThat(run.err()).startsWith("segment: " + message + System.lineSeparator());
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isEqualTo(exit);
  }

  @Test
  void printsWhatGotBetter() {
    Run run = Run.of("compare", a, b);

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains(
            "A: toy on onnx ",
            "2 photographs are in both.",
            "mean IoU (skip)  0.7750  0.9365  +0.1615",
            "red      0.7500    0.9231  +0.1731",
            "photographs that got better  IoU of A  IoU of B    B - A",
            "Intervals are paired bootstraps over photographs")
        .doesNotContain("photographs that got worse");
    assertThat(Run.of("compare", b, a).out()).contains("-0.1615", "photographs that got worse");
  }

  @Test
  void printsJson() {
    Run run = Run.of("compare", a, b, "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out()).startsWith("{").contains("\"meanIou\"", "\"red\"", "\"q\"");
  }

  @Test
  void takesTheRuleForEmptyClasses() {
    assertThat(Run.of("compare", a, b, "--empty", "one").out()).contains("mean IoU (one)  0.8500");
  }

  @Test
  void comparesThePhotographsThatBothHave() throws IOException {
    Path c = folder.resolve("run-c");
    new ToyDataset(folder).evaluate("-o", c, "--limit", 1);

    assertThat(Run.of("compare", a, c).out())
        .contains("1 photograph is in both.", "Only A has 1 photograph, left out here: q");
  }

  @Test
  void refusesRunsThatCannotBeCompared() throws IOException {
    Path c = folder.resolve("run-c");
    ToyDataset other = new ToyDataset(folder.resolve("other")).add("x", 1, 1);
    assertThat(other.evaluate("-o", c).exit()).isZero();
    assertRefused(
        Run.of("compare", a, c), 2, "the two runs have no photograph in common, such as p and x");
    other.evaluate("-o", c, "--force", "--labels", "red, green");
    assertRefused(
        Run.of("compare", a, c),
        2,
        "the two runs cannot be compared, because they differ in the numbers of classes: 3 and 2");
    ToyDataset truth = new ToyDataset(folder.resolve("other")).add("p", 1, 1);
    truth.evaluate("-o", c, "--force");
    Run run = Run.of("compare", a, c);
    assertThat(run.err()).startsWith("segment: ").contains(" of p ");
    assertThat(run.exit()).isEqualTo(2);
  }

  @Test
  void refusesWhatIsNoReport() throws IOException {
    assertRefused(
        Run.of("compare", a, folder),
        1,
        folder + " is not the folder of a report: it has no images.jsonl");
    Path journal = b.resolve("images.jsonl");
    Files.writeString(journal, Files.readString(journal).lines().limit(2).toList().get(0) + "\n");
    assertRefused(
        Run.of("compare", a, b),
        1,
        "the report in %s has 0 of 2 photographs; resume its evaluation to finish it".formatted(b));
  }

  @Test
  void refusesWrongCommandLines() {
    assertRefused(Run.of("compare", a), 2, "Missing required parameter: 'RUN_B'");
    assertRefused(
        Run.of("compare", a, b, "--empty", "x"),
        2,
        "Invalid value for option '--empty': expected one of [SKIP, NAN, ZERO, ONE]"
            + " (case-insensitive) but was 'x'");
  }
}
