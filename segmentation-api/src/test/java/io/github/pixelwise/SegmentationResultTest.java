package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentationResultTest {
  private static SegmentationResult result(int width, int height, int... categories) {
    return SegmentationResult.builder(
            CategoryMask.copyOf(width, height, categories), LabelMap.voc(), Palette.voc())
        .build();
  }

  @Test
  void sharesStandInTheirOrderAndVoidCounts() {
    SegmentationResult result = result(4, 2, 0, 12, 12, 255, 12, 12, 8, 0);

    assertThat(result.shares())
        .containsExactly(
            entry("dog", 0.5),
            entry("background", 0.25),
            entry("cat", 0.125),
            entry("void", 0.125));
  }

  @Test
  void aClassCalledVoidAndVoidPixelsAreOneShare() {
    SegmentationResult result =
        SegmentationResult.builder(
                CategoryMask.copyOf(4, 1, new int[] {0, 1, 255, 0}),
                LabelMap.of(List.of("void", "road")),
                Palette.voc())
            .build();

    assertThat(result.shares()).containsExactly(entry("void", 0.75), entry("road", 0.25));
  }

  @Test
  void containsAClassThatHasAPixel() {
    SegmentationResult result = result(3, 2, 0, 0, 0, 0, 0, 12);

    assertThat(result.contains("Dog")).isTrue();
    assertThat(result.contains("background")).isTrue();
    assertThat(result.contains("cat")).isFalse();
  }

  @Test
  void theClassLookedForMustBeOneOfTheModels() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> result(1, 1, 0).contains("dogs"))
        .withMessageStartingWith("no class is named \"dogs\"")
        .withMessageContaining("Classes: background, aeroplane, ");
  }
}
