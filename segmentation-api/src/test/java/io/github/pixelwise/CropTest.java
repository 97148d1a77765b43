package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of pictures. */
class CropTest {
  /** A picture of 4 x 3 pixels whose samples tell where they are; transparent at the given ones. */
  private static RgbaImage picture(int... opaque) {
    byte[] rgba = new byte[4 * 3 * 4];
    for (int i = 0; i < rgba.length; i++) {
      rgba[i] = i % 4 == 3 ? 0 : (byte) i;
    }
    for (int pixel : opaque) {
      rgba[4 * pixel + 3] = 1;
    }
    return RgbaImage.of(4, 3, rgba);
  }

  @Test
  void aCropHasThePixelsOfItsBox() {
    RgbaImage picture = picture(6);

    RgbaImage crop = picture.crop(1, 1, 3, 2);

    assertThat(crop.width()).isEqualTo(3);
    assertThat(crop.height()).isEqualTo(2);
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        assertThat(crop.argb(x, y)).isEqualTo(picture.argb(x + 1, y + 1));
      }
    }
  }

  @Test
  void anOpaquePictureIsCroppedAlike() {
    RgbImage picture = RgbImage.of(2, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

    assertThat(picture.crop(1, 0, 1, 2))
        .isEqualTo(RgbImage.of(1, 2, new byte[] {4, 5, 6, 10, 11, 12}));
    assertThat(picture.crop(0, 0, 2, 2)).isEqualTo(picture);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 1, 1",
    "0, -1, 1, 1",
    "0, 0, 0, 1",
    "0, 0, 1, 0",
    "2, 0, 3, 1",
    "0, 2, 1, 2",
    "5, 0, 1, 1",
    "1, 0, 2147483647, 1"
  })
  void aCropLiesInThePicture(int x, int y, int width, int height) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> picture().crop(x, y, width, height))
        .withMessage(
            "a crop must have pixels and lie within the picture's 4 x 3, found %d x %d at %d, %d",
            width, height, x, y);
  }

  @Test
  void trimmingKeepsTheBoxOfWhatIsNotTransparent() {
    RgbaImage picture = picture(2, 5, 6);

    assertThat(picture.trim()).isEqualTo(picture.crop(1, 0, 2, 2));
  }

  @Test
  void thereIsNothingToTrimWhereAllOrNothingIsTransparent() {
    RgbaImage empty = picture();
    RgbaImage full = picture(0, 11);

    assertThat(empty.trim()).isSameAs(empty);
    assertThat(full.trim()).isSameAs(full);
  }
}
