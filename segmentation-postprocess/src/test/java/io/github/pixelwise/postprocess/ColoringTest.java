package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColoringTest {
  private static final Palette PALETTE = Palette.of(List.of(0x000000, 0x102030, 0xff8000));
  private static final RgbImage PHOTO =
      RgbImage.of(3, 1, new byte[] {10, 20, 30, 40, 50, 60, 7, 8, 9});
  private static final CategoryMask MASK = CategoryMask.of(3, 1, new byte[] {0, 1, 2});

  @Test
  void colorsAMaskAsTheTutorialsDecodeSegmapDoes() {
    String[] classes = Golden.lines("segmap-golden.txt", "classes").get(0);
    String[] rgb = Golden.lines("segmap-golden.txt", "rgb").get(0);
    int width = Integer.parseInt(classes[1]);
    int height = Integer.parseInt(classes[2]);
    CategoryMask mask = CategoryMask.of(width, height, Golden.bytes(classes[3]));

    assertThat(Coloring.colorize(mask, Palette.voc()))
        .isEqualTo(RgbImage.of(width, height, Golden.bytes(rgb[3])));
  }

  @Test
  void colorsCategoriesOfSixteenBits() {
    CategoryMask mask = CategoryMask.copyOf(2, 1, new int[] {65535, 256});

    RgbImage image = Coloring.colorize(mask, category -> category);

    assertThat(image.rgb(0, 0)).isEqualTo(65535);
    assertThat(image.rgb(1, 0)).isEqualTo(256);
  }

  @Test
  void asksThePaletteForCategoriesOfTheMaskOnly() {
    Set<Integer> asked = new TreeSet<>();
    CategoryMask mask = CategoryMask.of(4, 2, new byte[] {9, 9, 3, 3, 9, (byte) 200, 3, 3});

    Coloring.colorize(
        mask,
        category -> {
          asked.add(category);
          return 0;
        });

    assertThat(asked).containsExactly(3, 9, 200);
  }

  @Test
  void refusesAColorOutsideTheRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.colorize(MASK, category -> category << 23))
        .withMessage("the color of category 2 must lie in 0..0xffffff, found 0x1000000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.overlay(PHOTO, Results.of(MASK, category -> -1), 0.5))
        .withMessage("the color of category 0 must lie in 0..0xffffff, found 0xffffffff");
  }

  @Test
  void laysColorsOverAPhotograph() {
    RgbImage overlay = Coloring.overlay(PHOTO, Results.of(MASK, PALETTE), 0.5);

    assertThat(overlay.rgb(0, 0)).as("black in the palette").isEqualTo(PHOTO.rgb(0, 0));
    assertThat(overlay.rgb(1, 0)).isEqualTo(28 << 16 | 41 << 8 | 54);
    assertThat(overlay.rgb(2, 0)).as("131, 68 and 4.5").isEqualTo(131 << 16 | 68 << 8 | 5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 1 / 3.0, 0.45, 0.9, 1})
  void roundsTheExactBlendOfEverySampleAndColor(double opacity) {
    byte[] samples = new byte[256 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i / 3);
    }
    RgbImage ramp = RgbImage.of(256, 1, samples);
    CategoryMask zeros = CategoryMask.copyOf(256, 1, new int[256]);
    for (int color = 0; color < 256; color++) {
      int gray = color * 0x010101;
      RgbImage tinted = Coloring.overlay(ramp, zeros, category -> gray, opacity, category -> true);
      for (int x = 0; x < 256; x++) {
        double exact = (1 - opacity) * x + opacity * color;
        int sample = tinted.rgb(x, 0) & 0xff;
        assertThat((double) sample).isCloseTo(exact, within(0.502)); // opacity is in 65536ths
        assertThat(tinted.rgb(x, 0)).isEqualTo(sample * 0x010101);
      }
    }
  }

  @Test
  void isThePhotographWithoutOpacityAndTheColorsWithAllOfIt() {
    assertThat(Coloring.overlay(PHOTO, Results.of(MASK, PALETTE), 0)).isEqualTo(PHOTO);
    assertThat(Coloring.overlay(PHOTO, MASK, PALETTE, 1, category -> true))
        .isEqualTo(Coloring.colorize(MASK, PALETTE));
  }

  @Test
  void leavesVoidUntouchedUnlessAskedTo() {
    CategoryMask mask = CategoryMask.of(3, 1, new byte[] {(byte) 255, 1, (byte) 255});

    RgbImage overlay = Coloring.overlay(PHOTO, Results.of(mask, Palette.voc()), 1);
    RgbImage chosen = Coloring.overlay(PHOTO, mask, Palette.voc(), 1, category -> category == 255);

    assertThat(overlay)
        .isEqualTo(RgbImage.of(3, 1, new byte[] {10, 20, 30, (byte) 128, 0, 0, 7, 8, 9}));
    assertThat(chosen.rgb(0, 0)).isEqualTo(0xe0e0c0);
    assertThat(chosen.rgb(1, 0)).isEqualTo(PHOTO.rgb(1, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 200, 255, 65535})
  void voidIsTheResultsIgnoreIndexAndNoOther(int ignoreIndex) {
    CategoryMask mask = CategoryMask.copyOf(3, 1, new int[] {ignoreIndex, 254, 1});
    SegmentationResult result = Results.of(mask, category -> 0x0a0b0c, ignoreIndex);
    RgbImage black = RgbImage.of(3, 1, new byte[9]);

    RgbImage overlay = Coloring.overlay(black, result, 1);
    RgbImage outline = Coloring.outline(black, result, 1);

    for (RgbImage picture : List.of(overlay, outline)) {
      assertThat(picture.rgb(0, 0)).isZero();
      assertThat(picture.rgb(1, 0)).isEqualTo(0x0a0b0c);
      assertThat(picture.rgb(2, 0)).isEqualTo(0x0a0b0c);
    }
  }

  @Test
  void aClassOfCategory255IsTintedWhereAnotherCategoryIsVoid() {
    CategoryMask mask = CategoryMask.copyOf(3, 1, new int[] {255, 255, 65535});
    SegmentationResult result = Results.of(mask, category -> 0x0a0b0c, 65535);

    assertThat(Coloring.overlay(PHOTO, result, 1))
        .isEqualTo(RgbImage.of(3, 1, new byte[] {10, 11, 12, 10, 11, 12, 7, 8, 9}));
    assertThat(Coloring.colorize(result).rgb(0, 0)).isEqualTo(0x0a0b0c);
  }

  @Test
  void tintsAFirstClassThatIsNoBackground() {
    CategoryMask road = CategoryMask.of(3, 1, new byte[3]);

    assertThat(Coloring.overlay(PHOTO, Results.of(road, Palette.cityscapes()), 1).rgb(0, 0))
        .isEqualTo(0x804080);
  }

  @Test
  void worksOnOnePixelAndOnManyRows() {
    CategoryMask pixel = CategoryMask.of(1, 1, new byte[] {1});
    assertThat(Coloring.colorize(pixel, PALETTE).rgb(0, 0)).isEqualTo(0x102030);
    assertThat(
            Coloring.overlay(RgbImage.of(1, 1, new byte[3]), Results.of(pixel, PALETTE), 1)
                .rgb(0, 0))
        .isEqualTo(0x102030);

    byte[] categories = new byte[1000];
    for (int y = 0; y < 1000; y++) {
      categories[y] = (byte) (y % 3);
    }
    CategoryMask column = CategoryMask.of(1, 1000, categories);
    RgbImage colored = Coloring.colorize(column, PALETTE);
    for (int y = 0; y < 1000; y++) {
      assertThat(colored.rgb(0, y)).isEqualTo(PALETTE.rgb(y % 3));
    }
    assertThat(
            Coloring.overlay(RgbImage.of(1, 1000, new byte[3000]), Results.of(column, PALETTE), 1))
        .isEqualTo(colored);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void refusesAnOpacityOutOfRange(double opacity) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.overlay(PHOTO, Results.of(MASK, PALETTE), opacity))
        .withMessage("opacity must lie in 0..1, found " + opacity);
  }

  @Test
  void refusesAMaskOfAnotherSize() {
    CategoryMask other = CategoryMask.of(1, 3, new byte[3]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Coloring.overlay(PHOTO, Results.of(other, PALETTE), 0.5))
        .withMessage("the mask must have the image's size, 3 x 1, found 1 x 3");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.colorize(null, PALETTE))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.colorize(MASK, null))
        .withMessage("palette");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.overlay(null, Results.of(MASK, PALETTE), 0.5))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.overlay(PHOTO, null, PALETTE, 0.5, category -> true))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.overlay(PHOTO, MASK, null, 0.5, category -> true))
        .withMessage("palette");
    assertThatNullPointerException()
        .isThrownBy(() -> Coloring.overlay(PHOTO, MASK, PALETTE, 0.5, null))
        .withMessage("tinted");
  }
}
