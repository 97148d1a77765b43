package io.github.pixelwise.imaging;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An image file and the picture Pillow finds in it; {@code src/test/python/image_golden.py} makes
 * them.
 */
record GoldenImage(String name, Picture picture, String base64) {
  private static final List<GoldenImage> ALL = load();

  /** The files whose names start so. */
  static Stream<GoldenImage> startingWith(String prefix) {
    return ALL.stream().filter(golden -> golden.name.startsWith(prefix));
  }

  static GoldenImage named(String name) {
    return ALL.stream().filter(golden -> golden.name.equals(name)).findFirst().orElseThrow();
  }

  private static List<GoldenImage> load() {
    InputStream lines =
        Objects.requireNonNull(GoldenImage.class.getResourceAsStream("image-golden.txt"));
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(lines, StandardCharsets.US_ASCII))) {
      return reader.lines().filter(line -> !line.startsWith("#")).map(GoldenImage::parse).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GoldenImage parse(String line) {
    String[] fields = line.split(" ", -1);
    int width = Integer.parseInt(fields[1]);
    int height = Integer.parseInt(fields[2]);
    byte[] samples = Base64.getDecoder().decode(fields[3]);
    return new GoldenImage(fields[0], picture(width, height, samples), fields[4]);
  }

  private static Picture picture(int width, int height, byte[] samples) {
    int pixels = width * height;
    int bands = samples.length / pixels;
    byte[] rgb = new byte[pixels * 3];
    byte[] alpha = new byte[pixels];
    for (int i = 0; i < pixels; i++) {
      System.arraycopy(samples, i * bands, rgb, i * 3, 3);
      alpha[i] = samples[i * bands + bands - 1];
    }
    return new Picture(
        RgbImage.of(width, height, rgb),
        bands == 3 ? Optional.empty() : Optional.of(AlphaMask.of(width, height, alpha)));
  }

  /** The colors of a picture that is opaque. */
  RgbImage colors() {
    if (picture.alpha().isPresent()) {
      throw new IllegalStateException(name + " is transparent");
    }
    return picture.colors();
  }

  /** The bytes of the file. */
  byte[] file() {
    return Base64.getDecoder().decode(base64);
  }

  @Override
  public String toString() {
    return name;
  }
}
