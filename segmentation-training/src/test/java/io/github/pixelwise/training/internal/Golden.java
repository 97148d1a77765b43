package io.github.pixelwise.training.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** Lists of numbers that {@code src/test/python/training_golden.py} wrote. */
public final class Golden {
  private final Properties lists = new Properties();

  /**
   * @param name the file's name, without {@code .properties}
   */
  public Golden(String name) {
    String file = "/io/github/pixelwise/training/%s.properties".formatted(name);
    try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream(file), file)) {
      lists.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Set<String> keys() {
    return lists.stringPropertyNames();
  }

  public double[] numbers(String key) {
    String list = Objects.requireNonNull(lists.getProperty(key), key);
    return Arrays.stream(list.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  public long[] integers(String key) {
    return Arrays.stream(numbers(key)).mapToLong(number -> (long) number).toArray();
  }

  public float[] floats(String key) {
    return toFloats(numbers(key));
  }

  static float[] toFloats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
