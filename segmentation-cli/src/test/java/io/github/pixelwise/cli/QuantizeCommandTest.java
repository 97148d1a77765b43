package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segment models quantize}. */
class QuantizeCommandTest {
  private static final String EMBEDDED = "deeplabv3plus-mobilenetv2-voc";
  private static final String INT8 = EMBEDDED + "-int8";
  private static final Path CHELSEA = Path.of("../examples/photos/chelsea.png");

  @TempDir private Path folder;

  private Run quantize(Object... options) {
    return Run.of(
        Stream.concat(Stream.of("models", "quantize"), Stream.of(options)).toArray(Object[]::new));
  }

  private Path black() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("black"));
    Images.write(RgbImage.of(32, 24, new byte[3 * 32 * 24]), photos.resolve("night.png"));
    return photos;
  }

  @Test
  void writesASmallModelThatRuns() throws IOException {
    Run run =
        quantize(EMBEDDED, "--photos", "../examples/photos", "-o", folder, "--min-agreement=90");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("(?m)^cat +0\\.9\\d\\d +\\d+$");
    assertThat(run.out())
        .containsPattern(
            "(?m)^3 Conv in float32, 2 Conv in float32 with int8 weights, 64 Conv in int8; 2\\.8 MB"
                + " instead of 9\\.4 MB$");
    assertThat(run.out()).containsPattern("written in .* s: " + folder);
    assertThat(run.err())
        .contains("segment: with only 3 photos, masks are compared on what was calibrated on");
    assertThat(Files.size(folder.resolve(INT8 + ".onnx"))).isLessThan(3_500_000);
    ModelCard card = ModelCard.read(folder.resolve(INT8 + ".properties"));
    assertThat(card.name()).isEqualTo(INT8);
    assertThat(card.description()).endsWith("Quantized to int8 (min-max).");
    Run use =
        Run.of(
            "run",
            CHELSEA,
            "--model",
            folder.resolve(INT8 + ".properties"),
            "--write=mask",
            "-o",
            folder.resolve("out"));
    assertThat(use.exit()).as(use.err()).isZero();
  }

  @Test
  void doesNotWriteAModelThatChangesTooMuch() {
    Run run = quantize(EMBEDDED, "--photos", CHELSEA, "-o", folder, "--min-agreement=100");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).containsPattern("\\d\\d\\.\\d\\d % of pixels unchanged against float32");
    assertThat(run.err())
        .containsPattern(
            "segment: model "
                + INT8
                + ": \\d\\.\\d\\d % of the pixels change against the float32 model, and at most"
                + " 0\\.00 % may\\.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void writesItAllTheSameIfForced() {
    Run run =
        quantize(
            EMBEDDED,
            "--photos",
            CHELSEA,
            "-o",
            folder,
            "--min-agreement=100",
            "--force",
            "--name=small",
            "--calibration=percentile");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.err())
        .containsPattern("written although only \\d\\d\\.\\d\\d % of the pixels are unchanged");
    assertThat(folder.resolve("small.properties")).exists();
  }

  @Test
  void refusesBlackPhotos() throws IOException {
    Run run = quantize(EMBEDDED, "--photos", black(), "-o", folder.resolve("out"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("night.png: it has a single color, black")
        .contains(
            "segment: no photo is left to calibrate on: 1 of 1 have a single color, as black ones"
                + " do, and show nothing of the values inside the network. Give 20 or more like"
                + " those you will segment.");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void refusesPhotosThatCannotBeRead() throws IOException {
    Path photo = Files.writeString(folder.resolve("bad.jpg"), "no photo");

    Run run = quantize(EMBEDDED, "--photos", photo);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("segment: skipped a photo: cannot read " + photo)
        .contains("segment: none of the 1 photos can be read. Give others.");
  }

  @Test
  void refusesAFolderWithoutPhotos() {
    Run run = quantize(EMBEDDED, "--photos", folder);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("segment: %s: there are no photos in this folder".formatted(folder));
  }

  @Test
  void refusesAModelWithoutAnOnnxFile() throws IOException {
    Path card = folder.resolve("traced.properties");
    Files.writeString(folder.resolve("traced.pt"), "");
    Files.write(
        card,
        List.of(
            "name = traced",
            "input.name = input",
            "output.name = scores",
            "output.kind = logits",
            "input.size = fixed 8 x 8",
            "input.mean = 0, 0, 0",
            "input.std = 1, 1, 1",
            "input.scale = 1",
            "output.stride = 1",
            "labels = a, b",
            "file.torchscript = traced.pt"));

    Run run = quantize(card, "--photos", CHELSEA);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .startsWith(
            "segment: model traced: only ONNX files can be quantized, and it has torchscript.");
  }

  @Test
  void thePercentileNeedsItsCalibration() {
    Run run = quantize(EMBEDDED, "--photos", CHELSEA, "--percentile=99");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("segment: --percentile needs --calibration percentile, found min-max");
  }

  @Test
  void refusesAPercentileThatCutsOffHalf() {
    Run run =
        quantize(EMBEDDED, "--photos", CHELSEA, "--calibration=percentile", "--percentile=50");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("segment: the percentile must be above 50 and at most 100, found 50.0");
  }

  @Test
  void refusesAnUnknownCalibration() {
    Run run = quantize(EMBEDDED, "--photos", CHELSEA, "--calibration=entropy");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: Invalid value for option '--calibration': expected min-max or percentile,"
                + " found \"entropy\"");
  }

  @Test
  void refusesAnAgreementAbove100Percent() {
    Run run = quantize(EMBEDDED, "--photos", CHELSEA, "--min-agreement=101");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("segment: --min-agreement must be 0 to 100 percent, found 101.0");
  }

  @Test
  void refusesAFileInPlaceOfTheFolderBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");

    Run run = quantize(EMBEDDED, "--photos", CHELSEA, "-o", file.toString());

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: -o must be a folder, found a file: " + file);
    assertThat(run.err()).doesNotContain("calibrating");
  }

  @Test
  void refusesToUseNoPhotos() {
    Run run = quantize(EMBEDDED, "--photos", CHELSEA, "--max-photos=0");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: the number of photos must be at least 1, found 0");
  }

  @Test
  void explainsItself() {
    Run run = quantize("--help");

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("Makes an int8 copy of a model")
        .contains("--photos", "--calibration", "--percentile", "--min-agreement", "--force");
  }
}
