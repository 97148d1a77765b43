package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tests that every backend must pass. A backend's test class extends this one:
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
 * <p>The backend must be registered as a service, see {@link
 * io.github.pixelwise.spi.BackendProvider}. It reads a format that the {@link MicroModel}s come in
 * ({@code onnx}, {@code torchscript}), or its tests bring the same networks in a format of its own,
 * see {@link #fixture}. Declare what an engine cannot do by design in {@link #limits}. The tests
 * use the backend's sessions, and {@link Segmenter} for behavior that involves the library's shared
 * code.
 */
// In another thread, because a thread that hangs in native code cannot be interrupted. The timeout
// does not measure speed: it only keeps a deadlock from blocking a build server.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class BackendConformance extends SessionConformance {
  private static final int THREADS = 8;

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
  @SuppressWarnings("try") // the test closes it within the block
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

  private void assertContradiction(ModelCard card) {
    assertThatThrownBy(() -> segmenter(card).open().close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(card.name())
        .hasMessageContaining(provider().name());
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

  /** Runs a task in several threads at once, each with its own number. */
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
