package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PanelsTest {
  private static final String FILE = "panels-golden.txt";
  private static final Map<String, RgbImage> PHOTOS = Golden.images(FILE, "rgb", RgbImage::of);
  private static final RgbImage PIXEL = RgbImage.of(1, 1, new byte[3]);

  static List<Arguments.ArgumentSet> panels() {
    Map<String, CategoryMask> masks = Golden.sources(FILE, CategoryMask::of);
    return Golden.lines(FILE, "panel").stream()
        .map(
            f ->
                Arguments.argumentSet(
                    "category " + f[3],
                    PHOTOS.get(f[1]),
                    masks.get(f[2]),
                    Integer.parseInt(f[3]),
                    Golden.bytes(f[4])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("panels")
  void showsOneClassAndDimsTheRest(
      RgbImage photo, CategoryMask mask, int category, byte[] expected) {
    assertThat(Panels.ofClass(photo, mask, category))
        .isEqualTo(RgbImage.of(photo.width(), photo.height(), expected));
  }

  static List<Arguments.ArgumentSet> grids() {
    return Golden.lines(FILE, "grid").stream()
        .map(
            f ->
                Arguments.argumentSet(
                    "%s columns, %s pixels".formatted(f[4], f[5]),
                    Arrays.stream(f).skip(6).map(PHOTOS::get).toList(),
                    Integer.parseInt(f[4]),
                    Integer.parseInt(f[5]),
                    RgbImage.of(
                        Integer.parseInt(f[1]), Integer.parseInt(f[2]), Golden.bytes(f[3]))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void joinsPicturesAsPillowDoes(
      List<RgbImage> pictures, int columns, int width, RgbImage expected) {
    assertThat(Panels.grid(pictures.stream(), columns, width)).isEqualTo(expected);
    assertThat(Panels.grid(pictures.parallelStream(), columns, width)).isEqualTo(expected);
  }

  @Test
  void hasAllGoldenCases() {
    assertThat(panels()).hasSize(3);
    assertThat(grids()).hasSize(5);
  }

  @Test
  void refusesAMaskOfAnotherSizeAndACategoryOutOfRange() {
    CategoryMask mask = CategoryMask.of(2, 1, new byte[2]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.ofClass(PIXEL, mask, 0))
        .withMessage("the mask must have the image's size, 1 x 1, found 2 x 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.ofClass(PIXEL, CategoryMask.of(1, 1, new byte[1]), 65536))
        .withMessage("the category must lie in 0..65535, found 65536");
  }

  @Test
  void refusesPicturesOfSeveralSizesAndNone() {
    RgbImage wide = RgbImage.of(2, 1, new byte[6]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.grid(Stream.of(PIXEL, PIXEL, wide), 2, 10))
        .withMessage("a grid's pictures must all have the first one's size, 1 x 1, found 2 x 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.grid(Stream.of(), 2, 10))
        .withMessage("a grid needs at least 1 picture, found none");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void refusesNoColumnsAndNoWidth(int number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.grid(Stream.of(PIXEL), number, 1))
        .withMessage("the columns of a grid must be at least 1, found " + number);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.grid(Stream.of(PIXEL), 1, number))
        .withMessage("the width of a grid's pictures must be at least 1, found " + number);
  }

  @Test
  void refusesAGridThatNoArrayHolds() {
    RgbImage tall = RgbImage.of(1, 3, new byte[9]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.grid(Stream.of(PIXEL), 1, Integer.MAX_VALUE))
        .withMessage("2147483647 x 2147483647 pixels of 3 samples do not fit an array");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.grid(Stream.of(tall), 1, Integer.MAX_VALUE))
        .withMessage("2147483647 x 2147483647 pixels of 3 samples do not fit an array");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);
    assertThatNullPointerException()
        .isThrownBy(() -> Panels.ofClass(null, mask, 0))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Panels.ofClass(PIXEL, null, 0))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Panels.grid(null, 1, 1))
        .withMessage("pictures");
  }
}
