package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.AlphaMask;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    requireDefinition(noise, width, height, kernel(size, random));
  }

  @ParameterizedTest(name = "kernel of {0}")
  @ValueSource(ints = {1, 7, 31, 129, 301})
  void equalsTheDefinitionWhereMostIsFlat(int size) {
    int width = 700;
    int height = 60;
    byte[] regions = new byte[width * height];
    Random random = new Random(2);
    for (int region = 0; region < 8; region++) {
      int left = random.nextInt(width);
      int right = left + random.nextInt(width - left) + 1;
      byte level = (byte) random.nextInt(256);
      for (int y = random.nextInt(height); y < height && random.nextInt(20) > 0; y++) {
        Arrays.fill(regions, y * width + left, y * width + right, level);
      }
    }
    // On either side of where blocks of any power of two might meet, and at the picture's corners.
    for (int dot : new int[] {0, 127, 256, 383, 512, width - 1, (height - 1) * width + 640}) {
      regions[dot] ^= 1;
    }

    requireDefinition(regions, width, height, kernel(size, random));
  }

  private static int[] kernel(int size, Random random) {
    int[] kernel = new int[size];
    kernel[size / 2] = 256;
    for (int i = 0; i < size / 2; i++) {
      int most = size < 100 ? 5 : 2; // a sum of 256 leaves a larger kernel's taps so much
      kernel[i] = Math.min(kernel[size / 2] / 2, random.nextInt(most));
      kernel[size - 1 - i] = kernel[i];
      kernel[size / 2] -= 2 * kernel[i];
    }
    return kernel;
  }

  private static void requireDefinition(byte[] source, int width, int height, int[] kernel) {
    assertThat(Convolution.apply(AlphaMask.copyOf(width, height, source), kernel))
        .isEqualTo(AlphaMask.of(width, height, byDefinition(source, width, height, kernel)));
  }

  private static byte[] byDefinition(byte[] source, int width, int height, int[] kernel) {
    int radius = kernel.length / 2;
    int[] rows = new int[source.length];
    int[] sums = new int[source.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int u = 0; u < kernel.length; u++) {
          int from = y * width + mirror(x + u - radius, width);
          rows[y * width + x] += kernel[u] * (source[from] & 0xff);
        }
      }
    }
    for (int y = 0; y < height; y++) {
      for (int v = 0; v < kernel.length; v++) {
        int from = mirror(y + v - radius, height) * width;
        for (int x = 0; x < width; x++) {
          sums[y * width + x] += kernel[v] * rows[from + x];
        }
      }
    }
    byte[] target = new byte[source.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = (byte) ((sums[i] + 32768) >> 16);
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
