package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MorphologyTest {
  /** An operation of Morphology. */
  @FunctionalInterface
  interface Operation {
    AlphaMask apply(AlphaMask alpha, int radius);
  }

  private static final Map<String, Operation> OPERATIONS =
      Map.of(
          "erode", Morphology::erode,
          "dilate", Morphology::dilate,
          "open", Morphology::open,
          "close", Morphology::close);

  static List<Arguments.ArgumentSet> openCv() {
    Map<String, AlphaMask> sources = Golden.sources("morphology-golden.txt", AlphaMask::of);
    return Golden.lines("morphology-golden.txt", OPERATIONS.keySet().toArray(String[]::new))
        .stream()
        .map(
            f ->
                Arguments.argumentSet(
                    String.join(" ", f[0], f[1], f[2]),
                    OPERATIONS.get(f[0]),
                    sources.get(f[1]),
                    Integer.parseInt(f[2]),
                    Golden.bytes(f[3])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("openCv")
  void equalsOpenCv(Operation operation, AlphaMask source, int radius, byte[] expected) {
    assertThat(operation.apply(source, radius))
        .isEqualTo(AlphaMask.of(source.width(), source.height(), expected));
  }

  @Test
  void hasAllOfOpenCvsCases() {
    assertThat(openCv()).hasSize(8 * 6 * 4);
  }

  /** Large enough for several bands, which the golden images are not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 20})
  void looksAtTheDiscAboutEachPixel(int radius) {
    int width = 45;
    int height = 211;
    byte[] samples = new byte[width * height];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * i * 31 % 251);
    }
    AlphaMask mask = AlphaMask.copyOf(width, height, samples);

    assertThat(Morphology.dilate(mask, radius)).isEqualTo(inDisc(mask, radius, Math::max));
    assertThat(Morphology.erode(mask, radius)).isEqualTo(inDisc(mask, radius, Math::min));
  }

  private static AlphaMask inDisc(AlphaMask mask, int radius, BinaryOperator<Integer> choice) {
    byte[] chosen = new byte[mask.width() * mask.height()];
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        int best = mask.alpha(x, y);
        for (int v = Math.max(0, y - radius); v < Math.min(mask.height(), y + radius + 1); v++) {
          for (int u = Math.max(0, x - radius); u < Math.min(mask.width(), x + radius + 1); u++) {
            if ((u - x) * (u - x) + (v - y) * (v - y) <= radius * radius) {
              best = choice.apply(best, mask.alpha(u, v));
            }
          }
        }
        chosen[y * mask.width() + x] = (byte) best;
      }
    }
    return AlphaMask.of(mask.width(), mask.height(), chosen);
  }

  @Test
  void spreadsOverThePictureIfTheRadiusIsLarge() {
    byte[] samples = new byte[30 * 20];
    Arrays.fill(samples, (byte) 40);
    samples[0] = (byte) 200;
    samples[599] = 3;
    AlphaMask mask = AlphaMask.copyOf(30, 20, samples);
    byte[] most = new byte[600];
    Arrays.fill(most, (byte) 200);
    byte[] least = new byte[600];
    Arrays.fill(least, (byte) 3);

    for (int radius : new int[] {36, 1000, Integer.MAX_VALUE}) {
      assertThat(Morphology.dilate(mask, radius)).isEqualTo(AlphaMask.of(30, 20, most));
      assertThat(Morphology.erode(mask, radius)).isEqualTo(AlphaMask.of(30, 20, least));
    }
  }

  @Test
  void refusesARadiusBelowZero() {
    AlphaMask mask = AlphaMask.of(1, 1, new byte[1]);

    assertThat(OPERATIONS.values())
        .allSatisfy(
            operation ->
                assertThatIllegalArgumentException()
                    .isThrownBy(() -> operation.apply(mask, -1))
                    .withMessage("the radius must be at least 0, found -1"));
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    assertThat(OPERATIONS.values())
        .allSatisfy(
            operation ->
                assertThatNullPointerException()
                    .isThrownBy(() -> operation.apply(null, 1))
                    .withMessage("alpha"));
  }
}
