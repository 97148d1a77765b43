package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final RunInfo INFO = Reports.info(3, "road", "car");
  private static final CategoryMask TRUTH = Reports.mask(0, 0, 1, 255);

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("images.jsonl");
  }

  private static ImageResult image(String name) {
    return Reports.image(name, TRUTH, Reports.mask(0, 1, 1, 0), 2);
  }

  private void write(RunInfo info, ImageResult... images) throws IOException {
    try (Journal journal = Journal.create(folder, info)) {
      for (ImageResult image : images) {
        journal.append(image);
      }
    }
  }

  @Test
  void hasOneLineForTheRunAndOneForEachImage() throws IOException {
    write(INFO, image("Größe \"1\""));

    assertThat(file())
        .content()
        .isEqualTo(
            """
            {"format":"pixelwise-evaluation","version":1,"dataset":"streets","samples":3,\
            "predictor":"tiny on onnx","classes":["road","car"],"colors":["#102030","#ff0000"],\
            "ignoreIndex":255,"boundary":"none","calibration":false,"notes":[]}
            {"name":"Größe \\"1\\"","width":4,"height":1,"cells":[0,0,1,0,1,1,1,1,1]}
            """);
  }

  @Test
  void givesBackWhatWasCounted() throws IOException {
    RunInfo info =
        new RunInfo(
            "streets", 1, "x", INFO.labels(), INFO.palette(), "2", true, List.of("One note."));
    CategoryMask prediction = Reports.mask(0, 1, 1, 0);
    ImageResult image =
        new ImageResult(
            "a",
            4,
            1,
            image("a").cells(),
            Optional.of(BoundaryCounts.of(TRUTH, prediction, 2, 255, OptionalInt.of(2))),
            Optional.of(
                Calibration.of(
                    TRUTH, prediction, ConfidenceMap.of(4, 1, new byte[] {1, 2, 100, -1}), 255)));
    write(info, image);

    EvaluationReport report = EvaluationReport.read(folder, EmptyClasses.SKIP);

    assertThat(report.info().differences(info)).isEmpty();
    ImageResult read = report.images().get(0);
    assertThat(read.cells()).isEqualTo(image.cells());
    assertThat(read.boundary().orElseThrow().toLongs())
        .isEqualTo(image.boundary().orElseThrow().toLongs());
    assertThat(read.calibration().orElseThrow().toLongs())
        .isEqualTo(image.calibration().orElseThrow().toLongs());
  }

  @Test
  void goesOnAfterACrashAtAnyByteOfTheLastLine() throws IOException {
    write(INFO, image("a"));
    int complete = (int) Files.size(file());
    write(INFO, image("a"), image("b"));
    byte[] bytes = Files.readAllBytes(file());
    for (int cut = complete; cut < bytes.length; cut++) {
      Files.write(file(), Arrays.copyOf(bytes, cut));
      try (Journal journal = Journal.resume(folder, INFO)) {
        assertThat(journal.done()).extracting(ImageResult::name).containsExactly("a");
        journal.append(image("b"));
      }
      assertThat(Files.readAllBytes(file())).isEqualTo(bytes);
    }
  }

  @Test
  void startsAgainAfterACrashAtAnyByteOfTheFirstLine() throws IOException {
    write(INFO);
    byte[] bytes = Files.readAllBytes(file());
    for (int cut = 0; cut < bytes.length; cut++) {
      Files.write(file(), Arrays.copyOf(bytes, cut));
      try (Journal journal = Journal.resume(folder, INFO)) {
        assertThat(journal.done()).isEmpty();
      }
      assertThat(Files.readAllBytes(file())).isEqualTo(bytes);
    }
  }

  @Test
  void startsWhereThereIsNothingToResume() throws IOException {
    Path missing = folder.resolve("new/report");
    try (Journal journal = Journal.resume(missing, INFO)) {
      assertThat(journal.done()).isEmpty();
    }

    assertThat(missing.resolve("images.jsonl")).exists();
  }

  @Test
  void doesNotJoinDifferentRuns() throws IOException {
    write(INFO);
    RunInfo other =
        new RunInfo(
            "streets",
            3,
            "another model",
            LabelMap.of(List.of("road", "bus")),
            Palette.of(List.of(0x102030, 0xff0000)),
            "none",
            false,
            List.of());

    assertThatThrownBy(() -> Journal.resume(folder, other))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot resume the evaluation in %s: it is another one (the predictors: tiny on onnx and"
                    .formatted(folder)
                + " another model; class 1: car and bus). Resume with the same data set, model and"
                + " settings, or write the report to another folder");
  }

  @Test
  void countsNoImageTwice() throws IOException {
    write(INFO, image("a"), image("a"));

    assertThatThrownBy(() -> Journal.resume(folder, INFO))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read %s, line 3: it has a for the second time; delete one of the two lines"
                .formatted(file()));
  }

  @Test
  void namesADamagedLine() throws IOException {
    write(INFO, image("a"));
    String text = Files.readString(file());

    assertDamaged(text.replace("[0,0,1", "[0,7,1"), "1 pixels of class 0 as class 7 cannot be");
    assertDamaged(text.replace("[0,0,1,", "[0,1,"), "cells come in threes, found 8");
    assertDamaged(text.replace("[0,0,1", "[0,0,9"), "a has 4 x 1 pixels, but 11 are counted");
    assertDamaged(text.replace("\"width\":4,", ""), "it is damaged: its \"width\" is missing");
    assertDamaged(text.replace("\"width\":4,", "\"width\":"), "it is damaged: ");
  }

  private void assertDamaged(String text, String message) throws IOException {
    Files.writeString(file(), text);

    assertThatThrownBy(() -> Journal.resume(folder, INFO))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read %s, line 2: %s".formatted(file(), message));
  }

  @Test
  void refusesAnotherVersion() throws IOException {
    write(INFO);
    Files.writeString(file(), Files.readString(file()).replace("\"version\":1", "\"version\":2"));

    assertThatThrownBy(() -> Journal.resume(folder, INFO))
        .hasMessage(
            "cannot read %s, line 1: it has version 2 of its format; this program reads version 1"
                .formatted(file()));
  }

  @Test
  void readsNoReportThatIsNotFinished() throws IOException {
    write(INFO, image("a"));

    assertThatThrownBy(() -> EvaluationReport.read(folder, EmptyClasses.SKIP))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the report in %s has 1 of 3 photographs; resume its evaluation to finish it"
                .formatted(folder));
  }

  @Test
  void saysWhichFolderHasNoReport() {
    assertThatThrownBy(() -> EvaluationReport.read(folder, EmptyClasses.SKIP))
        .isInstanceOf(IOException.class)
        .hasMessage("%s is not the folder of a report: it has no images.jsonl".formatted(folder));
  }

  @Test
  void namesTheFileThatCannotBeWritten() throws IOException {
    Journal journal = Journal.create(folder, INFO);
    journal.close();

    assertThatThrownBy(() -> journal.append(image("a")))
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .hasMessageStartingWith("cannot write " + file());
  }
}
