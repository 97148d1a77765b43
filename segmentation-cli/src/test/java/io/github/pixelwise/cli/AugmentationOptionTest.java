package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The option {@code --tta}. */
class AugmentationOptionTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");
  private static final String NUMBERS =
      "test-time augmentation is a list of scales, and the word mirror at most once, such as"
          + " 1,1.25,mirror; found ";

  @TempDir private Path folder;

  @Test
  void aloneItTakesSizesAndTheMirrorImageAndNotThePhotoAfterIt() throws IOException {
    Run run = Run.of("run", "--write=mask,json", "-o", folder, "--tta", CAT);

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(folder.resolve("chelsea.json"))
        .content()
        .contains("\"augmentation\" : \"1,1.25,mirror\"");
    assertThat(PalettePng.read(folder.resolve("chelsea.mask.png")).category(225, 150)).isEqualTo(8);
  }

  @Test
  void theMaskChangesOnlyIfItIsGiven() throws IOException {
    Run.of("run", CAT, "--write=mask", "-o", folder.resolve("plain"));
    Run.of("run", CAT, "--write=mask", "-o", folder.resolve("one"), "--tta=1");
    Run.of("run", CAT, "--write=mask,json", "-o", folder.resolve("mirror"), "--tta=mirror");

    byte[] plain = Files.readAllBytes(folder.resolve("plain/chelsea.mask.png"));
    assertThat(folder.resolve("one/chelsea.mask.png")).hasBinaryContent(plain);
    assertThat(Files.readAllBytes(folder.resolve("mirror/chelsea.mask.png"))).isNotEqualTo(plain);
    assertThat(folder.resolve("mirror/chelsea.json")).content().contains("\"1,mirror\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | scales of test-time augmentation must lie in 0.25..4, found 0",
        "-1,mirror | scales of test-time augmentation must lie in 0.25..4, found -1",
        "NaN | scales of test-time augmentation must lie in 0.25..4, found NaN",
        "1,1000 | scales of test-time augmentation must lie in 0.25..4, found 1000",
        "1,1 | the scale 1 of test-time augmentation is there twice; name it once",
        "flip | " + NUMBERS + "\"flip\"",
        "'' | " + NUMBERS + "\"\""
      })
  void wrongValuesAreExplained(String value, String reason) {
    Run run = Run.of("run", CAT, "-o", folder, "--tta=" + value);

    assertThat(run.err()).contains("--tta", reason);
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isEqualTo(2);
  }

  @Test
  void aFixedSizeTakesOnlyTheMirrorImage() throws IOException {
    ToyDataset data = new ToyDataset(folder).add("a", 32, 32);

    Run scaled = data.evaluate("--tta");
    assertThat(scaled.err())
        .startsWith(
            "segment: model toy cannot be run with test-time augmentation 1,1.25,mirror: its"
                + " input has the fixed size 64 x 48. Use \"mirror\", which keeps the size.");
    assertThat(scaled.exit()).isEqualTo(2);
    Run mirrored = data.evaluate("--tta=mirror");
    assertThat(mirrored.err()).isEmpty();
    assertThat(mirrored.out())
        .startsWith("toy on onnx ")
        .contains("augmentation 1,mirror on truth");
  }

  @Test
  void anEvaluationIsNotResumedWithAnother() throws IOException {
    ToyDataset data = new ToyDataset(folder).add("a", 32, 32);
    Path report = folder.resolve("report");
    data.evaluate("-o", report);

    Run run = data.evaluate("-o", report, "--resume", "--tta=mirror");

    assertThat(run.err()).contains("cannot resume the evaluation", "augmentation 1,mirror");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void masksThatExistCannotBeAugmented() throws IOException {
    ToyDataset data = new ToyDataset(folder).add("a", 32, 32);

    Run run =
        Run.of(
            "evaluate",
            "--predictions",
            data.predictions(),
            "--masks",
            data.masks(),
            "--labels",
            "red, green, blue",
            "--tta");

    assertThat(run.err())
        .contains("--tta is for models; --predictions are masks that exist already");
    assertThat(run.exit()).isEqualTo(2);
  }
}
