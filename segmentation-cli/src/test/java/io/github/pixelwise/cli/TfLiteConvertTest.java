package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void asksForTheNetworkOfACheckpoint() {
    Run run = Run.of("models", "convert", "no.pth", "--classes=2", "-o", folder);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: the network of no.pth is unknown: set --network NAME; available networks: ");
  }
}
