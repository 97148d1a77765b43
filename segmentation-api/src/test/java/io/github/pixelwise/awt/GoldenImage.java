package io.github.pixelwise.awt;

import io.github.pixelwise.RgbImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An image file and the picture Pillow finds in it; {@code src/test/python/image_golden.py} makes
 * them.
 */
record GoldenImage(String name, RgbImage picture, String base64) {
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
    byte[] rgb = Base64.getDecoder().decode(fields[3]);
    return new GoldenImage(fields[0], RgbImage.of(width, height, rgb), fields[4]);
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
