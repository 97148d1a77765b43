package io.github.pixelwise.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.TensorOperation;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the networks compute is tested on all backends, by TfLiteTest. */
class TfLiteModelTest {
  @TempDir private Path folder;

  private static TfLiteModel read(String name) throws IOException {
    return TfLiteModel.read(TfLiteSamples.path(name));
  }

  private static void requireInput(InputSpec input, double scale, double mean, double std) {
    assertThat(input.scale()).isEqualTo(scale);
    assertThat(input.mean()).containsExactly(mean, mean, mean);
    assertThat(input.std()).containsExactly(std, std, std);
  }

  @Test
  void isRecognizedByContent() throws IOException {
    assertThat(TfLiteModel.isTfLite(TfLiteSamples.path("person"))).isTrue();
    assertThat(TfLiteModel.isTfLite(Files.writeString(folder.resolve("a.tflite"), "TFL3")))
        .isFalse();
    assertThat(TfLiteModel.isTfLite(folder.resolve("missing.tflite"))).isFalse();
  }

  @Test
  void theNetworkIsNamedAfterTheFile() throws IOException {
    Path file = folder.resolve("My Model_v2.0.tflite");
    Files.copy(TfLiteSamples.path("person"), file);

    assertThat(TfLiteModel.read(file).network().name()).isEqualTo("my-model-v2-0");
  }

  @Test
  void theInputHasTheFilesSize() throws IOException {
    InputSpec input = read("windowed").network().input();

    assertThat(input.size()).isEqualTo(SizeRule.fixed(20, 14));
    assertThat(input.name()).isEqualTo("input");
  }

  /** x / 128 - 1 is scale * (x - zero point) for 1/128 and 128. */
  @Test
  void aQuantizedInputGivesMeanAndStd() throws IOException {
    TfLiteModel model = read("quantized");

    requireInput(model.network().input(), 1, 128, 128);
    assertThat(model.notes()).isEmpty();
  }

  @Test
  void metadataGiveMeanAndStd() throws IOException {
    TfLiteModel model = read("halved");

    requireInput(model.network().input(), 1, 127.5, 63.75);
    assertThat(model.notes()).isEmpty();
  }

  @Test
  void withoutEitherTheRangeIsAssumed() throws IOException {
    TfLiteModel model = read("person");

    requireInput(model.network().input(), 1 / 255.0, 0, 1);
    assertThat(model.notes())
        .containsExactly(
            "the file does not say which range its input has, so samples are scaled to 0..1; if the"
                + " network expects another range, correct input.mean and input.std in the card");
  }

  @Test
  void anArgMaxAtTheEndIsLeftOut() throws IOException {
    Layer output = read("functions").network().output();

    assertThat(output.operation()).isInstanceOf(Operation.Softmax.class);
    assertThat(output.channels()).isEqualTo(5);
  }

  @Test
  void aSigmoidOfOneChannelIsAModelOfTwoClasses() throws IOException {
    TfLiteModel model = read("person");

    ModelCard card =
        Conversion.of(model.network(), model.weights())
            .labels(LabelMap.of(List.of("background", "person")))
            .write(folder);

    assertThat(card.output().kind()).isEqualTo(OutputKind.LOGITS);
    assertThat(card.output().stride()).isEqualTo(1);
    assertThat(card.labels().names()).containsExactly("background", "person");
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void sigmoidsOfSeveralChannelsAreProbabilities(Scores scores) throws IOException {
    TfLiteModel model = read("sigmoids");

    assertThat(model.notes())
        .contains(
            "the network ends in a sigmoid of each of its 2 channels, so they are taken as"
                + " probabilities, although they need not sum to 1; the highest one wins");
    requireProbabilities(model, scores);
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void aSigmoidBeforeAResizeGivesProbabilitiesToo(Scores scores) throws IOException {
    TfLiteModel model = read("late");

    assertThat(model.notes()).hasSize(1);
    requireProbabilities(model, scores);
  }

  private void requireProbabilities(TfLiteModel model, Scores scores) throws IOException {
    ModelCard card = Conversion.of(model.network(), model.weights()).scores(scores).write(folder);

    assertThat(card.labels().size()).isEqualTo(2);
    assertThat(card.output().kind())
        .isEqualTo(scores == Scores.CATEGORIES ? OutputKind.CATEGORIES : OutputKind.PROBABILITIES);
    assertThat(card.output().stride()).isEqualTo(scores == Scores.GRID ? 2 : 1);
  }

  @Test
  void oneChannelWithoutASigmoidIsTakenAsALogit() throws IOException {
    TfLiteModel model = read("lone");

    assertThat(model.notes())
        .contains(
            "the network has one channel and no sigmoid at its end, so its score is taken as a logit,"
                + " and pixels above 0 are of the second class; if it means something else, export the"
                + " network with a sigmoid");
    assertThat(Conversion.of(model.network(), model.weights()).write(folder).output().kind())
        .isEqualTo(OutputKind.LOGITS);
  }

  @Test
  void theNearestCenterNeedsAWholeFactor() {
    assertThat(TfLiteSamples.message(TfLiteSamples.path("fraction")))
        .endsWith(
            ": it resizes 4 x 4 to 6 x 6; with the nearest half-pixel centers, only whole factors are"
                + " supported");
  }

  /** So that only the scores' own grid is decoded. */
  @Test
  void aResizeAtTheEndIsLeftToDecoding() throws IOException {
    TfLiteModel model =
        TfLiteModel.read(TfLiteSamples.published("deeplabv3_mnv2_dm05_pascal_quant"));

    ModelCard card = Conversion.of(model.network(), model.weights()).write(folder);

    assertThat(card.output().alignment()).isEqualTo(GridAlignment.ALIGNED_CORNERS);
    assertThat(card.output().stride()).isEqualTo(16);
    assertThat(card.input().size()).isEqualTo(SizeRule.fixed(513, 513));
    requireInput(card.input(), 1, 128, 128);
  }

  @Test
  void layersHaveNamesOfTheirOperators() throws IOException {
    TfLiteModel model = read("windowed");

    assertThat(model.network().parameters())
        .extracting(parameter -> parameter.name())
        .startsWith("conv_2d_0.weight", "conv_2d_0.bias", "depthwise_conv_2d_1.weight");
  }

  @Test
  void numbersOfTheFileAreParameters() throws IOException {
    TfLiteModel model = read("functions");

    assertThat(model.network().layers())
        .filteredOn(layer -> layer.operation() instanceof TensorOperation.Constant)
        .extracting(Layer::name)
        .contains("mul_1_input_1", "add_2_input_0");
    assertThat(model.weights().values("mul_1_input_1.value")).hasSize(4);
  }

  @Test
  void anUnknownOperatorIsNamedWithItsPlace() {
    assertThat(TfLiteSamples.message(TfLiteSamples.path("unknown")))
        .startsWith(
            "operator 1, CUMSUM, which computes \"cumsum4\": this operator is not supported."
                + " Supported operators: ADD, AVERAGE_POOL_2D, ")
        .endsWith(", RELU_0_TO_1, Convolution2DTransposeBias");
  }

  @Test
  void anUnknownVersionIsNamedWithItsPlace() {
    assertThat(TfLiteSamples.message(TfLiteSamples.path("newer")))
        .isEqualTo(
            "operator 0, CONV_2D, which computes \"conv_2d2\": it has version 99; known versions: 1"
                + " to 8");
  }

  @Test
  void anotherFileIsDescribed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.tflite"), "<html>");

    assertThat(TfLiteSamples.message(file))
        .isEqualTo(
            "it is a web page or XML, perhaps an error that was downloaded instead; expected a"
                + " TensorFlow Lite file (.tflite)");
    assertThat(TfLiteSamples.message(folder.resolve("b.tflite")))
        .isEqualTo("there is no such file");
    assertThat(TfLiteSamples.message(folder)).isEqualTo("it is not a file");
  }
}
