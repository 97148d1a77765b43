package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.resample.GrayResampler;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.model.Interpolation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefinementTest {
  private static final Strands STRANDS = new Strands();

  /** What a network with a grid of that many nodes finds at best. */
  private static AlphaMask found(AlphaMask truth, int nodes) {
    AlphaMask grid = resized(truth, nodes, nodes);
    return resized(grid, truth.width(), truth.height());
  }

  private static AlphaMask resized(AlphaMask alpha, int width, int height) {
    return GrayResampler.resize(alpha, width, height, Interpolation.BILINEAR, Parallelism.common());
  }

  private static double error(AlphaMask truth, AlphaMask alpha) {
    byte[] expected = truth.toByteArray();
    byte[] actual = alpha.toByteArray();
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs((expected[i] & 0xff) - (actual[i] & 0xff));
    }
    return sum / expected.length;
  }

  private static AlphaMask filled(int width, int height, int value) {
    byte[] alpha = new byte[width * height];
    Arrays.fill(alpha, (byte) value);
    return AlphaMask.of(width, height, alpha);
  }

  /** See {@code src/test/python/refine_golden.py}, which does not stop after 60 steps. */
  @Test
  void equalsClosedFormMattingInNumpy() {
    RgbImage photo = Golden.image("strands-photo");
    AlphaMask expected = Golden.alpha("strands-refined");

    AlphaMask refined = Alpha.refine(photo, Golden.alpha("strands-found"));

    byte[] actual = refined.toByteArray();
    byte[] exact = expected.toByteArray();
    for (int i = 0; i < exact.length; i++) {
      assertThat(actual[i] & 0xff).isCloseTo(exact[i] & 0xff, within(16));
    }
    assertThat(error(expected, refined)).isLessThan(2);
  }

  @Test
  void findsHairsThatTheGridIsTooCoarseFor() {
    RgbImage photo = STRANDS.over(Strands.wall());
    AlphaMask found = found(STRANDS.alpha, 40);

    AlphaMask refined = Alpha.refine(photo, found);

    assertThat(error(STRANDS.alpha, refined)).isLessThan(0.75 * error(STRANDS.alpha, found));
  }

  @Test
  void largePicturesAreWorkedOnAtASmallerSizeAndFollowedAtTheirOwn() {
    RgbImage photo =
        Resampler.resize(STRANDS.over(Strands.wall()), 2400, 1800, Interpolation.BILINEAR);
    AlphaMask truth = resized(STRANDS.alpha, 2400, 1800);
    AlphaMask found = found(truth, 40);

    AlphaMask refined = Alpha.refine(photo, found);

    assertThat(error(truth, refined)).isLessThan(0.9 * error(truth, found));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 255})
  void leavesWhatIsCertain(int value) {
    AlphaMask certain = filled(Strands.WIDTH, Strands.HEIGHT, value);

    assertThat(Alpha.refine(Strands.wall(), certain)).isEqualTo(certain);
  }

  @Test
  void whatColorsCannotTellApartStaysNearWhatWasFound() {
    AlphaMask found = found(STRANDS.alpha, 40);

    AlphaMask refined = Alpha.refine(Strands.plain(0x808080), found);

    assertThat(error(found, refined)).isLessThan(10);
  }

  @Test
  void givesTheSameResultEveryTime() {
    RgbImage photo = STRANDS.over(Strands.wall());
    AlphaMask found = found(STRANDS.alpha, 40);

    assertThat(Alpha.refine(photo, found)).isEqualTo(Alpha.refine(photo, found));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 40", "40, 1", "2, 2", "3, 3", "1500, 2"})
  void takesPicturesOfAnySize(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37);
    }

    AlphaMask refined = Alpha.refine(RgbImage.of(width, height, rgb), filled(width, height, 128));

    assertThat(refined.alpha(0, 0)).isBetween(1, 254);
  }

  @Test
  void pictureAndMaskMustBeOfOneSize() {
    AlphaMask alpha = filled(3, 2, 7);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.refine(RgbImage.of(2, 3, new byte[18]), alpha))
        .withMessage("the alpha mask must have the image's size, 2 x 3, found 3 x 2");
  }
}
