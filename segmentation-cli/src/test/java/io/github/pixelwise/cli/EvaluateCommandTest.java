package io.github.pixelwise.cli;

import static io.github.pixelwise.cli.ToyDataset.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two photos: one without an error, and one with 16 of 64 columns wrong. */
class EvaluateCommandTest {
  private static final String TABLE =
      """
      class           IoU    Dice  recall  precision  pixels
      red          0.7500  0.8571  1.0000     0.7500   2,304
      green        0.8000  0.8889  0.8000     1.0000   3,840
      blue              -       -       -          -       0
      mean (skip)  0.7750  0.8730  0.9000     0.8750   6,144
      """;

  @TempDir private Path folder;
  private ToyDataset data;

  @BeforeEach
  void makeDataset() throws IOException {
    data = new ToyDataset(folder).add("a", 32, 32).add("b", 32, 16);
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines));
  }

  private static void assertEvaluated(Run run, String... parts) {
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains(parts);
    assertThat(run.exit()).isZero();
  }

  private static void assertWrong(Run run, String message) {
    assertThat(run.err())
        .isEqualToNormalizingNewlines("segment: " + message + "\nTry 'segment evaluate --help'.\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isEqualTo(2);
  }

  private static void assertFailed(Run run, String message) {
    assertThat(run.err()).isEqualToNormalizingNewlines("segment: " + message + "\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void printsTheMetricsOfAModelOnTwoFolders() {
    assertEvaluated(data.evaluate(), TABLE, "toy on onnx ", " on truth, 2 photographs");
  }

  @Test
  void printsTheMetricsOfPredictionsThatAnyProgramMade() {
    assertEvaluated(
        Run.of(
            "evaluate",
            "--predictions",
            data.predictions(),
            "--masks",
            data.masks(),
            "--labels",
            "red, green, blue"),
        TABLE,
        "predicted on truth, 2 photographs");
  }

  @Test
  void readsADataSetThatAFileDescribes() throws IOException {
    Path file =
        write(
            "my.dataset.properties",
            "format = folders",
            "photographs = photos",
            "masks = truth",
            "labels = red, green, blue");

    assertEvaluated(
        Run.of("evaluate", "--data", file, "-m", MODEL), TABLE, " on my, 2 photographs");
    assertEvaluated(
        Run.of("evaluate", "--data", file, "--predictions", data.predictions()),
        TABLE,
        "predicted on my, 2 photographs");
  }

  @Test
  void restrictsTheDataSet() throws IOException {
    assertEvaluated(data.evaluate("--limit", 1), " on truth, 1 photograph", "  3,072");
    assertEvaluated(data.evaluate("--limit", 99), TABLE);
    assertEvaluated(data.evaluate("--split", write("list.txt", "b.png")), "0.7500", "  3,072");
  }

  @Test
  void mapsClassesByAFile() throws IOException {
    assertEvaluated(
        data.evaluate(
            "--labels",
            "rouge,vert",
            "--map",
            write("map.txt", "red = rouge", "GREEN = vert", "blue =")),
        "rouge        0.7500",
        "The model's red is the data set's rouge.");
  }

  @Test
  void takesTheRuleForEmptyClasses() {
    assertEvaluated(data.evaluate("--empty", "one"), "mean (one)", "0.8500", "blue        1.0000");
    assertEvaluated(data.evaluate("--empty=ZERO"), "mean (zero)", "0.5167");
    assertEvaluated(data.evaluate("--empty=nan"), "mean (nan)");
  }

  @Test
  void measuresBoundaries() {
    assertThat(data.evaluate().out()).doesNotContain("oundary");
    assertEvaluated(data.evaluate("--boundary", 2), "oundary");
    assertEvaluated(data.evaluate("--boundary", "auto"), "oundary");
  }

  @Test
  void makesValuesVoidAndMapsThem() throws IOException {
    ToyDataset.mask(data.masks(), "b", 64, 16, 7, 1);

    assertEvaluated(data.evaluate("--ignore", "7"), "red          0.6667");
    assertEvaluated(data.evaluate("--values", write("v.txt", "0=red", "7=red", "1=green")), TABLE);
  }

  @Test
  void resizesMasksIfAsked() throws IOException {
    ToyDataset.mask(data.masks(), "b", 32, 8, 0, 1);

    assertFailed(
        data.evaluate(),
        ("%s has 32 x 48 pixels, but its photograph %s has 64 x 48. Make both equal, or have masks"
                + " resized (resize-masks).")
            .formatted(data.masks().resolve("b.png"), data.images().resolve("b.png")));
    assertEvaluated(data.evaluate("--resize-masks"), TABLE);
  }

  @Test
  void writesAReport() throws IOException {
    Path report = folder.resolve("new/report");

    assertEvaluated(
        data.evaluate("-o", report), "The report is in " + report.resolve("report.html"));

    try (Stream<Path> files = Files.list(report)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted().toList())
          .isEqualTo(
              List.of("classes.csv", "images.csv", "images.jsonl", "report.html", "report.json"));
    }
    assertThat(report.resolve("report.json")).content().contains("\"meanIou\" : 0.775");
    assertThat(report.resolve("classes.csv")).content().contains("\n0,red,2304,3072,2304,0.75,");
    assertThat(report.resolve("images.csv")).content().contains("\na,64,48,3072,1.0,1.0\n");
    assertThat(report.resolve("images.jsonl")).content().hasLineCount(3);
  }

  @Test
  void neitherOverwritesNorContinuesAReportUnasked() throws IOException {
    Path report = folder.resolve("report");
    data.evaluate("-o", report);
    byte[] journal = Files.readAllBytes(report.resolve("images.jsonl"));

    assertWrong(
        data.evaluate("-o", report),
        report
            + " has a report already: continue it with --resume, overwrite it with --force, or"
            + " choose another folder");
    assertThat(report.resolve("images.jsonl")).hasBinaryContent(journal);
    assertEvaluated(data.evaluate("-o", report, "--resume"), TABLE);
    assertThat(report.resolve("images.jsonl")).hasBinaryContent(journal);
    assertEvaluated(data.evaluate("-o", report, "--force", "--limit", 1), "1 photograph");
    assertThat(report.resolve("images.jsonl")).content().hasLineCount(2);
  }

  @Test
  void resumesAfterAFailure() throws IOException {
    Path report = folder.resolve("report");
    Path mask = data.masks().resolve("b.png");
    byte[] good = Files.readAllBytes(mask);
    Files.write(mask, Arrays.copyOf(good, good.length / 2));

    assertFailed(
        data.evaluate("-o", report),
        "%s: the mask is cut short, at %d bytes; copy or export it again"
            .formatted(mask, good.length / 2));
    assertThat(report.resolve("report.html")).doesNotExist();
    Files.write(mask, good);
    assertEvaluated(data.evaluate("-o", report, "--resume"), TABLE);
    assertFailed(
        data.evaluate("-o", report, "--resume", "--boundary", 2),
        ("cannot resume the evaluation in %s: it is another one (the widths of boundaries: none and"
                + " 2). Resume with the same data set, model and settings, or write the report to"
                + " another folder")
            .formatted(report));
  }

  @Test
  void refusesWrongCommandLines() throws IOException {
    assertWrong(
        Run.of("evaluate"),
        "name a data set with --data FILE, or its folders with --images and --masks");
    assertWrong(
        Run.of("evaluate", "--masks", data.masks()),
        "name a data set with --data FILE, or its folders with --images and --masks");
    assertWrong(
        Run.of("evaluate", "--predictions", data.predictions(), "--masks", data.masks()),
        "name the classes of the masks with --labels");
    assertWrong(
        data.evaluate("--data", "x.dataset.properties"),
        "--data describes the data set by itself; leave out --images, --masks, --labels, --values,"
            + " and --colors");
    assertWrong(data.evaluate("--limit", 0), "--limit must be at least 1, found 0");
    assertWrong(data.evaluate("--split", "val"), "--split: there is no file val");
    assertWrong(
        data.evaluate("--boundary", 0),
        "--boundary must be a number of pixels from 1, or auto, found 0");
    assertWrong(
        data.evaluate("--boundary", "wide"),
        "--boundary must be a number of pixels from 1, or auto, found wide");
    assertWrong(data.evaluate("--resume"), "--resume needs the folder of the report: -o DIR");
    assertWrong(data.evaluate("--force"), "--force needs the folder of the report: -o DIR");
    assertWrong(
        data.evaluate("-o", folder.resolve("r"), "--resume", "--force"),
        "--resume continues a report, --force overwrites it: choose one");
    assertWrong(
        Run.of(
            "evaluate",
            "--predictions",
            data.predictions(),
            "--masks",
            data.masks(),
            "--labels",
            "red, green, blue",
            "--map",
            write("map.txt", "")),
        "--map is for models; the values of predicted masks are the data set's");
    assertWrong(
        Run.of(
            "evaluate",
            "--predictions",
            data.predictions(),
            "--masks",
            data.masks(),
            "--labels",
            "red, green, blue",
            "--backend",
            "onnx"),
        "--backend is for models; --predictions are masks that exist already");
    assertWrong(
        Run.of(
            "evaluate",
            "--predictions",
            data.predictions(),
            "--masks",
            data.masks(),
            "--labels",
            "red, green, blue",
            "--sharpen"),
        "--sharpen is for models; --predictions are masks that exist already");
    assertWrong(
        data.evaluate("--labels", "sea, sea"), "--labels: labels must be unique, found twice: sea");
    assertWrong(
        data.evaluate("--labels", "sea, sand"),
        "model and data set have no class in common: the model has red, green, blue; the data set"
            + " has sea, sand; map them with a file of lines MODEL CLASS = DATA SET CLASS, see"
            + " --map");
    Run rule = data.evaluate("--empty", "some");
    assertThat(rule.err()).contains("--empty", "some");
    assertThat(rule.exit()).isEqualTo(2);
  }

  @Test
  void explainsBadInputInOneSentence() throws IOException {
    Path missing = folder.resolve("no.txt");
    assertFailed(
        data.evaluate("--map", missing),
        "cannot read %s: there is no such file or folder".formatted(missing));
    Path list = write("list.txt", "a", "c.jpg");
    assertFailed(
        data.evaluate("--split", list),
        "%s, line 2: there is no photograph c.jpg in %s".formatted(list, data.images()));
    ToyDataset.mask(data.masks(), "b", 64, 16, 7, 1);
    assertFailed(
        data.evaluate(),
        ("%s: no class has the value 7 (768 pixels); there are 3 classes. Map it to one (values),"
                + " or make it void (ignore).")
            .formatted(data.masks().resolve("b.png")));
    Files.write(data.images().resolve("b.png"), new byte[] {1, 2, 3});
    assertThat(data.evaluate().err()).startsWith("segment: ").contains("b.png");
    Files.delete(data.images().resolve("b.png"));
    Run alone = data.evaluate();
    assertThat(alone.err())
        .startsWith("segment: 1 of the 2 mask or annotation files in " + data.masks());
    assertThat(alone.exit()).isEqualTo(1);
  }

  @Test
  void namesPredictionsThatDoNotFit() throws IOException {
    Object[] predictions = {
      "evaluate",
      "--predictions",
      data.predictions(),
      "--masks",
      data.masks(),
      "--labels",
      "red, green, blue"
    };
    PalettePng.write(
        CategoryMask.copyOf(2, 1, new int[] {0, 1}),
        Palette.voc(),
        data.predictions().resolve("b.png"));
    assertFailed(Run.of(predictions), "the mask of b has 64 x 48 pixels, its prediction 2 x 1");
    Files.delete(data.predictions().resolve("b.png"));
    assertFailed(
        Run.of(predictions),
        "predicted has no prediction for b; limit the data set to the photographs that have one");
    assertEvaluated(Run.of(ToyDataset.with(predictions, "--limit", 1)), "1 photograph");
  }
}
