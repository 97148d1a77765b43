package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForegroundTest {
  private static final RgbImage PHOTO = Golden.image("strands-photo");
  private static final AlphaMask ALPHA = Golden.alpha("strands-alpha");

  /** numpy computes the whole picture at every level, this library the tiles that matter. */
  @Test
  void equalsNumpy() {
    assertThat(Golden.difference(Foreground.estimate(PHOTO, ALPHA), "strands-foreground"))
        .isLessThanOrEqualTo(1);
    assertThat(Golden.difference(Layers.estimate(PHOTO, ALPHA).background(), "strands-background"))
        .isLessThanOrEqualTo(1);
  }

  static List<Arguments.ArgumentSet> small() {
    return Golden.lines("foreground-golden.txt", "layers").stream()
        .map(
            f -> {
              int width = Integer.parseInt(f[2]);
              int height = Integer.parseInt(f[3]);
              return Arguments.argumentSet(
                  f[1],
                  RgbImage.of(width, height, Golden.bytes(f[4])),
                  AlphaMask.of(width, height, Golden.bytes(f[5])),
                  RgbImage.of(width, height, Golden.bytes(f[6])),
                  RgbImage.of(width, height, Golden.bytes(f[7])));
            })
        .toList();
  }

  @ParameterizedTest
  @MethodSource("small")
  void equalsNumpyOnSmallPictures(
      RgbImage image, AlphaMask alpha, RgbImage foreground, RgbImage background) {
    Layers layers = Layers.estimate(image, alpha);

    assertThat(Golden.difference(layers.foreground(), foreground)).isLessThanOrEqualTo(1);
    assertThat(Golden.difference(layers.background(), background)).isLessThanOrEqualTo(1);
  }

  @Test
  void hasAllOfNumpysSmallPictures() {
    assertThat(small()).hasSize(5);
  }

  static Stream<Arguments> backgrounds() {
    return Stream.of(
        Arguments.argumentSet("white", Strands.plain(0xffffff)),
        Arguments.argumentSet("sky", Strands.plain(0x8cb9e6)),
        Arguments.argumentSet("wall", Strands.wall()));
  }

  @ParameterizedTest
  @MethodSource("backgrounds")
  void halvesTheErrorOfACutOutBeforeAnotherBackground(RgbImage background) {
    Strands strands = new Strands();
    RgbImage photo = strands.over(background);
    RgbImage estimated = Foreground.estimate(photo, strands.alpha);

    for (int behind : new int[] {0x000000, 0xffffff}) {
      RgbImage truth = strands.over(Strands.plain(behind));
      double with = error(Compositing.over(estimated, strands.alpha, behind), truth);
      double without = error(Compositing.over(photo, strands.alpha, behind), truth);
      assertThat(with).isLessThanOrEqualTo(without / 2);
    }
  }

  /** The mean absolute error of all samples. */
  private static double error(RgbImage actual, RgbImage expected) {
    byte[] a = actual.toByteArray();
    byte[] b = expected.toByteArray();
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length;
  }

  @Test
  void leavesPixelsAloneThatAreNotMixed() {
    RgbImage estimated = Foreground.estimate(PHOTO, ALPHA);

    for (int y = 0; y < PHOTO.height(); y++) {
      for (int x = 0; x < PHOTO.width(); x++) {
        if (ALPHA.alpha(x, y) % 255 == 0) {
          assertThat(estimated.rgb(x, y)).isEqualTo(PHOTO.rgb(x, y));
        }
      }
    }
  }

  @Test
  void returnsThePictureIfNoneIsMixed() {
    byte[] hard = new byte[PHOTO.width() * PHOTO.height()];
    Arrays.fill(hard, 100, 9000, (byte) 255);

    assertThat(Foreground.estimate(PHOTO, AlphaMask.of(PHOTO.width(), PHOTO.height(), hard)))
        .isSameAs(PHOTO);
  }

  @Test
  void givesTheSameWithAnyNumberOfThreads() throws InterruptedException, ExecutionException {
    byte[] colors = new byte[300 * 200 * 3];
    byte[] alphas = new byte[300 * 200];
    Random random = new Random(3);
    random.nextBytes(colors);
    random.nextBytes(alphas);
    RgbImage image = RgbImage.of(300, 200, colors);
    AlphaMask alpha = AlphaMask.of(300, 200, alphas);
    ForkJoinPool one = new ForkJoinPool(1);
    ForkJoinPool eight = new ForkJoinPool(8);
    try {
      RgbImage expected = one.submit(() -> Foreground.estimate(image, alpha)).get();

      assertThat(eight.submit(() -> Foreground.estimate(image, alpha)).get()).isEqualTo(expected);
    } finally {
      one.shutdown();
      eight.shutdown();
    }
  }

  @Test
  void refusesAnAlphaMaskOfAnotherSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Foreground.estimate(PHOTO, AlphaMask.of(2, 1, new byte[2])))
        .withMessage("the alpha mask must have the image's size, 150 x 110, found 2 x 1");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Foreground.estimate(null, ALPHA))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Foreground.estimate(PHOTO, null))
        .withMessage("alpha");
  }
}
