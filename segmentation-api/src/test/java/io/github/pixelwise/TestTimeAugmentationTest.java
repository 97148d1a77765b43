package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestTimeAugmentationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mirror | 1,mirror",
        "1 | 1",
        "1.25,1,0.75 | 0.75,1,1.25",
        "mirror, 2, 0.25 | 0.25,2,mirror",
        "4.0 | 4"
      })
  void readsWhatItWrites(String text, String written) {
    TestTimeAugmentation augmentation = TestTimeAugmentation.parse(text);

    assertThat(augmentation).hasToString(written);
    assertThat(TestTimeAugmentation.parse(written))
        .isEqualTo(augmentation)
        .hasSameHashCodeAs(augmentation);
  }

  @Test
  void noneIsThePhotographItself() {
    assertThat(TestTimeAugmentation.of(1)).isEqualTo(TestTimeAugmentation.NONE);
    assertThat(TestTimeAugmentation.NONE.scales()).containsExactly(1.0);
    assertThat(TestTimeAugmentation.NONE.mirror()).isFalse();
    assertThat(TestTimeAugmentation.NONE.withMirror().mirror()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, -1", "NaN, NaN", "Infinity, Infinity", "0.24, 0.24", "5, 5"})
  void scalesOutOfRangeAreRejected(double scale, String found) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestTimeAugmentation.of(1, scale))
        .withMessage("scales of test-time augmentation must lie in 0.25..4, found " + found);
  }

  @Test
  void noScaleAndTheSameScaleTwiceAreRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(TestTimeAugmentation::of)
        .withMessage(
            "test-time augmentation needs at least one scale; 1 is the size on the model's card");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestTimeAugmentation.parse("1,0.5,1.0"))
        .withMessage("the scale 1 of test-time augmentation is there twice; name it once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "flip", "1,,2", "mirror,mirror", "1;2", "photo.jpg"})
  void otherWordsAreRejected(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestTimeAugmentation.parse(text))
        .withMessage(
            "test-time augmentation is a list of scales, and the word mirror at most once, such as"
                + " 1,1.25,mirror; found \"%s\"",
            text);
  }
}
