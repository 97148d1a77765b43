package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.postprocess.ClassStatistics.Box;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassStatisticsTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("background", "cat", "dog"));

  @Test
  void measuresTheClassesThatArePresent() {
    CategoryMask mask =
        CategoryMask.of(
            4,
            3,
            new byte[] {
              0, 0, 2, 0, //
              0, 2, 2, 0, //
              0, 0, 0, (byte) 255,
            });

    assertThat(ClassStatistics.of(mask, LABELS))
        .containsExactly(
            new ClassStatistics(0, "background", 8, 8 / 12.0, new Box(0, 0, 4, 3)),
            new ClassStatistics(2, "dog", 3, 3 / 12.0, new Box(1, 0, 2, 2)),
            new ClassStatistics(255, "void", 1, 1 / 12.0, new Box(3, 2, 1, 1)));
  }

  @Test
  void measuresOnePixel() {
    assertThat(ClassStatistics.of(CategoryMask.of(1, 1, new byte[] {1}), LABELS))
        .containsExactly(new ClassStatistics(1, "cat", 1, 1, new Box(0, 0, 1, 1)));
  }

  @Test
  void joinsWhatIsFarApart() {
    byte[] categories = new byte[5 * 1000];
    categories[2] = 1;
    categories[999 * 5 + 1] = 1;

    assertThat(ClassStatistics.of(CategoryMask.of(5, 1000, categories), LABELS))
        .containsExactly(
            new ClassStatistics(0, "background", 4998, 0.9996, new Box(0, 0, 5, 1000)),
            new ClassStatistics(1, "cat", 2, 0.0004, new Box(1, 0, 2, 1000)));
  }

  @Test
  void knowsCategoriesOfSixteenBits() {
    List<String> names = IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
    CategoryMask mask = CategoryMask.copyOf(3, 1, new int[] {999, 65535, 255});

    assertThat(ClassStatistics.of(mask, LabelMap.of(names)))
        .extracting(ClassStatistics::name)
        .containsExactly("class 255", "class 999", "void");
  }

  @Test
  void refusesACategoryOutsideTheLabels() {
    CategoryMask mask = CategoryMask.of(4, 1, new byte[] {0, 1, 3, 4});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassStatistics.of(mask, LABELS))
        .withMessage("the mask must hold categories of its labels, 0..2 or 255, found 3");
  }

  @Test
  void givesAListThatCannotBeChanged() {
    List<ClassStatistics> statistics =
        ClassStatistics.of(CategoryMask.of(1, 1, new byte[1]), LABELS);

    assertThat(statistics).isUnmodifiable();
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);
    assertThatNullPointerException()
        .isThrownBy(() -> ClassStatistics.of(null, LABELS))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> ClassStatistics.of(mask, null))
        .withMessage("labels");
    assertThatNullPointerException()
        .isThrownBy(() -> new ClassStatistics(0, null, 1, 1, new Box(0, 0, 1, 1)))
        .withMessage("name");
    assertThatNullPointerException()
        .isThrownBy(() -> new ClassStatistics(0, "cat", 1, 1, null))
        .withMessage("box");
  }
}
