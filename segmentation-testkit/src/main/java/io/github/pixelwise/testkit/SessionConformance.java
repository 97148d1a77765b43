package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link BackendConformance} that runs one session on one thread. */
abstract class SessionConformance extends ConformanceCases {
  // Opening what cannot be opened.

  @Test
  void missingFileIsALoadError() throws IOException {
    Path missing = folder.resolve("missing");
    assertLoadError(
            card(MicroModel.AFFINE), missing, device(), ModelLoadException.Reason.FILE_MISSING)
        .contains(missing.toString());
  }

  @ParameterizedTest
  @EnumSource
  void damagedFileIsALoadError(Damage damage) throws IOException {
    Path intact = file(fixture(MicroModel.AFFINE));
    Path damaged = folder.resolve("damaged-" + intact.getFileName());
    Files.write(damaged, damage.applyTo(Files.readAllBytes(intact)));
    assertLoadError(
            card(MicroModel.AFFINE), damaged, device(), ModelLoadException.Reason.FILE_DAMAGED)
        .contains(damaged.toString());
  }

  private enum Damage {
    CUT_IN_HALF,
    EMPTIED,
    NOISE,
    TEXT;

    byte[] applyTo(byte[] bytes) {
      return switch (this) {
        case CUT_IN_HALF -> Arrays.copyOf(bytes, bytes.length / 2);
        case EMPTIED -> new byte[0];
        case NOISE -> {
          byte[] noise = new byte[bytes.length];
          new Random(1).nextBytes(noise);
          yield noise;
        }
        case TEXT -> "404: this is not the file you asked for\n".getBytes(StandardCharsets.UTF_8);
      };
    }
  }

  @Test
  void unknownInputIsALoadErrorThatNamesTheInputsThere() throws IOException {
    ModelCard model = fixture(MicroModel.AFFINE);
    InputSpec unknown = InputSpec.builder("no-such-tensor", model.input().size()).build();
    ModelCard card = card(model, unknown, model.output(), model.labels());
    assertLoadError(card, file(card), device(), ModelLoadException.Reason.CARD_MISMATCH)
        .contains("no-such-tensor")
        .containsPattern("\\bimage\\b");
  }

  @Test
  void unknownOutputIsALoadErrorThatNamesTheOutputsThere() throws IOException {
    assumeNot(Limit.ONE_OUTPUT);
    ModelCard model = fixture(MicroModel.TWO_OUTPUTS);
    OutputSpec unknown = OutputSpec.logits("no-such-tensor", 1);
    ModelCard card = card(model, model.input(), unknown, model.labels());
    assertLoadError(card, file(card), device(), ModelLoadException.Reason.CARD_MISMATCH)
        .contains("no-such-tensor")
        .containsPattern("\\baux\\b")
        .containsPattern("\\bout\\b");
  }

  @Test
  void severalOutputsOfWhichNoneIsNamedAreALoadErrorThatNamesThem() throws IOException {
    assumeNot(Limit.ONE_OUTPUT);
    ModelCard model = fixture(MicroModel.TWO_OUTPUTS);
    ModelCard card = card(model, model.input(), OutputSpec.logits("", 1), model.labels());
    assertLoadError(card, file(card), device(), ModelLoadException.Reason.CARD_MISMATCH)
        .containsPattern("\\baux\\b")
        .containsPattern("\\bout\\b");
  }

  @Test
  void absentDeviceIsALoadErrorAndNotTheCpuInstead() throws IOException {
    // No machine has a hundred GPUs, so this fails even with CUDA.
    ModelCard card = card(MicroModel.AFFINE);
    assertLoadError(card, file(card), Device.cuda(99), ModelLoadException.Reason.DEVICE_MISSING)
        .contains("cuda:99");
  }

  // Answers.

  @ParameterizedTest
  @EnumSource
  void givesTheKnownAnswer(MicroModel model) throws IOException {
    assumeExpressible(model);
    try (InferenceSession session = open(model)) {
      assertAnswer(session, model, input(model, 1, 1, 19, 11));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "9, 1", "2, 2", "7, 5", "33, 17", "64, 48"})
  void takesImagesOfAnySize(int width, int height) throws IOException {
    assumeNot(Limit.FIXED_SHAPES);
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      assertAnswer(session, MicroModel.AFFINE, input(MicroModel.AFFINE, 1, 1, width, height));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 4", "4, 5", "8, 8", "9, 7", "13, 6"})
  void gridOfAStrideIsRoundedUp(int width, int height) throws IOException {
    assumeNot(Limit.FIXED_SHAPES);
    try (InferenceSession session = open(MicroModel.STRIDED)) {
      assertAnswer(session, MicroModel.STRIDED, input(MicroModel.STRIDED, 1, 1, width, height));
    }
  }

  @Test
  void oneSessionTakesSizesInAnyOrder() throws IOException {
    assumeNot(Limit.FIXED_SHAPES);
    int[][] sizes = {{8, 6}, {31, 2}, {8, 6}, {1, 1}, {16, 24}, {31, 2}};
    try (InferenceSession session = open(MicroModel.STRIDED)) {
      for (int[] size : sizes) {
        assertAnswer(
            session, MicroModel.STRIDED, input(MicroModel.STRIDED, 1, 1, size[0], size[1]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchGivesWhatItsImagesGive(MicroModel model) throws IOException {
    assumeExpressible(model);
    assumeNot(Limit.FIXED_SHAPES);
    assumeNot(Limit.NO_BATCHES);
    try (InferenceSession session = open(model)) {
      List<FloatTensor> images =
          IntStream.range(0, 3).mapToObj(seed -> input(model, seed, 1, 10, 7)).toList();
      FloatTensor batch = concatenated(images);
      assertAnswer(session, model, batch);
      assertClose(session.run(batch), concatenated(images.stream().map(session::run).toList()));
    }
  }

  @Test
  void outputIsTheOneThatTheCardNames() throws IOException {
    assumeNot(Limit.ONE_OUTPUT);
    ModelCard model = fixture(MicroModel.TWO_OUTPUTS);
    OutputSpec aux = OutputSpec.logits("aux", 1);
    FloatTensor input = input(MicroModel.TWO_OUTPUTS, 1, 1, 6, 4);
    try (InferenceSession second = open(model);
        InferenceSession first = open(card(model, model.input(), aux, model.labels()))) {
      assertAnswer(second, MicroModel.TWO_OUTPUTS, input);
      assertClose(first.run(input), negative(MicroModel.TWO_OUTPUTS.expected(input)));
    }
  }

  @Test
  void emptyNamesAskForTheOnlyInputAndOutput() throws IOException {
    ModelCard model = fixture(MicroModel.AFFINE);
    InputSpec input = InputSpec.builder("", model.input().size()).build();
    ModelCard card = card(model, input, OutputSpec.logits("", 1), model.labels());
    try (InferenceSession session = open(card)) {
      assertAnswer(session, MicroModel.AFFINE, input(MicroModel.AFFINE, 1, 1, 6, 4));
    }
  }

  @Test
  void categoriesAreExact() throws IOException {
    assumeNot(Limit.NO_CATEGORIES);
    assumeNot(Limit.HALF_PRECISION);
    try (InferenceSession session = open(MicroModel.CATEGORIES)) {
      FloatTensor input = input(MicroModel.CATEGORIES, 1, 2, 40, 30);
      float[] categories = session.run(input).toFloatArray();
      assertThat(categories).contains(0, 1, 2);
      assertThat(categories).containsExactly(MicroModel.CATEGORIES.expected(input).toFloatArray());
    }
  }

  @Test
  void outputOutlivesLaterRunsAndTheSession() throws IOException {
    FloatTensor input = input(MicroModel.AFFINE, 1, 1, 12, 8);
    FloatTensor first;
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      first = session.run(input);
      session.run(input(MicroModel.AFFINE, 2, 1, 12, 8));
    }
    assertClose(first, MicroModel.AFFINE.expected(input));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void takesANumberOfThreads(int threads) throws IOException {
    ModelCard card = fixture(MicroModel.AFFINE);
    try (InferenceSession session = provider().open(context(card).threads(threads).build())) {
      assertAnswer(session, MicroModel.AFFINE, input(MicroModel.AFFINE, 1, 1, 12, 8));
    }
  }

  @Test
  void inputIsTheOneThatTheCardNames() throws IOException {
    FloatTensor input = input(MicroModel.AFFINE, 1, 1, 12, 8);
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      assertThat(session.input().name()).isEqualTo("image");
      assertThat(session.input().otherKind()).isEmpty();
      assertThat(session.input().fits(input.shape())).as("%s", session.input()).isTrue();
      assertThat(session.maxBatch()).isPositive();
    }
  }

  // Settings.

  @Test
  void settingsOfOtherBackendsAreIgnored() throws IOException {
    BackendContext context =
        context(fixture(MicroModel.AFFINE)).setting("another-backend.x", "1").build();
    try (InferenceSession session = provider().open(context)) {
      assertAnswer(session, MicroModel.AFFINE, input(MicroModel.AFFINE, 1, 1, 12, 8));
    }
  }

  @Test
  void anUnknownSettingIsAnErrorThatNamesIt() throws IOException {
    ModelCard card = fixture(MicroModel.AFFINE);
    String setting = provider().name() + ".no-such-setting";
    assertThatThrownBy(() -> context(card).setting(setting, "1").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend " + provider().name())
        .hasMessageContaining(setting);
  }

  // Inputs that the network cannot take.

  @ParameterizedTest
  @ValueSource(strings = {"1 x 4 x 6 x 5", "1 x 6 x 5 x 3", "3 x 6 x 5", "1 x 1 x 3 x 6 x 5"})
  void wrongInputIsAnErrorThatTheSessionSurvives(String shape) throws IOException {
    int[] sides = Arrays.stream(shape.split(" x ")).mapToInt(Integer::parseInt).toArray();
    int length = Arrays.stream(sides).reduce(1, (product, side) -> product * side);
    FloatTensor wrong = FloatTensor.of(new float[length], sides);
    BackendContext context = context(card(MicroModel.AFFINE)).build();
    try (InferenceSession session = provider().open(context)) {
      assertThatThrownBy(() -> runAsTheLibraryDoes(context, session, wrong))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining(MODEL_NAME)
          .hasMessageContaining(provider().name())
          .hasMessageContaining(shape);
      assertAnswer(session, MicroModel.AFFINE, input(MicroModel.AFFINE, 1, 1, 6, 5));
    }
  }

  /** Asserts that a session does not open, and returns the message for further assertions. */
  private AbstractStringAssert<?> assertLoadError(
      ModelCard card, Path file, Device device, ModelLoadException.Reason reason) {
    BackendContext context =
        BackendContext.builder(provider(), card, format(card), file).device(device).build();
    Throwable error = catchThrowable(() -> provider().open(context).close());
    assertThat(error).isInstanceOf(ModelLoadException.class);
    assertThat(((ModelLoadException) error).reason()).isEqualTo(reason);
    String message = Objects.requireNonNull(error.getMessage(), "message");
    // The path may contain the backend's name by chance.
    assertThat(message.replace(file.toString(), "")).contains(card.name(), provider().name());
    return assertThat(message);
  }

  private static FloatTensor runAsTheLibraryDoes(
      BackendContext context, InferenceSession session, FloatTensor input) {
    context.requireFits(session.input(), input);
    return session.run(input);
  }

  private static FloatTensor concatenated(List<FloatTensor> images) {
    int[] shape = images.get(0).shape();
    shape[0] = images.size();
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    int length = values.length / images.size();
    for (int i = 0; i < images.size(); i++) {
      images.get(i).buffer().get(values, i * length, length);
    }
    return FloatTensor.of(values, shape);
  }

  private static FloatTensor negative(FloatTensor tensor) {
    float[] values = tensor.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = -values[i];
    }
    return FloatTensor.of(values, tensor.shape());
  }
}
