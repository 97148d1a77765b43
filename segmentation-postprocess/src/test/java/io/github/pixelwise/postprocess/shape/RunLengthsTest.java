package io.github.pixelwise.postprocess.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.pixelwise.CategoryMask;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against pycocotools: {@code src/test/python/coco_runs_golden.py}. */
class RunLengthsTest {
  @Test
  void runLengthsArePycocotools() throws IOException {
    int cases = 0;
    try (InputStream file =
            Objects.requireNonNull(getClass().getResourceAsStream("coco-runs.json"));
        JsonParser json = new JsonFactory().createParser(file)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          compare(fields(json));
          cases++;
        }
      }
    }
    assertThat(cases).isEqualTo(6);
  }

  private static Map<String, String> fields(JsonParser json) throws IOException {
    Map<String, String> fields = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, json.getText());
    }
    return fields;
  }

  private static void compare(Map<String, String> expected) {
    int width = number(expected, "width");
    int height = number(expected, "height");
    List<Shape> inside =
        Shapes.of(mask(width, height, number(expected, "seed"))).list().stream()
            .filter(shape -> shape.category() == 1)
            .toList();
    assertThat(RunLengths.of(inside, width, height).compressed()).isEqualTo(expected.get("counts"));
    assertThat(inside.stream().mapToLong(Shape::pixels).sum())
        .isEqualTo(number(expected, "pixels"));
  }

  private static int number(Map<String, String> fields, String name) {
    return Integer.parseInt(Objects.requireNonNull(fields.get(name)));
  }

  /** The script's mask(). */
  private static CategoryMask mask(int width, int height, int seed) {
    int[] categories = new int[width * height];
    Arrays.setAll(
        categories,
        i -> {
          long x = i % width;
          long y = i / width;
          boolean noise = (x * 73856093 ^ y * 19349663 ^ seed * 83492791L) % 97 < 48;
          boolean wave = (x * x + y * y + 31L * seed) / (40 + 7L * seed) % 3 == 0;
          return (seed % 2 == 1 ? noise : wave) ? 1 : 0;
        });
    return CategoryMask.copyOf(width, height, categories);
  }
}
