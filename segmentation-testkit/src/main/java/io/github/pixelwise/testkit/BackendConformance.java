package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
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
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.Setting;
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
import java.util.Objects;
import java.util.Random;
import java.util.Set;
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
 * <p>The backend must be registered as a service. It reads a format that the {@link MicroModel}s
 * come in ({@code onnx}, {@code torchscript}), or its tests bring the same networks in a format of
 * its own, see {@link #fixture}. What an engine cannot do by its nature is declared in {@link
 * #limits}. Cases run it through its sessions, and through {@link Segmenter} where the library's
 * shared code has a share in the behavior.
 */
// In another thread, because no interrupt reaches a thread that hangs in native code. The time is
// no measure of speed: it frees a build server from a deadlock.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class BackendConformance {
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

  /**
   * Returns a network in a format that the backend reads. Tests of a backend with a format of its
   * own write such a file, and name it on the model's card:
   *
   * <pre>{@code
   * Path file = folder.resolve(model.descriptor().name() + ".own");
   * Files.writeString(file, ...);
   * return model.descriptor().toBuilder().file(OwnBackend.FORMAT, file).build();
   * }</pre>
   *
   * <p>Inputs are called {@code image} and outputs {@code out}; {@link MicroModel#TWO_OUTPUTS} also
   * has {@code aux}. Called several times for a model.
   *
   * @param model the network, which gives the answers of {@link MicroModel#expected}; never one
   *     that {@link #limits} exclude
   * @return a card like {@link MicroModel#descriptor}, which is what it is unless overridden
   * @throws IOException if the file cannot be written
   */
  protected ModelCard fixture(MicroModel model) throws IOException {
    return model.descriptor();
  }

  /**
   * Returns what the engine cannot do by its nature.
   *
   * @return nothing, unless overridden
   */
  protected Set<Limit> limits() {
    return Set.of();
  }

  /**
   * Returns how far the engine's scores may be from those of {@link MicroModel#expected}.
   *
   * @return 0.00001, or 0.01 with the limit {@link Limit#HALF_PRECISION}, unless overridden
   */
  protected float tolerance() {
    return limits().contains(Limit.HALF_PRECISION) ? 1e-2f : 1e-5f;
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

  @Test
  void settingsBeginWithItsNameAndSayWhatTheyDo() {
    assertThat(provider().settings())
        .allSatisfy(
            setting -> {
              assertThat(setting.name()).startsWith(provider().name() + ".");
              assertThat(setting.doc()).isNotBlank();
              assertThat(setting.values()).isNotBlank();
            })
        .extracting(Setting::name)
        .doesNotHaveDuplicates();
  }

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
    // No machine has a hundred GPUs, so that this fails where there is CUDA, too.
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

  // Life-cycle.

  @Test
  void closingAgainDoesNothing() throws IOException {
    InferenceSession session = open(MicroModel.AFFINE);
    session.close();
    session.close();
  }

  @Test
  void opensAndClosesManyTimes() throws IOException {
    FloatTensor input = input(MicroModel.AFFINE, 1, 1, 6, 5);
    for (int i = 0; i < 50; i++) {
      try (InferenceSession session = open(MicroModel.AFFINE)) {
        assertAnswer(session, MicroModel.AFFINE, input);
      }
    }
  }

  @Test
  void sessionsAreIndependent() throws IOException {
    FloatTensor input = input(MicroModel.AFFINE, 1, 1, 6, 5);
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
    ModelCard card = fixture(MicroModel.SLOW);
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
                  input(MicroModel.STRIDED, thread, 1, 5 + thread, 30 - i));
            }
          });
    }
  }

  @Test
  void segmenterServesManyThreads() throws Exception {
    try (Segmenter segmenter = segmenter(fixture(MicroModel.AFFINE)).open()) {
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
  void runtimeTellsWhatRunsTheModel() throws IOException {
    try (InferenceSession session = open(MicroModel.AFFINE)) {
      RuntimeInfo runtime = session.runtime();
      assertThat(runtime.backend()).isEqualTo(provider().name());
      assertThat(runtime.version()).as("version").isNotBlank();
      assertThat(runtime.device()).isEqualTo(device());
      assertThat(runtime.reason()).as("reason").isNotBlank();
    }
  }

  @Test
  void automaticDeviceBecomesARealOne() throws IOException {
    try (InferenceSession session =
        provider().open(context(fixture(MicroModel.AFFINE)).device(Device.AUTO).build())) {
      assertThat(session.runtime().device()).isNotEqualTo(Device.AUTO);
      assertThat(session.runtime().reason()).as("reason").isNotBlank();
    }
  }

  // From image to mask.

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SLOW")
  void maskHasTheSizeOfTheImage(MicroModel model) throws IOException {
    assumeExpressible(model);
    try (Segmenter segmenter = segmenter(fixture(model)).open()) {
      for (int category = 0; category < segmenter.model().labels().size(); category++) {
        SegmentationResult result = segmenter.segment(solidImage(45, 31, category));
        assertThat(result.mask()).isEqualTo(solidMask(45, 31, category));
      }
    }
  }

  @Test
  void batchesOfImagesOfAnySizesGiveTheirMasks() throws IOException {
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
  void maskFollowsTheImage() throws IOException {
    assumeNot(Limit.FIXED_SHAPES);
    try (Segmenter segmenter = segmenter(fixture(MicroModel.AFFINE)).open()) {
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
  void cardOfMoreClassesThanTheNetworkHasIsALoadError() throws IOException {
    ModelCard model = fixture(MicroModel.AFFINE);
    LabelMap four = LabelMap.of(List.of("red", "green", "blue", "yellow"));
    assertContradiction(card(model, model.input(), model.output(), four));
  }

  @Test
  void cardOfAnotherStrideThanTheNetworkHasIsALoadError() throws IOException {
    ModelCard model = fixture(MicroModel.STRIDED);
    OutputSpec stride2 = OutputSpec.logits("out", 2);
    assertContradiction(card(model, model.input(), stride2, model.labels()));
  }

  // What the cases are made of.

  private ModelCard card(MicroModel model) throws IOException {
    ModelCard card = fixture(model);
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
                    "backend %s reads %s, its fixtures come as %s"
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

  private BackendContext.Builder context(ModelCard card) {
    return BackendContext.builder(provider(), card, format(card), file(card)).device(device());
  }

  private InferenceSession open(MicroModel model) throws IOException {
    return open(fixture(model));
  }

  private InferenceSession open(ModelCard card) {
    return provider().open(context(card).build());
  }

  private static FloatTensor runAsTheLibraryDoes(
      BackendContext context, InferenceSession session, FloatTensor input) {
    context.requireFits(session.input(), input);
    return session.run(input);
  }

  /** An input of that size, or of the only one that the fixture takes. */
  private FloatTensor input(MicroModel model, long seed, int batch, int width, int height) {
    if (!limits().contains(Limit.FIXED_SHAPES)) {
      return model.input(seed, batch, width, height);
    }
    SizeRule size;
    try {
      size = fixture(model).input().size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(size.kind()).as("size on the card of %s", model).isEqualTo(SizeRule.Kind.FIXED);
    return model.input(seed, batch, size.width(), size.height());
  }

  private void assumeNot(Limit limit) {
    assumeFalse(
        limits().contains(limit),
        () -> "skipped: backend %s has the limit %s".formatted(provider().name(), limit));
  }

  /** Skips a case whose network cannot be written for this backend. */
  private void assumeExpressible(MicroModel model) {
    switch (model) {
      case TWO_OUTPUTS -> assumeNot(Limit.ONE_OUTPUT);
      case CATEGORIES -> assumeNot(Limit.NO_CATEGORIES);
      case CHANNELS_LAST -> assumeNot(Limit.NO_CHANNELS_LAST);
      default -> {
        // Every backend can run the others.
      }
    }
  }

  private SegmenterBuilder segmenter(ModelCard card) {
    return Segmenter.builder().model(card).backend(provider().name()).device(device());
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

  private void assertContradiction(ModelCard card) {
    assertThatThrownBy(() -> segmenter(card).open().close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(card.name())
        .hasMessageContaining(provider().name());
  }

  private void assertAnswer(InferenceSession session, MicroModel model, FloatTensor input) {
    assertClose(session.run(input), model.expected(input));
  }

  private void assertClose(FloatTensor actual, FloatTensor expected) {
    assertThat(actual.shape()).as("shape").isEqualTo(expected.shape());
    assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(tolerance()));
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
