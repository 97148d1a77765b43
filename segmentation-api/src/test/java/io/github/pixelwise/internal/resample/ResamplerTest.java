package io.github.pixelwise.internal.resample;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Noise;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.Interpolation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what Pillow and OpenCV made, see {@code src/test/python/resize_golden.py}. */
class ResamplerTest {
  static List<String> cases() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ResamplerTest.class.getResourceAsStream("/io/github/pixelwise/resize-golden.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsPillowToTheBitAndOpenCvWithinOne(String line) throws NoSuchAlgorithmException {
    String[] fields = line.split(" ", -1);
    int sourceWidth = Integer.parseInt(fields[2]);
    int sourceHeight = Integer.parseInt(fields[3]);
    int width = Integer.parseInt(fields[4]);
    int height = Integer.parseInt(fields[5]);
    int seed = Integer.parseInt(fields[6]);
    Interpolation interpolation =
        Interpolation.valueOf(fields[1].toUpperCase(Locale.ROOT).replace('-', '_'));

    byte[] bytes =
        switch (fields[0]) {
          case "noise" ->
              Resampler.resize(
                      Noise.of(sourceWidth, sourceHeight, seed), width, height, interpolation)
                  .toByteArray();
          case "gray" ->
              GrayResampler.resize(
                      AlphaMask.of(
                          sourceWidth, sourceHeight, Noise.bytes(sourceWidth * sourceHeight, seed)),
                      width,
                      height,
                      interpolation,
                      Parallelism.common())
                  .toByteArray();
          default ->
              Resampler.resize(gradient(sourceWidth, sourceHeight), width, height, interpolation)
                  .toByteArray();
        };

    String[] expected = fields[7].split(":", -1);
    if (fields[1].equals("opencv-linear")) {
      requireWithinOne(bytes, HexFormat.of().parseHex(expected[1]));
      return;
    }
    byte[] compared =
        expected[0].equals("hex") ? bytes : MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(compared)).isEqualTo(expected[1]);
  }

  private static void requireWithinOne(byte[] actual, byte[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    int most =
        IntStream.range(0, actual.length)
            .map(i -> Math.abs((actual[i] & 0xff) - (expected[i] & 0xff)))
            .max()
            .orElseThrow();
    assertThat(most).isLessThanOrEqualTo(1);
  }

  @Test
  void thereAreGoldenCases() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(500);
  }

  @Test
  void anImageOfThatSizeIsReturnedAsItIs() {
    RgbImage image = Noise.of(5, 4, 1);

    assertThat(Resampler.resize(image, 5, 4, Interpolation.BILINEAR)).isSameAs(image);
  }

  private static RgbImage gradient(int width, int height) {
    byte[] bytes = new byte[width * height * 3];
    for (int i = 0; i < bytes.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      bytes[i] = (byte) (x * 7 + y * 13 + i % 3 * 50);
    }
    return RgbImage.of(width, height, bytes);
  }
}
