package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.AlphaMask;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenCV's goldens are smaller than a band of rows; these pictures are not. */
class ConvolutionTest {
  @ParameterizedTest(name = "{0} x {1}, kernel of {2}")
  @CsvSource({
    "5, 300, 9",
    "300, 7, 31",
    "4, 200, 33",
    "40, 30, 241",
    "2, 2, 1001",
    "1, 100, 701",
    "100, 1, 5",
    "64, 64, 1",
    "3, 64, 63",
    "3, 64, 65",
  })
  void equalsTheDefinition(int width, int height, int size) {
    byte[] noise = new byte[width * height];
    Random random = new Random(1);
    random.nextBytes(noise);
    int[] kernel = new int[size];
    kernel[size / 2] = 256;
    for (int i = 0; i < size / 2; i++) {
      int most = size < 100 ? 5 : 2; // a sum of 256 leaves a larger kernel's taps so much
      kernel[i] = Math.min(kernel[size / 2] / 2, random.nextInt(most));
      kernel[size - 1 - i] = kernel[i];
      kernel[size / 2] -= 2 * kernel[i];
    }

    assertThat(Convolution.apply(AlphaMask.copyOf(width, height, noise), kernel))
        .isEqualTo(AlphaMask.of(width, height, byDefinition(noise, width, height, kernel)));
  }

  private static byte[] byDefinition(byte[] source, int width, int height, int[] kernel) {
    int radius = kernel.length / 2;
    byte[] target = new byte[source.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int sum = 0;
        for (int v = 0; v < kernel.length; v++) {
          int row = mirror(y + v - radius, height) * width;
          for (int u = 0; u < kernel.length && kernel[v] > 0; u++) {
            sum += kernel[v] * kernel[u] * (source[row + mirror(x + u - radius, width)] & 0xff);
          }
        }
        target[y * width + x] = (byte) ((sum + 32768) >> 16);
      }
    }
    return target;
  }

  private static int mirror(int index, int side) {
    int mirrored = index;
    while (side > 1 && (mirrored < 0 || mirrored >= side)) {
      mirrored = mirrored < 0 ? -mirrored : 2 * (side - 1) - mirrored;
    }
    return side == 1 ? 0 : mirrored;
  }
}
