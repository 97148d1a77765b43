package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlphaTest {
  private static final byte FULL = (byte) 255;
  private static final CategoryMask MASK =
      CategoryMask.of(3, 2, new byte[] {0, 15, 15, 8, (byte) 255, 0});

  @Test
  void keepsAllButBackgroundAndVoid() {
    assertThat(Alpha.foreground(MASK, LabelMap.voc()))
        .isEqualTo(AlphaMask.of(3, 2, new byte[] {0, FULL, FULL, FULL, 0, 0}));
  }

  @Test
  void findsTheBackgroundByItsName() {
    LabelMap labels = LabelMap.of(List.of("cat", "Background"), 300);
    CategoryMask mask = CategoryMask.copyOf(3, 1, new int[] {0, 1, 300});

    assertThat(Alpha.foreground(mask, labels))
        .isEqualTo(AlphaMask.of(3, 1, new byte[] {FULL, 0, 0}));
  }

  @Test
  void refusesToGuessTheForegroundOfLabelsWithoutBackground() {
    LabelMap labels = LabelMap.of(List.of("road", "car"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.foreground(MASK, labels))
        .withMessage(
            "no class is named \"background\", so there is no telling the foreground; name its"
                + " classes to Alpha.ofClasses. Classes: road, car.");
  }

  @Test
  void keepsClassesByName() {
    assertThat(Alpha.ofClasses(MASK, LabelMap.voc(), "Person"))
        .isEqualTo(AlphaMask.of(3, 2, new byte[] {0, FULL, FULL, 0, 0, 0}));
    assertThat(Alpha.ofClasses(MASK, LabelMap.voc(), "person", "cat"))
        .isEqualTo(AlphaMask.of(3, 2, new byte[] {0, FULL, FULL, FULL, 0, 0}));
  }

  @Test
  void listsTheClassesIfThereIsNoneOfAName() {
    LabelMap labels = LabelMap.of(List.of("background", "person"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofClasses(MASK, labels, "background", "persn"))
        .withMessage(
            "no class is named \"persn\" (did you mean \"person\"?). Classes: background, person.");
  }

  @Test
  void keepsCategories() {
    assertThat(Alpha.ofCategories(MASK, 0, 255, 7))
        .isEqualTo(AlphaMask.of(3, 2, new byte[] {FULL, 0, 0, 0, FULL, FULL}));
    assertThat(Alpha.ofCategories(CategoryMask.copyOf(2, 1, new int[] {65535, 0}), 65535))
        .isEqualTo(AlphaMask.of(2, 1, new byte[] {FULL, 0}));
    assertThat(Alpha.ofCategories(MASK)).isEqualTo(AlphaMask.of(3, 2, new byte[6]));
  }

  @Test
  void refusesCategoriesOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofCategories(MASK, 1, -1))
        .withMessage("categories must lie in 0..65535, found -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofCategories(MASK, 65536))
        .withMessage("categories must lie in 0..65535, found 65536");
  }

  @Test
  void stretchesARangeOfAlpha() {
    byte[] ramp = new byte[256];
    for (int i = 0; i < 256; i++) {
      ramp[i] = (byte) i;
    }
    AlphaMask alpha = AlphaMask.of(16, 16, ramp);

    AlphaMask narrow = Alpha.levels(alpha, 0.2, 0.5); // 51 to 127.5

    assertThat(Alpha.levels(alpha, 0, 1)).isEqualTo(alpha);
    for (int i = 0; i < 256; i++) {
      assertThat(narrow.alpha(i % 16, i / 16))
          .isEqualTo((int) Math.round(Math.max(0, Math.min(255, (i - 51) / 0.3))));
    }
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 1", "0, 1.1", "0.5, 0.5", "0.6, 0.4", "NaN, 1", "0, NaN"})
  void refusesLevelsThatAreNoRange(double low, double high) {
    AlphaMask alpha = AlphaMask.of(1, 1, new byte[1]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.levels(alpha, low, high))
        .withMessage("levels must be 0 <= low < high <= 1, found %s and %s".formatted(low, high));
  }

  @Test
  void worksOnOnePixelAndOnManyRows() {
    assertThat(Alpha.ofCategories(CategoryMask.of(1, 1, new byte[1]), 0).alpha(0, 0))
        .isEqualTo(255);

    byte[] categories = new byte[2000];
    byte[] expected = new byte[2000];
    for (int i = 0; i < 2000; i++) {
      categories[i] = (byte) (i % 7 % 2);
      expected[i] = (byte) (i % 7 % 2 * 255);
    }
    assertThat(Alpha.ofCategories(CategoryMask.of(1, 2000, categories), 1))
        .isEqualTo(AlphaMask.copyOf(1, 2000, expected));
    assertThat(Alpha.ofCategories(CategoryMask.of(2000, 1, categories), 1))
        .isEqualTo(AlphaMask.copyOf(2000, 1, expected));
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    LabelMap labels = LabelMap.voc();
    AlphaMask alpha = Alpha.ofCategories(MASK, 1);
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.foreground((CategoryMask) null, labels))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.foreground(MASK, null))
        .withMessage("labels");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofClasses((CategoryMask) null, labels, "person"))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofClasses(MASK, null, "person"))
        .withMessage("labels");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofClasses(MASK, labels, (String[]) null));
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofCategories((CategoryMask) null, 1))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.feather(null, GaussianBlur.ofKernelSize(7)))
        .withMessage("alpha");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.feather(alpha, null))
        .withMessage("blur");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.levels(null, 0, 1))
        .withMessage("alpha");
  }
}
