package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.OutputSize;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must make of a model card, whatever the card says: the masks that Pillow,
 * OpenCV and numpy give. A backend's tests extend this class as they extend {@link
 * BackendConformance}.
 *
 * <p>Some 760 cards over tiny networks hold every combination of size rule, multiple, rounding,
 * resize mode, crop, stride and alignment; every combination of layouts, channel order, kind of
 * output and type of number; and every choice of three beyond these.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class CardConformance {
  /** Photographs of three sizes, then again, upside down. */
  private static final List<RgbImage> PHOTOS =
      Stream.<UnaryOperator<RgbImage>>of(photo -> photo, CardConformance::turned)
          .flatMap(turn -> CardMatrix.PHOTOS.stream().map(CardMatrix::photo).map(turn))
          .toList();

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
   * @return the CPU, unless overridden; it must be there
   */
  protected Device device() {
    return Device.CPU;
  }

  @BeforeAll
  static void extractNetworks() throws IOException {
    CardMatrix.extractNetworks(folder);
  }

  static List<CardMatrix.Case> cards() {
    return CardMatrix.cases();
  }

  @ParameterizedTest
  @MethodSource("cards")
  void masksAreThoseOfNumpy(CardMatrix.Case card) throws IOException {
    try (Segmenter segmenter = open(card)) {
      requireEqual(segmenter.segment(card.photo()).mask(), card.source(), card);
      SegmentationOptions ofModelSize =
          SegmentationOptions.MASK_ONLY.withOutputSize(OutputSize.MODEL);
      requireEqual(segmenter.segment(card.photo(), ofModelSize).mask(), card.model(), card);
    }
  }

  /** Half of the cards, which hold every layout, size rule and type of number. */
  static List<CardMatrix.Case> everySecondCard() {
    List<CardMatrix.Case> all = CardMatrix.cases();
    return IntStream.range(0, all.size()).filter(i -> i % 2 == 0).mapToObj(all::get).toList();
  }

  @ParameterizedTest
  @MethodSource("everySecondCard")
  void photographsOfSeveralSizesGiveTogetherWhatEachGives(CardMatrix.Case card) throws IOException {
    try (Segmenter segmenter = open(card)) {
      assertThat(segmenter.segmentAll(PHOTOS))
          .extracting(SegmentationResult::mask)
          .containsExactlyElementsOf(
              PHOTOS.stream().map(photo -> segmenter.segment(photo).mask()).toList());
    }
  }

  private static RgbImage turned(RgbImage photo) {
    byte[] rgb = photo.toByteArray();
    byte[] turned = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      turned[rgb.length - 3 - i + 2 * (i % 3)] = rgb[i];
    }
    return RgbImage.of(photo.width(), photo.height(), turned);
  }

  private Segmenter open(CardMatrix.Case card) throws IOException {
    return Segmenter.builder()
        .model(card.writeInto(folder))
        .backend(provider().name())
        .device(device())
        .open();
  }

  private static void requireEqual(
      CategoryMask actual, CategoryMask expected, CardMatrix.Case card) {
    assertThat(List.of(actual.width(), actual.height()))
        .as("the mask's size by the card\n%s", card.card())
        .containsExactly(expected.width(), expected.height());
    for (int y = 0; y < expected.height(); y++) {
      for (int x = 0; x < expected.width(); x++) {
        int category = expected.category(x, y);
        if (category != CardMatrix.UNDECIDED && category != actual.category(x, y)) {
          fail(
              "pixel %d, %d of %s is %d, expected %d, by the card\n%s",
              x, y, actual, actual.category(x, y), category, card.card());
        }
      }
    }
  }
}
