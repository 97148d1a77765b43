package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;

/**
 * A file and the picture that was put into it, on white; {@code src/test/python/stream_golden.py}
 * makes them.
 *
 * @param name what it is called
 * @param pixels the picture; empty for lossy files
 * @param base64 the file, deflated
 */
record GoldenStream(String name, Optional<RgbImage> pixels, String base64) {
  private static final List<GoldenStream> ALL = load();

  static Stream<GoldenStream> all() {
    return ALL.stream();
  }

  static GoldenStream named(String name) {
    return all().filter(golden -> golden.name.equals(name)).findFirst().orElseThrow();
  }

  private static List<GoldenStream> load() {
    List<GoldenStream> all = new ArrayList<>();
    String pixels = "";
    for (String line : lines("stream-golden.txt")) {
      String[] fields = line.split(" ", -1);
      pixels = fields[3].equals("=") ? pixels : fields[3];
      Optional<RgbImage> picture = Optional.empty();
      if (!pixels.equals("-")) {
        int width = Integer.parseInt(fields[1]);
        picture = Optional.of(RgbImage.of(width, Integer.parseInt(fields[2]), inflate(pixels)));
      }
      all.add(new GoldenStream(fields[0], picture, fields[4]));
    }
    return all;
  }

  /** The lines of a resource that are no comments. */
  static List<String> lines(String resource) {
    try (InputStream in =
        Objects.requireNonNull(GoldenStream.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] inflate(String base64) {
    byte[] deflated = Base64.getDecoder().decode(base64);
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] file() {
    return inflate(base64);
  }

  @Override
  public String toString() {
    return name;
  }
}
