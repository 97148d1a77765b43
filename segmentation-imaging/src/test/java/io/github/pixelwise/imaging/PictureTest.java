package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A transparent picture is looked at on white. */
class PictureTest {
  @Test
  void everyColourIsMixedWithWhiteByEveryAlpha() {
    byte[] rgb = new byte[256 * 256 * 3];
    byte[] alpha = new byte[256 * 256];
    for (int i = 0; i < alpha.length; i++) {
      rgb[i * 3 + 1] = (byte) i;
      alpha[i] = (byte) (i >> 8);
    }
    Picture picture =
        new Picture(RgbImage.of(256, 256, rgb), Optional.of(AlphaMask.of(256, 256, alpha)));
    RgbImage white = picture.onWhite();
    for (int a = 0; a < 256; a++) {
      for (int level = 0; level < 256; level++) {
        int green = (int) Math.round((a * level + (255 - a) * 255) / 255.0);
        int others = 255 - a;
        assertThat(white.rgb(level, a)).isEqualTo(others << 16 | green << 8 | others);
      }
    }
  }

  @Test
  void anOpaquePictureIsNotCopied() {
    RgbImage colors = TestFiles.noise(3, 2);
    assertThat(new Picture(colors, Optional.empty()).onWhite()).isSameAs(colors);
  }

  @Test
  void alphaOfAnotherSizeIsRejected() {
    Optional<AlphaMask> alpha = Optional.of(AlphaMask.of(2, 3, new byte[6]));
    assertThatThrownBy(() -> new Picture(TestFiles.noise(3, 2), alpha))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must have the size of the colors, 3 x 2, found 2 x 3");
  }
}
