package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {
  private static final List<String> CLASSES = List.of("road", "bus, \"big\"");
  private static final String HEADER =
      "epoch,step,loss,rate,mean_iou,pixel_accuracy,photos_per_second,waiting_share,seconds,"
          + "iou_road,\"iou_bus, \"\"big\"\"\"\n";

  @TempDir Path folder;

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text, StandardOpenOption.APPEND);
  }

  private static EpochEntry validated(int epoch, long step) {
    return new EpochEntry(
        epoch, step, 1.0 / step, 0.01, 12.5, 0.02, 0.5, 0.75, List.of(0.5, Double.NaN), 61.5);
  }

  private static EpochEntry skipped(int epoch, long step) {
    return new EpochEntry(epoch, step, 0.5, 0.01, 12.5, 0, Double.NaN, Double.NaN, List.of(), 60);
  }

  /** Makes the steps of a run with four steps an epoch. */
  private static void run(TrainingLog log, int from, int to) throws IOException {
    for (int step = from; step <= to; step++) {
      int epoch = (step + 3) / 4;
      log.add(new StepEntry(step, epoch, 1.0 / step, 1e-5 * step));
      if (step % 4 == 0) {
        log.add(validated(epoch, step));
      }
    }
  }

  @Test
  void hasARowForEachEpochAndEachStep() throws IOException {
    try (TrainingLog log = TrainingLog.create(folder, CLASSES)) {
      log.add(new StepEntry(1, 1, 0.1 + 0.2, 6.54e-5));
      log.add(new StepEntry(2, 1, Double.NaN, 0));
      log.add(validated(1, 2));
      log.add(skipped(2, 4));

      // While the log is still open.
      assertThat(text("steps.csv"))
          .isEqualTo("step,epoch,loss,rate\n1,1,0.30000000000000004,6.54E-5\n2,1,,0.0\n");
      assertThat(text("log.csv"))
          .isEqualTo(
              HEADER
                  + "1,2,0.5,0.01,0.5,0.75,12.5,0.02,61.5,0.5,\n"
                  + "2,4,0.5,0.01,,,12.5,0.0,60.0,,\n");
    }
  }

  @Test
  void readsWhatItWrote() throws IOException {
    List<StepEntry> steps = List.of(new StepEntry(1, 1, 0.1 + 0.2, 1e-300));
    List<EpochEntry> epochs = List.of(validated(1, 3), skipped(2, 6));
    try (TrainingLog log = TrainingLog.create(folder, CLASSES)) {
      for (StepEntry step : steps) {
        log.add(step);
      }
      for (EpochEntry epoch : epochs) {
        log.add(epoch);
      }
    }

    try (TrainingLog log = TrainingLog.resume(folder, CLASSES, 2, 6)) {
      assertThat(log.steps()).isEqualTo(steps);
      assertThat(log.epochs()).isEqualTo(epochs);
    }
  }

  @Test
  void isTheSameAfterAKillAndAResume() throws IOException {
    try (TrainingLog log = TrainingLog.create(folder, CLASSES)) {
      run(log, 1, 12);
    }
    String epochs = text("log.csv");
    String steps = text("steps.csv");
    for (int checkpoint = 0; checkpoint <= 12; checkpoint++) {
      try (TrainingLog log = TrainingLog.create(folder, CLASSES)) {
        run(log, 1, 11);
      }
      append("steps.csv", "12,3,0.08333");
      append("log.csv", "3,12,0.0833");

      try (TrainingLog log = TrainingLog.resume(folder, CLASSES, checkpoint / 4, checkpoint)) {
        assertThat(log.steps()).hasSize(Math.min(11, checkpoint));
        run(log, log.steps().size() + 1, 12);
      }

      assertThat(text("log.csv")).isEqualTo(epochs);
      assertThat(text("steps.csv")).isEqualTo(steps);
    }
  }

  @Test
  void dropsTheEpochOfACheckpointBeforeItsValidation() throws IOException {
    try (TrainingLog log = TrainingLog.create(folder, CLASSES)) {
      run(log, 1, 8);
    }

    try (TrainingLog log = TrainingLog.resume(folder, CLASSES, 1, 8)) {
      assertThat(log.epochs()).containsExactly(validated(1, 4));
      assertThat(log.steps()).hasSize(8);
    }
  }

  @Test
  void startsWhereThereIsNoLogOrNotEvenAHeader() throws IOException {
    Files.writeString(folder.resolve("log.csv"), "epoch,st");

    TrainingLog.resume(folder, CLASSES, 1, 1).close();

    assertThat(text("log.csv")).isEqualTo(HEADER);
    assertThat(text("steps.csv")).isEqualTo("step,epoch,loss,rate\n");
  }

  @Test
  void refusesTheLogOfAnotherRun() throws IOException {
    TrainingLog.create(folder, List.of("road", "car")).close();

    assertThatIOException()
        .isThrownBy(() -> TrainingLog.resume(folder, List.of("road"), 0, 0))
        .withMessage(
            "%s is the log of another run: column 11 is iou_car instead of missing. Resume the run in"
                + " its own folder",
            folder.resolve("log.csv"));
  }

  @Test
  void namesTheRowThatCannotBeRead() throws IOException {
    TrainingLog.create(folder, CLASSES).close();
    append("steps.csv", "1,1,0.5,0.1\n2,1,half,0.1\n");

    assertThatIOException()
        .isThrownBy(() -> TrainingLog.resume(folder, CLASSES, 1, 2))
        .withMessage(
            "cannot read %s, row 3: For input string: \"half\". Repair the row, or delete the file to"
                + " resume without its rows",
            folder.resolve("steps.csv"));

    append("log.csv", "1,2\n");

    assertThatIOException()
        .isThrownBy(() -> TrainingLog.resume(folder, CLASSES, 1, 2))
        .withMessageContaining("row 2: it has 2 cells instead of 11.");
  }

  @Test
  void wantsAnIouForEachClass() throws IOException {
    try (TrainingLog log = TrainingLog.create(folder, List.of("road"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> log.add(validated(1, 1)))
          .withMessage("the IoU of each of the 1 classes is needed, found 2");
    }
  }

  @Test
  void readsQuotedNames() {
    List<String> names = List.of("a", "", "\"", "\"\"x", "y\nz", ",", "plain");

    assertThat(Csv.rows(Csv.row(names) + "half")).containsExactly(names);
  }
}
