package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutlineTest {
  private static final byte VOID = (byte) 255;
  private static final Palette PALETTE = Palette.of(List.of(0x000000, 0x102030, 0xff8000));
  private static final int PHOTO = 0x0a141e;

  static List<Arguments.ArgumentSet> numpy() {
    Map<String, CategoryMask> masks = Golden.sources("regions-golden.txt", CategoryMask::of);
    return Golden.lines("regions-golden.txt", "outline").stream()
        .map(
            f ->
                Arguments.argumentSet(
                    f[1] + " " + f[2], masks.get(f[1]), Integer.parseInt(f[2]), Golden.bytes(f[3])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("numpy")
  void drawsWhereAnotherCategoryIsNear(CategoryMask mask, int width, byte[] expected) {
    RgbImage drawn =
        Coloring.outline(photo(mask), mask, category -> category, width, category -> true);

    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        boolean near = expected[y * mask.width() + x] == 1;
        assertThat(drawn.rgb(x, y))
            .as("%d, %d", x, y)
            .isEqualTo(near ? mask.category(x, y) : PHOTO);
      }
    }
  }

  @Test
  void hasAllOfNumpysCases() {
    assertThat(numpy()).hasSize(10 * 4);
  }

  @Test
  void drawsTheClassesButNeitherBackgroundNorVoid() {
    CategoryMask mask = CategoryMask.of(9, 1, new byte[] {0, 0, 1, 1, 1, 2, 2, VOID, VOID});

    assertThat(colors(Coloring.outline(photo(mask), Results.of(mask, PALETTE), 1)))
        .containsExactly(PHOTO, PHOTO, 0x102030, PHOTO, 0x102030, 0xff8000, 0xff8000, PHOTO, PHOTO);
    assertThat(colors(Coloring.outline(photo(mask), mask, PALETTE, 2, category -> category == 0)))
        .containsExactly(0, 0, PHOTO, PHOTO, PHOTO, PHOTO, PHOTO, PHOTO, PHOTO);
  }

  @Test
  void drawsOverAnOverlay() {
    CategoryMask mask = CategoryMask.of(4, 1, new byte[] {0, 2, 2, 2});
    RgbImage overlay = Coloring.overlay(photo(mask), Results.of(mask, PALETTE), 0.5);

    assertThat(colors(Coloring.outline(overlay, Results.of(mask, PALETTE), 1)))
        .containsExactly(PHOTO, 0xff8000, overlay.rgb(2, 0), overlay.rgb(3, 0));
  }

  @Test
  void knowsCategoriesOfSixteenBits() {
    CategoryMask mask = CategoryMask.copyOf(3, 1, new int[] {65535, 65535, 65534});

    assertThat(colors(Coloring.outline(photo(mask), Results.of(mask, category -> category), 1)))
        .containsExactly(PHOTO, 65535, 65534);
  }

  @Test
  void drawsAcrossManyRows() {
    byte[] categories = new byte[3 * 1000];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = (byte) (i / 3 / 10 % 2 + 1);
    }
    CategoryMask mask = CategoryMask.of(3, 1000, categories);
    RgbImage drawn = Coloring.outline(photo(mask), Results.of(mask, PALETTE), 2);

    for (int y = 0; y < 1000; y++) {
      boolean near = y >= 2 && y < 998 && (y % 10 < 2 || y % 10 >= 8);
      assertThat(drawn.rgb(1, y))
          .as("row %d", y)
          .isEqualTo(near ? PALETTE.rgb(y / 10 % 2 + 1) : PHOTO);
    }
  }

  private static RgbImage photo(CategoryMask mask) {
    byte[] rgb = new byte[mask.width() * mask.height() * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) (PHOTO >> 16);
      rgb[i + 1] = (byte) (PHOTO >> 8);
      rgb[i + 2] = (byte) PHOTO;
    }
    return RgbImage.of(mask.width(), mask.height(), rgb);
  }

  private static int[] colors(RgbImage row) {
    int[] colors = new int[row.width()];
    for (int x = 0; x < colors.length; x++) {
      colors[x] = row.rgb(x, 0);
    }
    return colors;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -3})
  void refusesAWidthBelowOne(int width) {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.outline(photo(mask), Results.of(mask, PALETTE), width))
        .withMessage("the outlines' width must be at least 1, found " + width);
  }

  @Test
  void refusesAMaskOfAnotherSizeAndAColorOutsideTheRange() {
    CategoryMask mask = CategoryMask.of(2, 1, new byte[2]);
    CategoryMask other = CategoryMask.of(1, 2, new byte[2]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.outline(photo(mask), Results.of(other, PALETTE), 1))
        .withMessage("the mask must have the image's size, 2 x 1, found 1 x 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.outline(photo(mask), Results.of(mask, category -> -1), 1))
        .withMessage("the color of category 0 must lie in 0..0xffffff, found 0xffffffff");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.outline(null, Results.of(mask, PALETTE), 1))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.outline(photo(mask), null, PALETTE, 1, category -> true))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.outline(photo(mask), mask, null, 1, category -> true))
        .withMessage("palette");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.outline(photo(mask), mask, PALETTE, 1, null))
        .withMessage("outlined");
  }
}
