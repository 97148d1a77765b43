package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.AlphaMask;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianBlurTest {
  static List<Arguments.ArgumentSet> openCv() {
    Map<String, AlphaMask> sources =
        Golden.lines("blur-golden.txt", "source").stream()
            .collect(
                Collectors.toMap(
                    f -> f[1],
                    f ->
                        AlphaMask.of(
                            Integer.parseInt(f[2]), Integer.parseInt(f[3]), Golden.bytes(f[4]))));
    Function<String[], GaussianBlur> blur =
        f ->
            f[0].equals("size")
                ? GaussianBlur.ofKernelSize(Integer.parseInt(f[2]))
                : GaussianBlur.ofSigma(Double.parseDouble(f[2]));
    return Golden.lines("blur-golden.txt", "size", "sigma").stream()
        .map(
            f ->
                Arguments.argumentSet(
                    String.join(" ", f[0], f[2], f[1]),
                    blur.apply(f),
                    sources.get(f[1]),
                    Golden.bytes(f[3])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("openCv")
  void equalsOpenCv(GaussianBlur blur, AlphaMask source, byte[] expected) {
    assertThat(Alpha.feather(source, blur))
        .isEqualTo(AlphaMask.of(source.width(), source.height(), expected));
  }

  @Test
  void hasAllOfOpenCvsCases() {
    assertThat(openCv()).hasSize(91);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 15, 101, 1001, 4095})
  void leavesEvenMasksAlone(int size) {
    byte[] full = new byte[50 * 40];
    Arrays.fill(full, (byte) 255);
    AlphaMask mask = AlphaMask.of(50, 40, full);

    assertThat(Alpha.feather(mask, GaussianBlur.ofKernelSize(size))).isEqualTo(mask);
  }

  @Test
  void leavesAnyMaskAloneIfTheKernelIsAPixel() {
    AlphaMask mask = AlphaMask.of(3, 2, new byte[] {1, 2, 3, 4, 5, (byte) 255});

    assertThat(Alpha.feather(mask, GaussianBlur.ofKernelSize(1))).isEqualTo(mask);
    assertThat(Alpha.feather(mask, GaussianBlur.ofSigma(1e-9))).isEqualTo(mask);
  }

  @Test
  void takesAKernelOfSixSigmaAndOne() {
    assertThat(GaussianBlur.ofSigma(0.05).kernelSize()).isEqualTo(1);
    assertThat(GaussianBlur.ofSigma(0.5).kernelSize()).isEqualTo(5);
    assertThat(GaussianBlur.ofSigma(1).kernelSize()).isEqualTo(7);
    assertThat(GaussianBlur.ofSigma(682).kernelSize()).isEqualTo(4093);
    assertThat(GaussianBlur.ofKernelSize(15).kernelSize()).isEqualTo(15);
  }

  @Test
  void isComparedByContent() {
    assertThat(GaussianBlur.ofKernelSize(11))
        .isEqualTo(GaussianBlur.ofKernelSize(11))
        .hasSameHashCodeAs(GaussianBlur.ofKernelSize(11))
        .isNotEqualTo(GaussianBlur.ofKernelSize(13))
        .isNotEqualTo(GaussianBlur.ofSigma(1.7))
        .hasToString("GaussianBlur[11 x 11]");
  }

  @ParameterizedTest
  @ValueSource(ints = {-7, -1, 0, 2, 8, 4096, 4097, Integer.MAX_VALUE})
  void refusesAKernelSizeThatIsEvenOrOutOfRange(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GaussianBlur.ofKernelSize(size))
        .withMessage("the kernel size must be odd and lie in 1..4095, found " + size);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0, 682.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesASigmaOutOfRange(double sigma) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GaussianBlur.ofSigma(sigma))
        .withMessage("sigma must be above 0 and at most 682, found " + sigma);
  }
}
