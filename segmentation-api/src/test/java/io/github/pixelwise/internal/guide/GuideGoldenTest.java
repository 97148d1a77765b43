package io.github.pixelwise.internal.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares with what {@code src/test/python/guide_golden.py} computes. */
class GuideGoldenTest {
  private static final Parallelism THREADS = Parallelism.common();

  private List<String> lines;
  private int width;
  private int height;
  private SmallPhoto photo;
  private boolean[] uncertain;

  @BeforeEach
  void read() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("guide-golden.txt"))) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
    }
    width = (int) numbers(0)[0];
    height = (int) numbers(0)[1];
    double[] colors = numbers(1);
    byte[] samples = new byte[colors.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (int) colors[i];
    }
    photo = SmallPhoto.of(RgbImage.of(width, height, samples), 1, THREADS);
    uncertain = new boolean[photo.size()];
    double[] changes = numbers(2);
    for (int i = 0; i < changes.length; i++) {
      uncertain[index(i)] = changes[i] == 1;
    }
  }

  private double[] numbers(int line) {
    return Arrays.stream(lines.get(line).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private int index(int pixel) {
    return photo.index(pixel % width, pixel / width);
  }

  private float[] plane(int line) {
    float[] plane = new float[photo.size()];
    double[] values = numbers(line);
    for (int i = 0; i < values.length; i++) {
      plane[index(i)] = (float) values[i];
    }
    return plane;
  }

  @Test
  void meanFieldEqualsThatOfNumpy() {
    float[][] planes = {plane(3), plane(5), plane(7)};

    MeanField.solve(photo, uncertain, planes, THREADS);

    for (int c = 0; c < 3; c++) {
      double[] expected = numbers(4 + 2 * c);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) planes[c][index(i)])
            .as("class %d, pixel %d", c, i)
            .isCloseTo(expected[i], within(2e-6));
      }
    }
  }

  @Test
  void linearModelsEqualThoseOfNumpy() {
    LinearModels models = LinearModels.fit(photo, uncertain, plane(3), THREADS);

    double[] expected = numbers(9);
    for (int i = 0; i < expected.length; i++) {
      int at = index(i);
      double value =
          models.plane(0)[at] * photo.red(at)
              + models.plane(1)[at] * photo.green(at)
              + models.plane(2)[at] * photo.blue(at)
              + models.plane(3)[at];
      assertThat(value).as("pixel %d", i).isCloseTo(expected[i], within(1e-4));
    }
  }
}
