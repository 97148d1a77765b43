package io.github.pixelwise.training.augment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what Pillow made, see {@code src/test/python/augment_golden.py}. */
class PillowTest {
  private static List<String> lines() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                PillowTest.class.getResourceAsStream("augment-golden.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  static List<String> changes() throws IOException {
    return lines().stream().filter(line -> !line.startsWith("scene")).toList();
  }

  static List<String> scenes() throws IOException {
    return lines().stream().filter(line -> line.startsWith("scene")).toList();
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesColorsAsPillowDoes(String line) throws NoSuchAlgorithmException {
    String[] fields = line.split(" ", -1);
    double number = Double.parseDouble(fields[1]);
    int width = Integer.parseInt(fields[3]);
    int height = Integer.parseInt(fields[4]);
    RgbImage image =
        fields[2].equals("cube")
            ? Pictures.cube()
            : Pictures.noise(width, height, Integer.parseInt(fields[5]));
    byte[] rgb = image.toByteArray();

    switch (fields[0]) {
      case "brightness" -> ColorChanges.brightness(rgb, number);
      case "contrast" -> ColorChanges.contrast(rgb, number);
      case "saturation" -> ColorChanges.saturation(rgb, number);
      case "hue" -> ColorChanges.hue(rgb, number);
      case "gray" -> ColorChanges.gray(rgb);
      default -> BoxBlurs.blur(rgb, width, height, number);
    }

    assertThat(sha256(rgb)).isEqualTo(fields[6]);
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void resizesTurnsAndCropsAsPillowDoes(String line) throws NoSuchAlgorithmException {
    String[] fields = line.split(" ", -1);
    int[] numbers =
        IntStream.of(1, 2, 4, 5, 6, 7, 9, 10, 11).map(i -> Integer.parseInt(fields[i])).toArray();
    Scene scene =
        new Scene(
            Pictures.noise(numbers[6], numbers[7], numbers[8]),
            Pictures.mask(numbers[6], numbers[7], 5),
            numbers[0],
            numbers[1],
            Double.parseDouble(fields[3]));
    Window part = new Window(numbers[2], numbers[3], numbers[4], numbers[5]);

    int[] categories = scene.categories(part);
    byte[] samples = scene.samples(part, 0x0a141e);

    byte[] halves = new byte[categories.length * 2];
    for (int i = 0; i < categories.length; i++) {
      int category = categories[i] == Turn.OUTSIDE ? 65535 : categories[i];
      halves[2 * i] = (byte) (category >> 8);
      halves[2 * i + 1] = (byte) category;
    }
    assertThat(Arrays.asList(sha256(samples), sha256(halves)))
        .containsExactly(fields[12], fields[13]);
  }
}
