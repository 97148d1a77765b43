package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.stream.PictureStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of every kind are read row by row as they are as a whole, or refused with advice. */
class ReadingByRowsTest {
  @TempDir Path folder;

  private static Stream<GoldenImage> golden(boolean upright) {
    return Stream.of("png", "tiff", "jpeg")
        .flatMap(GoldenImage::startingWith)
        .filter(golden -> isStoredUpright(golden) == upright)
        .filter(golden -> !golden.name().equals("jpeg-cmyk")); // older JDKs read none
  }

  private static boolean isStoredUpright(GoldenImage golden) {
    try {
      return Images.isStoredUpright(golden.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<GoldenImage> upright() {
    return golden(true)
        .filter(golden -> !golden.name().contains("interlaced"))
        .filter(golden -> !golden.name().contains("progressive"));
  }

  static Stream<GoldenImage> turned() {
    return golden(false);
  }

  @ParameterizedTest
  @MethodSource("upright")
  void rowsAreThoseOfTheWholePicture(GoldenImage golden) throws IOException {
    Path file = Files.write(folder.resolve("picture"), golden.file());
    RgbImage whole = Images.read(file);
    try (PictureStream picture = PictureStream.open(file)) {
      byte[] rgb = new byte[3 * picture.width() * picture.height()];
      picture.read(rgb, 0, picture.height());
      assertThat(RgbImage.of(picture.width(), picture.height(), rgb)).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("turned")
  void picturesThatMustBeTurnedAreRefusedWithAdvice(GoldenImage golden) throws IOException {
    Path file = Files.write(folder.resolve("picture"), golden.file());
    assertThatThrownBy(() -> PictureStream.open(file))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessageStartingWith("cannot read %s row by row: ", file)
        .hasMessageEndingWith(
            "Turn it upright first, for example with ImageMagick's -auto-orient.");
    assertThat(PictureStream.readSize(file)).isEqualTo(Images.readSize(file));
  }
}
