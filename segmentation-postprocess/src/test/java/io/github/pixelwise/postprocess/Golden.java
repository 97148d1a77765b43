package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The files that the scripts in {@code src/test/python} wrote. */
final class Golden {
  private Golden() {}

  /** The fields of each line that begins with one of these words. */
  static List<String[]> lines(String file, String... kinds) {
    try (InputStream in = open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", -1))
          .filter(fields -> Stream.of(kinds).anyMatch(fields[0]::equals))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the lines {@code source NAME WIDTH HEIGHT HEX} hold, by name. */
  static <T> Map<String, T> sources(String file, Factory<T> factory) {
    return images(file, "source", factory);
  }

  /** What the lines {@code KIND NAME WIDTH HEIGHT HEX} of a kind hold, by name. */
  static <T> Map<String, T> images(String file, String kind, Factory<T> factory) {
    return lines(file, kind).stream()
        .collect(
            Collectors.toMap(
                f -> f[1],
                f -> factory.of(Integer.parseInt(f[2]), Integer.parseInt(f[3]), bytes(f[4]))));
  }

  /** Makes an image. */
  @FunctionalInterface
  interface Factory<T> {
    T of(int width, int height, byte[] samples);
  }

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static RgbImage image(String name) {
    Raster raster = raster(name);
    return RgbImage.of(raster.getWidth(), raster.getHeight(), samples(raster));
  }

  static AlphaMask alpha(String name) {
    Raster raster = raster(name);
    return AlphaMask.of(raster.getWidth(), raster.getHeight(), samples(raster));
  }

  /** The largest difference of two pictures' samples. */
  static int difference(RgbImage a, RgbImage b) {
    byte[] left = a.toByteArray();
    byte[] right = b.toByteArray();
    if (a.width() != b.width() || left.length != right.length) {
      throw new IllegalArgumentException(a + " is not of the size of " + b);
    }
    int largest = 0;
    for (int i = 0; i < left.length; i++) {
      largest = Math.max(largest, Math.abs((left[i] & 0xff) - (right[i] & 0xff)));
    }
    return largest;
  }

  static int difference(RgbImage image, String name) {
    return difference(image, image(name));
  }

  static CategoryMask mask(String name) {
    Raster raster = raster(name);
    return CategoryMask.of(raster.getWidth(), raster.getHeight(), samples(raster));
  }

  private static Raster raster(String name) {
    try (InputStream in = open(png(name))) {
      return Objects.requireNonNull(ImageIO.read(in), name).getRaster();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All bands, interleaved, not converted: what the file holds. */
  private static byte[] samples(Raster raster) {
    int[] samples = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return bytes;
  }

  private static String png(String name) {
    return "compositing/" + name + ".png";
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(Golden.class.getResourceAsStream(file), file);
  }
}
