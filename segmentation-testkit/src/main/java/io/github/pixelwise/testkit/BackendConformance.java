package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend must do. A backend's tests extend this class:
 *
 * <pre>{@code
 * class OnnxBackendTest extends BackendConformance {
 *   @Override
 *   protected BackendProvider provider() {
 *     return new OnnxBackend();
 *   }
 * }
 * }</pre>
 *
 * <p>The backend must be registered as a service, and read a format that the {@link MicroModel}s
 * come in. Cases run it through its sessions, and through {@link Segmenter} where the library's
 * shared code has a share in the behaviour.
 */
// In another thread, because no interrupt reaches a thread that hangs in native code. The time is
// no measure of speed: it frees a build server from a deadlock.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class BackendConformance {
  private static final float TOLERANCE = 1e-5f;
  private static final int THREADS = 8;

  /** A name that is not part of a file's name or of an engine's message. */
  private static final String MODEL_NAME = "model-under-test";

  @TempDir private Path folder;

  /**
   * Returns the backend.
   *
   * @return the provider under test, as {@link java.util.ServiceLoader} would make it
   */
  protected abstract BackendProvider provider();

  /**
   * Returns the device that the backend is tested on.
   *
   * @return the CPU, unless overridden; it must be there
   */
  protected Device device() {
    return Device.CPU;
  }

  // The provider.

  @Test
  void nameIsALowerCaseWord() {
    assertThat(provider().name()).matches("[a-z][a-z0-9-]*");
  }

  @Test
  void readsFormats() {
    assertThat(provider().formats()).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void isAvailable() {
    Availability availability = provider().availability();
    assertThat(availability.available()).as("%s", availability).isTrue();
    assertThat(availability.version()).as("version").isNotBlank();
    assertThat(availability.devices()).as("devices").isNotBlank();
  }

  @Test
  void isFoundByItsName() {
    assertThat(Catalog.load().backends())
        .filteredOn(backend -> backend.name().equals(provider().name()))
        .singleElement()
        .hasSameClassAs(provider());
  }

  // Opening what cannot be opened.

  @Test
  void missingFileIsALoadError() {
    Path missing = folder.resolve("missing");
    assertLoadError(card(MicroModel.AFFINE), missing, device()).contains(missing.toString());
  }

  @ParameterizedTest
  @EnumSource
  void damagedFileIsALoadError(Damage damage) throws IOException {
    Path intact = file(MicroModel.AFFINE.descriptor());
    Path damaged = folder.resolve("damaged-" + intact.getFileName());
    Files.write(damaged, damage.applyTo(Files.readAllBytes(intact)));
    assertLoadError(card(MicroModel.AFFINE), damaged, device()).contains(damaged.toString());
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
  void unknownInputIsALoadErrorThatNamesTheInputsThere() {
    ModelCard model = MicroModel.AFFINE.descriptor();
    InputSpec unknown = InputSpec.builder("no-such-tensor", model.input().size()).build();
    ModelCard card = card(model, unknown, model.output(), model.labels());
    assertLoadError(card, file(card), device())
        .contains("no-such-tensor")
        .containsPattern("\\bimage\\b");
  }

  @Test
  void unknownOutputIsALoadErrorThatNamesTheOutputsThere() {
    ModelCard model = MicroModel.TWO_OUTPUTS.descriptor();
    OutputSpec unknown = OutputSpec.logits("no-such-tensor", 1);
    ModelCard card = card(model, model.input(), unknown, model.labels());
    assertLoadError(card, file(card), device())
        .contains("no-such-tensor")
        .containsPattern("\\baux\\b")
        .containsPattern("\\bout\\b");
  }

  @Test
  void severalOutputsOfWhichNoneIsNamedAreALoadErrorThatNamesThem() {
    ModelCard model = MicroModel.TWO_OUTPUTS.descriptor();
    ModelCard card = card(model, model.input(), OutputSpec.logits("", 1), model.labels());
    assertLoadError(card, file(card), device())
        .containsPattern("\\baux\\b")
        .containsPattern("\\bout\\b");
  }

  @Test
  void absentDeviceIsALoadErrorAndNotTheCpuInstead() {
    // No machine has a hundred GPUs, so that this fails where there is CUDA, too.
    ModelCard card = card(MicroModel.AFFINE);
    assertLoadError(card, file(card), Device.cuda(99)).contains("cuda:99");
  }

  // Answers.

  @ParameterizedTest
  @EnumSource
  void givesTheKnownAnswer(MicroModel model) {
    try (InferenceSession session = open(model)) {
      assertAnswer(session, model, model.input(1, 1, 19, 11));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "9, 1", "2, 2", "7, 5", "33, 17", "64, 48"})
  void takesImagesOfAnySize(int width, int height) {
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      assertAnswer(session, MicroModel.AFFINE, MicroModel.AFFINE.input(1, 1, width, height));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 4", "4, 5", "8, 8", "9, 7", "13, 6"})
  void gridOfAStrideIsRoundedUp(int width, int height) {
    try (InferenceSession session = open(MicroModel.STRIDED)) {
      assertAnswer(session, MicroModel.STRIDED, MicroModel.STRIDED.input(1, 1, width, height));
    }
  }

  @Test
  void oneSessionTakesSizesInAnyOrder() {
    int[][] sizes = {{8, 6}, {31, 2}, {8, 6}, {1, 1}, {16, 24}, {31, 2}};
    try (InferenceSession session = open(MicroModel.STRIDED)) {
      for (int[] size : sizes) {
        assertAnswer(session, MicroModel.STRIDED, MicroModel.STRIDED.input(1, 1, size[0], size[1]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchGivesWhatItsImagesGive(MicroModel model) {
    try (InferenceSession session = open(model)) {
      List<FloatTensor> images =
          IntStream.range(0, 3).mapToObj(seed -> model.input(seed, 1, 10, 7)).toList();
      FloatTensor batch = concatenated(images);
      assertAnswer(session, model, batch);
      assertClose(session.run(batch), concatenated(images.stream().map(session::run).toList()));
    }
  }

  @Test
  void outputIsTheOneThatTheCardNames() {
    ModelCard model = MicroModel.TWO_OUTPUTS.descriptor();
    OutputSpec aux = OutputSpec.logits("aux", 1);
    FloatTensor input = MicroModel.TWO_OUTPUTS.input(1, 1, 6, 4);
    try (InferenceSession second = open(model);
        InferenceSession first = open(card(model, model.input(), aux, model.labels()))) {
      assertAnswer(second, MicroModel.TWO_OUTPUTS, input);
      assertClose(first.run(input), negative(MicroModel.TWO_OUTPUTS.expected(input)));
    }
  }

  @Test
  void emptyNamesAskForTheOnlyInputAndOutput() {
    ModelCard model = MicroModel.AFFINE.descriptor();
    InputSpec input = InputSpec.builder("", model.input().size()).build();
    ModelCard card = card(model, input, OutputSpec.logits("", 1), model.labels());
    try (InferenceSession session = open(card)) {
      assertAnswer(session, MicroModel.AFFINE, MicroModel.AFFINE.input(1, 1, 6, 4));
    }
  }

  @Test
  void categoriesAreExact() {
    try (InferenceSession session = open(MicroModel.CATEGORIES)) {
      FloatTensor input = MicroModel.CATEGORIES.input(1, 2, 40, 30);
      float[] categories = session.run(input).toFloatArray();
      assertThat(categories).contains(0, 1, 2);
      assertThat(categories).containsExactly(MicroModel.CATEGORIES.expected(input).toFloatArray());
    }
  }

  @Test
  void outputOutlivesLaterRunsAndTheSession() {
    FloatTensor input = MicroModel.AFFINE.input(1, 1, 12, 8);
    FloatTensor first;
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      first = session.run(input);
      session.run(MicroModel.AFFINE.input(2, 1, 12, 8));
    }
    assertClose(first, MicroModel.AFFINE.expected(input));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void takesANumberOfThreads(int threads) {
    ModelCard card = MicroModel.AFFINE.descriptor();
    try (InferenceSession session = open(card, new SessionOptions(device(), threads, Map.of()))) {
      assertAnswer(session, MicroModel.AFFINE, MicroModel.AFFINE.input(1, 1, 12, 8));
    }
  }

  // Settings.

  @Test
  void settingsOfOtherBackendsAreIgnored() {
    SessionOptions options = new SessionOptions(device(), 0, Map.of("another-backend.x", "1"));
    try (InferenceSession session = open(MicroModel.AFFINE.descriptor(), options)) {
      assertAnswer(session, MicroModel.AFFINE, MicroModel.AFFINE.input(1, 1, 12, 8));
    }
  }

  @Test
  void anUnknownSettingIsAnErrorThatNamesIt() {
    ModelCard card = MicroModel.AFFINE.descriptor();
    String setting = provider().name() + ".no-such-setting";
    SessionOptions options = new SessionOptions(device(), 0, Map.of(setting, "1"));
    assertThatThrownBy(() -> open(card, options).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend " + provider().name())
        .hasMessageContaining(setting);
  }

  // Inputs that the network cannot take.

  @ParameterizedTest
  @ValueSource(strings = {"1 x 4 x 6 x 5", "1 x 6 x 5 x 3", "3 x 6 x 5", "1 x 1 x 3 x 6 x 5"})
  void wrongInputIsAnErrorThatTheSessionSurvives(String shape) {
    int[] sides = Arrays.stream(shape.split(" x ")).mapToInt(Integer::parseInt).toArray();
    int length = Arrays.stream(sides).reduce(1, (product, side) -> product * side);
    FloatTensor wrong = FloatTensor.of(new float[length], sides);
    try (InferenceSession session = open(card(MicroModel.AFFINE))) {
      assertThatThrownBy(() -> session.run(wrong))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining(MODEL_NAME)
          .hasMessageContaining(provider().name())
          .hasMessageContaining(shape);
      assertAnswer(session, MicroModel.AFFINE, MicroModel.AFFINE.input(1, 1, 6, 5));
    }
  }

  // Life-cycle.

  @Test
  void closingAgainDoesNothing() {
    InferenceSession session = open(MicroModel.AFFINE);
    session.close();
    session.close();
  }

  @Test
  void opensAndClosesManyTimes() {
    FloatTensor input = MicroModel.AFFINE.input(1, 1, 6, 5);
    for (int i = 0; i < 50; i++) {
      try (InferenceSession session = open(MicroModel.AFFINE)) {
        assertAnswer(session, MicroModel.AFFINE, input);
      }
    }
  }

  @Test
  void sessionsAreIndependent() {
    FloatTensor input = MicroModel.AFFINE.input(1, 1, 6, 5);
    try (InferenceSession affine = open(MicroModel.AFFINE)) {
      try (InferenceSession sigmoid = open(MicroModel.SIGMOID)) {
        assertAnswer(affine, MicroModel.AFFINE, input);
        assertAnswer(sigmoid, MicroModel.SIGMOID, input);
      }
      assertAnswer(affine, MicroModel.AFFINE, input);
    }
  }

  @Test
  @SuppressWarnings("try") // closing within the block is what is tested
  void closingWaitsForTheCallInFlight() throws Exception {
    ModelCard card = MicroModel.SLOW.descriptor();
    RgbImage image = solidImage(384, 384, 2);
    CountDownLatch started = new CountDownLatch(1);
    Preprocessor standard = Preprocessor.from(card.input());
    Preprocessor announcing =
        picture -> {
          ModelInput input = standard.prepare(picture);
          if (picture.equals(image)) {
            started.countDown();
          }
          return input;
        };
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Segmenter segmenter = segmenter(card).threads(1).preprocessor(announcing).open()) {
      Future<SegmentationResult> call = thread.submit(() -> segmenter.segment(image));
      started.await();
      segmenter.close();
      assertThat(call.get().mask()).isEqualTo(solidMask(384, 384, 2));
      assertThatThrownBy(() -> segmenter.segment(image)).isInstanceOf(IllegalStateException.class);
    } finally {
      thread.shutdownNow();
    }
  }

  // Threads.

  @Test
  void concurrentSessionServesManyThreads() throws Exception {
    try (InferenceSession session = open(MicroModel.STRIDED)) {
      assumeTrue(session.concurrent(), "the session takes one call at a time");
      inManyThreads(
          thread -> {
            for (int i = 0; i < 20; i++) {
              assertAnswer(
                  session,
                  MicroModel.STRIDED,
                  MicroModel.STRIDED.input(thread, 1, 5 + thread, 30 - i));
            }
          });
    }
  }

  @Test
  void segmenterServesManyThreads() throws Exception {
    try (Segmenter segmenter = segmenter(MicroModel.AFFINE.descriptor()).open()) {
      inManyThreads(
          thread -> {
            for (int i = 0; i < 20; i++) {
              int category = (thread + i) % 3;
              CategoryMask mask =
                  segmenter.segment(solidImage(20 + thread, 30 - i, category)).mask();
              assertThat(mask).isEqualTo(solidMask(20 + thread, 30 - i, category));
            }
          });
    }
  }

  // What runs a model.

  @Test
  void runtimeTellsWhatRunsTheModel() {
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      RuntimeInfo runtime = session.runtime();
      assertThat(runtime.backend()).isEqualTo(provider().name());
      assertThat(runtime.version()).as("version").isNotBlank();
      assertThat(runtime.device()).isEqualTo(device());
      assertThat(runtime.reason()).as("reason").isNotBlank();
    }
  }

  @Test
  void automaticDeviceBecomesARealOne() {
    try (InferenceSession session = open(MicroModel.AFFINE.descriptor(), SessionOptions.DEFAULT)) {
      assertThat(session.runtime().device()).isNotEqualTo(Device.AUTO);
      assertThat(session.runtime().reason()).as("reason").isNotBlank();
    }
  }

  // From image to mask.

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SLOW")
  void maskHasTheSizeOfTheImage(MicroModel model) {
    try (Segmenter segmenter = segmenter(model.descriptor()).open()) {
      for (int category = 0; category < segmenter.model().labels().size(); category++) {
        SegmentationResult result = segmenter.segment(solidImage(45, 31, category));
        assertThat(result.mask()).isEqualTo(solidMask(45, 31, category));
      }
    }
  }

  @Test
  void batchesOfImagesOfAnySizesGiveTheirMasks() {
    List<RgbImage> images =
        IntStream.of(3, 9, 3, 4, 9, 3).mapToObj(width -> noise(width, 5)).toList();
    try (Segmenter single = segmenter(card(MicroModel.STRIDED)).open();
        Segmenter batched = segmenter(card(MicroModel.STRIDED)).batchSize(3).open()) {
      assertThat(batched.segmentAll(images))
          .extracting(SegmentationResult::mask)
          .isEqualTo(images.stream().map(image -> single.segment(image).mask()).toList());
    }
  }

  @Test
  void maskFollowsTheImage() {
    try (Segmenter segmenter = segmenter(MicroModel.AFFINE.descriptor()).open()) {
      byte[] rgb = new byte[32 * 20 * 3];
      byte[] categories = new byte[32 * 20];
      for (int i = 0; i < categories.length; i++) {
        int category = (i % 32 + i / 32) / 5 % 3;
        rgb[i * 3 + category] = (byte) 255;
        categories[i] = (byte) category;
      }
      assertThat(segmenter.segment(RgbImage.of(32, 20, rgb)).mask())
          .isEqualTo(CategoryMask.of(32, 20, categories));
    }
  }

  @Test
  void cardOfMoreClassesThanTheNetworkHasIsALoadError() {
    ModelCard model = MicroModel.AFFINE.descriptor();
    LabelMap four = LabelMap.of(List.of("red", "green", "blue", "yellow"));
    assertContradiction(card(model, model.input(), model.output(), four));
  }

  @Test
  void cardOfAnotherStrideThanTheNetworkHasIsALoadError() {
    ModelCard model = MicroModel.STRIDED.descriptor();
    OutputSpec stride2 = OutputSpec.logits("out", 2);
    assertContradiction(card(model, model.input(), stride2, model.labels()));
  }

  // What the cases are made of.

  private static ModelCard card(MicroModel model) {
    ModelCard card = model.descriptor();
    return card(card, card.input(), card.output(), card.labels());
  }

  private static ModelCard card(
      ModelCard model, InputSpec input, OutputSpec output, LabelMap labels) {
    ModelCard.Builder card = ModelCard.builder(MODEL_NAME, input, output, labels);
    model.files().forEach(card::file);
    return card.build();
  }

  private ModelFormat format(ModelCard card) {
    return provider().formats().stream()
        .filter(format -> card.file(format).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "backend %s reads %s, the test kit's models come as %s"
                        .formatted(provider().name(), provider().formats(), card.files())));
  }

  /** The network in the backend's format, copied out of the test kit's jar. */
  private Path file(ModelCard card) {
    URI location = card.file(format(card)).orElseThrow().location();
    String name = location.toString().replaceFirst(".*/", "");
    Path file = folder.resolve(name);
    try (InputStream in = location.toURL().openStream()) {
      if (Files.notExists(file)) {
        Files.copy(in, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private InferenceSession open(MicroModel model) {
    return open(model.descriptor());
  }

  private InferenceSession open(ModelCard card) {
    return open(card, new SessionOptions(device(), 0, Map.of()));
  }

  private InferenceSession open(ModelCard card, SessionOptions options) {
    return provider().open(card, format(card), file(card), options);
  }

  private Segmenter.Builder segmenter(ModelCard card) {
    return Segmenter.builder().model(card).backend(provider().name()).device(device());
  }

  /** Asserts that a session does not open, and returns the message for further assertions. */
  private AbstractStringAssert<?> assertLoadError(ModelCard card, Path file, Device device) {
    SessionOptions options = new SessionOptions(device, 0, Map.of());
    Throwable error =
        catchThrowable(() -> provider().open(card, format(card), file, options).close());
    assertThat(error).isInstanceOf(ModelLoadException.class);
    String message = Objects.requireNonNull(error.getMessage(), "message");
    // The path may contain the backend's name by chance.
    assertThat(message.replace(file.toString(), "")).contains(card.name(), provider().name());
    return assertThat(message);
  }

  private void assertContradiction(ModelCard card) {
    assertThatThrownBy(() -> segmenter(card).open().close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(card.name())
        .hasMessageContaining(provider().name());
  }

  private static void assertAnswer(InferenceSession session, MicroModel model, FloatTensor input) {
    assertClose(session.run(input), model.expected(input));
  }

  private static void assertClose(FloatTensor actual, FloatTensor expected) {
    assertThat(actual.shape()).as("shape").isEqualTo(expected.shape());
    assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(TOLERANCE));
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

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(width).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  private static RgbImage solidImage(int width, int height, int category) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = category; i < rgb.length; i += 3) {
      rgb[i] = (byte) 255;
    }
    return RgbImage.of(width, height, rgb);
  }

  private static CategoryMask solidMask(int width, int height, int category) {
    byte[] categories = new byte[width * height];
    Arrays.fill(categories, (byte) category);
    return CategoryMask.of(width, height, categories);
  }

  /** Runs a task in several threads at once, each with a number of its own. */
  private static void inManyThreads(IntConsumer task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        calls.add(threads.submit(() -> task.accept(thread)));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
