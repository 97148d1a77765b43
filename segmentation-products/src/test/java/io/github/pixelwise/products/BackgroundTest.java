package io.github.pixelwise.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackgroundTest {
  @ParameterizedTest
  @ValueSource(strings = {"#000000", "#fFA0b1", "blur:1", "blur:500"})
  void colorsAndBlursAreRead(String text) {
    assertThat(Background.parse(text)).isPresent();
  }

  @Test
  void constantsHaveAName() {
    assertThat(Background.parse("transparent")).containsSame(Background.TRANSPARENT);
    assertThat(Background.parse("blur")).containsSame(Background.BLURRED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"beach.jpg", "", "-", "Transparent", "blurred.png"})
  void anythingElseIsLeftToTheCaller(String text) {
    assertThat(Background.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"#fff", "#12345g", "#1234567"})
  void aColorHasSixDigits(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Background.parse(text))
        .withMessage("expected a color as #rrggbb, for example #ffffff, found \"%s\"", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blur:", "blur:0", "blur:501", "blur:1.5", "blur:-1", "blur:01"})
  void aBlurHasAWidthInPixels(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Background.parse(text))
        .withMessage("expected blur, or blur:PX with 1 to 500 pixels, found \"%s\"", text);
  }

  @ParameterizedTest
  @CsvSource({"-1, ffffffff", "16777216, 1000000"})
  void aColorLiesInItsRange(int rgb, String hex) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Background.ofColor(rgb))
        .withMessage("the background's color must lie in 0..0xffffff, found 0x" + hex);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 501})
  void aBlurLiesInItsRange(int pixels) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Background.ofBlur(pixels))
        .withMessage("the background's blur must be 1 to 500 pixels, found " + pixels);
  }
}
