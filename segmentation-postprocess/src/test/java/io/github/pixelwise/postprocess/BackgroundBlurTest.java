package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackgroundBlurTest {
  private static final RgbImage PHOTO = Golden.image("strands-photo");
  private static final AlphaMask ALPHA = Golden.alpha("strands-alpha");

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 20})
  void equalsTheWeightedMeanOfOpenCv(int sigma) {
    RgbImage blurred = Compositing.blurBackground(PHOTO, ALPHA, sigma);

    assertThat(Golden.difference(blurred, "strands-blurred-" + sigma)).isLessThanOrEqualTo(1);
  }

  /** A bright disc on black, its edge as soft as a pixel, or hard. */
  @ParameterizedTest(name = "edge of {0}, sigma {1}")
  @CsvSource({"0, 3", "1, 3", "6, 3", "0, 25", "1, 25", "6, 25", "0, 682", "6, 682"})
  void theForegroundDoesNotBleedIntoTheBackground(double edge, double sigma) {
    AlphaMask alpha = disc(edge);
    RgbImage photo = Compositing.over(Strands.plain(0xffeedd), alpha, Strands.plain(0x000000));

    RgbImage blurred = Compositing.blurBackground(photo, alpha, sigma);

    for (int y = 0; y < Strands.HEIGHT; y++) {
      for (int x = 0; x < Strands.WIDTH; x++) {
        if (alpha.alpha(x, y) == 0) {
          assertThat(blurred.rgb(x, y)).as("pixel %d, %d", x, y).isZero();
        }
      }
    }
  }

  private static AlphaMask disc(double edge) {
    byte[] alpha = new byte[Strands.WIDTH * Strands.HEIGHT];
    for (int i = 0; i < alpha.length; i++) {
      double inside = 70 - Math.hypot(i % Strands.WIDTH - 150, i / Strands.WIDTH - 110);
      double opacity = edge == 0 ? (inside > 0 ? 1 : 0) : Math.max(0, Math.min(1, inside / edge));
      alpha[i] = (byte) Math.rint(255 * opacity);
    }
    return AlphaMask.of(Strands.WIDTH, Strands.HEIGHT, alpha);
  }

  @Test
  void keepsTheForegroundSharp() {
    RgbImage blurred = Compositing.blurBackground(PHOTO, ALPHA, 5);

    for (int y = 0; y < PHOTO.height(); y++) {
      for (int x = 0; x < PHOTO.width(); x++) {
        if (ALPHA.alpha(x, y) == 255) {
          assertThat(blurred.rgb(x, y)).isEqualTo(PHOTO.rgb(x, y));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.7, 7.9, 8, 33, 682})
  void leavesAnEvenBackgroundAlone(double sigma) {
    RgbImage even = Strands.plain(0xff8001);
    AlphaMask alpha = disc(0);

    assertThat(Compositing.blurBackground(even, alpha, sigma)).isEqualTo(even);
  }

  @Test
  void leavesAPictureAloneThatIsAllForeground() {
    byte[] full = new byte[150 * 110];
    Arrays.fill(full, (byte) 255);

    assertThat(Compositing.blurBackground(PHOTO, AlphaMask.of(150, 110, full), 9)).isEqualTo(PHOTO);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 300", "300, 1", "7, 5"})
  void worksOnAnySize(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) 90);
    RgbImage image = RgbImage.of(width, height, rgb);

    for (double sigma : new double[] {1, 8, 40, 682}) {
      AlphaMask nothing = AlphaMask.of(width, height, new byte[width * height]);
      assertThat(Compositing.blurBackground(image, nothing, sigma)).isEqualTo(image);
    }
  }

  @Test
  void givesTheSameWithAnyNumberOfThreads() throws InterruptedException, ExecutionException {
    Strands strands = new Strands();
    RgbImage photo = strands.over(Strands.wall());
    ForkJoinPool one = new ForkJoinPool(1);
    ForkJoinPool eight = new ForkJoinPool(8);
    try {
      for (double sigma : new double[] {1.5, 20}) {
        RgbImage expected =
            one.submit(() -> Compositing.blurBackground(photo, strands.alpha, sigma)).get();

        assertThat(
                eight.submit(() -> Compositing.blurBackground(photo, strands.alpha, sigma)).get())
            .isEqualTo(expected);
      }
    } finally {
      one.shutdown();
      eight.shutdown();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0, 682.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesASigmaOutOfRange(double sigma) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.blurBackground(PHOTO, ALPHA, sigma))
        .withMessage("sigma must be above 0 and at most 682, found " + sigma);
  }

  @Test
  void refusesAnAlphaMaskOfAnotherSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.blurBackground(PHOTO, AlphaMask.of(2, 1, new byte[2]), 3))
        .withMessage("the alpha mask must have the image's size, 150 x 110, found 2 x 1");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.blurBackground(null, ALPHA, 3))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.blurBackground(PHOTO, null, 3))
        .withMessage("alpha");
  }
}
