package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code segment models convert} of TensorFlow Lite files. */
class TfLiteConvertTest {
  private static final Path FILES =
      Path.of("../segmentation-networks/src/test/resources/io/github/pixelwise/network/tflite");

  private static final Path PERSON = FILES.resolve("person.tflite");

  @TempDir private Path folder;

  @Test
  void convertsAFileToAModelThatRuns() throws IOException {
    Run convert =
        Run.of(
            "models",
            "convert",
            PERSON,
            "--labels",
            "background,person",
            "--name",
            "selfie",
            "-o",
            folder);

    assertThat(convert.err().lines())
        .containsExactly(
            "segment: the file does not say which range its input has, so samples are scaled to"
                + " 0..1; if the network expects another range, correct input.mean and input.std in"
                + " the card");
    assertThat(convert.exit()).isZero();
    ModelCard card = ModelCard.read(folder.resolve("selfie.properties"));
    assertThat(card.input().size()).isEqualTo(SizeRule.fixed(8, 8));
    assertThat(card.source()).isEqualTo("person.tflite");
    assertThat(card.labels().names()).containsExactly("background", "person");
    Run run =
        Run.of(
            "run",
            "../examples/photos/chelsea.png",
            "--model",
            folder.resolve("selfie.properties"),
            "--write=mask",
            "-o",
            folder.resolve("out"));
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(folder.resolve("out/chelsea.mask.png")).exists();
  }

  @Test
  void isNamedAfterTheFileUnlessSaidOtherwise() {
    Run run = Run.of("models", "convert", PERSON, "--format=onnx", "-o", folder);

    assertThat(run.exit()).isZero();
    assertThat(folder.resolve("person.properties")).exists();
    assertThat(folder.resolve("person.onnx")).exists();
  }

  @Test
  void refusesOptionsForCheckpoints() {
    Run run =
        Run.of(
            "models", "convert", PERSON, "--network=unet", "--size=8x8", "--width=1", "-o", folder);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: %s has its own network, classes, and input size; leave out --network, --size, --width"
                .formatted(PERSON));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAnotherNumberOfLabels() {
    Run run = Run.of("models", "convert", PERSON, "--labels=a,b,c", "-o", folder);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: network person has 2 classes, found labels for 3");
  }

  @Test
  void namesAnUnknownOperator() {
    Run run = Run.of("models", "convert", FILES.resolve("unknown.tflite"), "-o", folder);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith(
            "segment: cannot read the network %s: operator 1, CUMSUM, which computes \"cumsum4\": this operator is not supported."
                .formatted(FILES.resolve("unknown.tflite")));
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | it is empty; expected",
        "123456 | ",
        "just text, and more than a few bytes | ",
        "<html><body>Not found</body></html> | it is a web page or XML",
      })
  void aDamagedFileIsToldAsSuch(@Nullable String content, @Nullable String found)
      throws IOException {
    Path file = folder.resolve("Damaged.TFLite");
    Files.writeString(file, content == null ? "" : content);

    requireUnreadable(file, found == null ? "" : found);
  }

  @Test
  void aMissingFileIsToldAsSuch() {
    requireUnreadable(folder.resolve("no.tflite"), "there is no such file");
  }

  @Test
  void aFolderIsToldAsSuch() throws IOException {
    requireUnreadable(Files.createDirectory(folder.resolve("folder.tflite")), "it is not a file");
  }

  private void requireUnreadable(Path file, String found) {
    Run run = Run.of("models", "convert", file, "-o", folder.resolve("out"));

    assertThat(run.err())
        .startsWith("segment: cannot read the network %s: %s".formatted(file, found));
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aMissingCheckpointIsToldBeforeItsNetworkIsAskedFor() {
    Run run = Run.of("models", "convert", "no.pth", "--classes=2", "-o", folder);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines())
        .containsExactly("segment: cannot read the checkpoint no.pth: there is no such file");
  }

  @Test
  void asksForTheNetworkOfACheckpoint() throws IOException {
    Path file = Files.writeString(folder.resolve("weights.pth"), "weights");

    Run run = Run.of("models", "convert", file, "--classes=2", "-o", folder);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: the network of %s is unknown: set --network NAME; available networks: "
                .formatted(file));
  }

  @Test
  void oneLabelIsEnoughForOneChannel() throws IOException {
    Run run = Run.of("models", "convert", PERSON, "--labels=person", "-o", folder);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(ModelCard.read(folder.resolve("person.properties")).labels().names())
        .containsExactly("background", "person");

    Run several =
        Run.of(
            "models", "convert", FILES.resolve("sigmoids.tflite"), "--labels=person", "-o", folder);
    assertThat(several.exit()).isEqualTo(2);
    assertThat(several.err())
        .startsWith(
            "segment: --labels must be a data set or at least two names separated by commas, found \"person\"");
  }

  @Test
  void saysThatItReplacesAModel() throws IOException {
    Run.of("models", "convert", PERSON, "-o", folder);

    assertThat(Run.of("models", "convert", PERSON, "-o", folder).err().lines())
        .hasSize(2)
        .last()
        .isEqualTo(
            "segment: this replaced the model that was there: "
                + folder.resolve("person.properties"));
    assertThat(Run.of("models", "convert", PERSON, "--name=other", "-o", folder).err())
        .doesNotContain("replaced");
  }

  @Test
  void aFileHasToBeConvertedBeforeItRuns() {
    Run run = Run.of("run", "photo.jpg", "-m", PERSON);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: %s: this is a TensorFlow Lite file. Convert it first: 'segment models convert %1$s', or TfLiteModel and Conversion in pixelwise-networks"
                .formatted(PERSON));
    assertThat(Run.of("run", "photo.jpg", "-m", "missing.tflite").err())
        .startsWith("segment: missing.tflite: ");
  }
}
