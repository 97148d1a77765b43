package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationOptions.OutputSize;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.TensorLayout;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that every backend gives the same masks for a model card as Pillow, OpenCV and NumPy,
 * whatever the card says. A backend's test class extends this one, as with {@link
 * BackendConformance}.
 *
 * <p>About 760 cards for tiny networks cover every combination of size rule, multiple, rounding,
 * resize mode, crop, stride and alignment; every combination of layouts, channel order, output kind
 * and element type; and every choice of three of the remaining keys.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CardConformance {
  /** Photographs of three sizes, then the same ones upside down. */
  private static final List<RgbImage> PHOTOS =
      Stream.<UnaryOperator<RgbImage>>of(photo -> photo, CardConformance::turned)
          .flatMap(turn -> CardMatrix.PHOTOS.stream().map(CardMatrix::photo).map(turn))
          .toList();

  /** Half precision may decide one in this many pixels differently. */
  private static final int PIXELS_FOR_ONE_ERROR = 100;

  @TempDir private static Path folder;

  /**
   * Returns the backend.
   *
   * @return the provider under test, as {@link java.util.ServiceLoader} would make it
   */
  protected abstract BackendProvider provider();

  /**
   * Returns the device that the backend is tested on.
   *
   * @return the CPU, unless overridden; it must be available
   */
  protected Device device() {
    return Device.CPU;
  }

  /**
   * Returns what the engine cannot do by design.
   *
   * @return nothing, unless overridden
   */
  protected Set<Limit> limits() {
    return Set.of();
  }

  /**
   * Writes the networks in a format of the backend's own. The networks are there as ONNX files
   * {@code NAME.onnx} and as text {@code NAME.reference}, see {@link ReferenceBackend#FORMAT}; for
   * each one that the format can express, a file {@code NAME.FORMAT} must be written beside it,
   * where {@code FORMAT} is the first of the backend's formats. A name such as {@code
   * nchw-4-categories-int64} tells the type of the output's numbers, which a format with a single
   * type need not keep; with {@link Limit#NO_CHANNELS_LAST}, no {@code nhwc} network and no output
   * {@code out-nhwc} is needed. Nothing to do for a backend that reads ONNX or TorchScript.
   *
   * <p>Cases without their file are skipped. If there is no file at all, the kit fails.
   *
   * @param folder where the networks are
   * @throws IOException if a file cannot be written
   */
  protected void writeNetworks(Path folder) throws IOException {}

  @BeforeAll
  void extractNetworks() throws IOException {
    CardMatrix.extractNetworks(folder);
    writeNetworks(folder);
    requireNetworks();
  }

  /** Without this, a backend for whose format there is no network would pass by skipping all. */
  private void requireNetworks() throws IOException {
    String suffix = "." + provider().formats().get(0).name();
    try (Stream<Path> files = Files.list(folder)) {
      if (hasOwnFormat() && files.noneMatch(file -> file.toString().endsWith(suffix))) {
        fail(
            "backend %s reads none of the formats that the networks come in, and writeNetworks wrote no *%s file into the folder",
            provider().name(), suffix);
      }
    }
  }

  static List<CardMatrix.Case> cards() {
    return CardMatrix.cases();
  }

  @ParameterizedTest
  @MethodSource("cards")
  void masksAreThoseOfNumpy(CardMatrix.Case card) throws IOException {
    assumeRunnable(card);
    try (Segmenter segmenter = segmenter(write(card)).open()) {
      requireEqual(segmenter.segment(card.photo()).mask(), card.source(), card);
      SegmentationOptions ofModelSize =
          SegmentationOptions.MASK_ONLY.withOutputSize(OutputSize.MODEL);
      requireEqual(segmenter.segment(card.photo(), ofModelSize).mask(), card.model(), card);
    }
  }

  /** Half of the cards, which cover every layout, size rule and element type. */
  static List<CardMatrix.Case> everySecondCard() {
    List<CardMatrix.Case> all = CardMatrix.cases();
    return IntStream.range(0, all.size()).filter(i -> i % 2 == 0).mapToObj(all::get).toList();
  }

  @ParameterizedTest
  @MethodSource("everySecondCard")
  void photographsOfSeveralSizesGiveTogetherWhatEachGives(CardMatrix.Case card) throws IOException {
    assumeRunnable(card);
    assumeNot(Limit.NO_BATCHES);
    try (Segmenter segmenter = segmenter(write(card)).batchSize(3).open()) {
      assertThat(segmenter.segmentAll(PHOTOS))
          .extracting(SegmentationResult::mask)
          .containsExactlyElementsOf(
              PHOTOS.stream().map(photo -> segmenter.segment(photo).mask()).toList());
    }
  }

  /**
   * Skips a card that a limit excludes, or whose network does not exist in the backend's format.
   */
  private void assumeRunnable(CardMatrix.Case card) throws IOException {
    ModelCard model = ModelCard.read(write(card));
    InputSpec input = model.input();
    OutputSpec output = model.output();
    if (input.layout() == TensorLayout.NHWC || output.layout() == TensorLayout.NHWC) {
      assumeNot(Limit.NO_CHANNELS_LAST);
    }
    if (output.kind() == OutputKind.CATEGORIES) {
      assumeNot(Limit.NO_CATEGORIES);
    }
    ImageGeometry geometry = input.geometry(card.photo().width(), card.photo().height());
    if (geometry.inputWidth() != 32 || geometry.inputHeight() != 24) {
      assumeNot(Limit.FIXED_SHAPES);
    }
    assumeNetwork(model);
  }

  private void assumeNetwork(ModelCard model) {
    Path network = folder.resolve(networkName(model) + "." + provider().formats().get(0).name());
    assumeTrue(
        !hasOwnFormat() || Files.exists(network),
        () -> "skipped: there is no %s".formatted(network.getFileName()));
  }

  private void assumeNot(Limit limit) {
    assumeFalse(
        limits().contains(limit),
        () -> "skipped: backend %s has the limit %s".formatted(provider().name(), limit));
  }

  private static String networkName(ModelCard model) {
    String location = model.files().get(0).location().toString();
    return location.substring(location.lastIndexOf('/') + 1, location.lastIndexOf('.'));
  }

  /** Whether the backend reads none of the formats of the networks. */
  private boolean hasOwnFormat() {
    return Collections.disjoint(
        provider().formats(),
        List.of(ModelFormat.ONNX, ModelFormat.TORCHSCRIPT, ReferenceBackend.FORMAT));
  }

  /** Writes a card beside its network, and adds the network in the backend's own format. */
  private Path write(CardMatrix.Case card) throws IOException {
    Path file = card.writeInto(folder);
    if (hasOwnFormat()) {
      Files.writeString(
          file, "\n" + ownFile(networkName(ModelCard.read(file))), StandardOpenOption.APPEND);
    }
    return file;
  }

  private String ownFile(String network) {
    String format = provider().formats().get(0).name();
    return "file.%s = %s.%s".formatted(format, network, format);
  }

  // Cards that contradict their network.

  @Test
  void anotherInputLayoutIsALoadError() throws IOException {
    assumeNot(Limit.NO_CHANNELS_LAST);
    assertRefused("nchw-1-logits-float", "input.layout = NHWC").contains("[1 x 24 x 32 x 3]");
    assertRefused("nhwc-1-logits-float", "input.layout = NCHW").contains("[1 x 3 x 24 x 32]");
  }

  @Test
  void aNetworkOfGreyImagesIsALoadError() throws IOException {
    assertRefused("grey").contains("[1 x 3 x 24 x 32]");
  }

  @Test
  void anotherSizeThanTheOnlyOneIsALoadError() throws IOException {
    segmenter(card("fixed-32x24")).open().close();
    assertRefused("fixed-32x24", "input.size = fixed 24 x 32").contains("[1 x 3 x 32 x 24]");
    assertRefused("fixed-32x24", "input.size = short-edge 24").contains("[1 x 3 x 24 x 24]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          labels = a, b, c, d        | NCHW [1 x 4 x 24 x 32] | the labels or the output's kind (labels or output.kind on a card)
          labels = a, b, c, d, e, f  | NCHW [1 x 6 x 24 x 32] | the labels or the output's kind (labels or output.kind on a card)
          output.stride = 4          | NCHW [1 x 5 x 6 x 8]   | the output's stride (output.stride on a card)
          output.layout = NHWC       | NHWC [1 x 24 x 32 x 5] | the output's layout (output.layout on a card)
          output.kind = categories   | NCHW [1 x 1 x 24 x 32] | the output's kind (output.kind on a card)
          """)
  void anotherOutputIsALoadError(String line, String expected, String advice) throws IOException {
    assertRefused("nchw-1-logits-float", line)
        .endsWith(
            "output \"out-nchw\" should be %s for an input of 32 x 24, found [1 x 5 x 24 x 32]."
                    .formatted(expected)
                + " Correct %s.".formatted(advice));
  }

  @Test
  void scoresWhereTheNetworkDecidesIsALoadError() throws IOException {
    assumeNot(Limit.NO_CATEGORIES);
    assertRefused("nchw-4-categories-int64", "output.name = out-none", "output.stride = 4")
        .endsWith(
            "output \"out-none\" should be NCHW [1 x 5 x 6 x 8] for an input of 32 x 24, found"
                + " [1 x 6 x 8]. For a single channel, use the kind (output.kind on a card) "
                + "binary-logits, or sigmoid if its values are in 0..1, both with two "
                + "labels, or categories if they are classes.");
  }

  @Test
  void logitsWhereTheCardHasProbabilitiesAreALoadError() throws IOException {
    assertRefused(
            "nchw-1-logits-float",
            "output.kind = probabilities",
            "input.scale = 1",
            "input.mean = 9, 9, 9")
        .endsWith(
            "output \"out-nchw\" should hold probabilities of 0..1, found -6.625. Correct the output's"
                + " kind (output.kind on a card) from probabilities to logits.");
  }

  @Test
  void scoresThatAreNoNumbersAreALoadError() throws IOException {
    assertRefused("not-a-number")
        .endsWith("output \"out-nchw\" should hold finite numbers, found NaN");
  }

  /** Writes a card for logits of five classes, unless the lines say otherwise. */
  private Path card(String network, String... lines) throws IOException {
    Properties card = new Properties();
    card.load(
        new StringReader(
            """
            name = contradiction
            file.onnx = %1$s.onnx
            file.torchscript = %1$s.pt
            file.reference = %1$s.reference
            input.name = image
            input.size = fixed 32 x 24
            output.name = out-nchw
            labels = a, b, c, d, e
            %2$s
            %3$s
            """
                .formatted(
                    network, hasOwnFormat() ? ownFile(network) : "", String.join("\n", lines))));
    Path file = folder.resolve("contradiction.properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      card.store(out, null);
    }
    assumeNetwork(ModelCard.read(file));
    return file;
  }

  /** Asserts that a network does not open, and returns the message for further assertions. */
  private AbstractStringAssert<?> assertRefused(String network, String... lines)
      throws IOException {
    Path card = card(network, lines);
    Throwable error = catchThrowable(() -> segmenter(card).open().close());
    assertThat(error)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "model contradiction failed its first run on backend %s: ", provider().name());
    return assertThat(error.getMessage());
  }

  private static RgbImage turned(RgbImage photo) {
    byte[] rgb = photo.toByteArray();
    byte[] turned = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      turned[rgb.length - 3 - i + 2 * (i % 3)] = rgb[i];
    }
    return RgbImage.of(photo.width(), photo.height(), turned);
  }

  private SegmenterBuilder segmenter(Path card) {
    return Segmenter.builder().model(card).backend(provider().name()).device(device());
  }

  private void requireEqual(CategoryMask actual, CategoryMask expected, CardMatrix.Case card) {
    assertThat(List.of(actual.width(), actual.height()))
        .as("the mask's size by the card\n%s", card.card())
        .containsExactly(expected.width(), expected.height());
    int allowed =
        limits().contains(Limit.HALF_PRECISION)
            ? expected.width() * expected.height() / PIXELS_FOR_ONE_ERROR
            : 0;
    int wrong = 0;
    for (int y = 0; y < expected.height(); y++) {
      for (int x = 0; x < expected.width(); x++) {
        int category = expected.category(x, y);
        if (category != CardMatrix.UNDECIDED
            && category != actual.category(x, y)
            && ++wrong > allowed) {
          fail(
              "pixel %d, %d of %s is %d, expected %d, by the card\n%s",
              x, y, actual, actual.category(x, y), category, card.card());
        }
      }
    }
  }
}
