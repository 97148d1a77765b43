package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What editors show of the properties. */
class MetadataTest {
  private static Map<String, Map<?, ?>> properties() throws IOException {
    String file = "/META-INF/spring-configuration-metadata.json";
    try (InputStream in =
        Objects.requireNonNull(PixelwiseProperties.class.getResourceAsStream(file), file)) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return ((List<?>)
              Objects.requireNonNull(
                  JsonParserFactory.getJsonParser().parseMap(json).get("properties")))
          .stream()
              .map(property -> (Map<?, ?>) property)
              .collect(Collectors.toMap(property -> (String) property.get("name"), p -> p));
    }
  }

  @Test
  void listsAllProperties() throws IOException {
    assertThat(properties())
        .containsOnlyKeys(
            "management.health.pixelwise.enabled",
            "pixelwise.augmentation",
            "pixelwise.backend",
            "pixelwise.batch-size",
            "pixelwise.device",
            "pixelwise.enabled",
            "pixelwise.model",
            "pixelwise.settings",
            "pixelwise.shared-batches.images",
            "pixelwise.shared-batches.wait",
            "pixelwise.threads");
  }

  @Test
  void describesAllProperties() throws IOException {
    assertThat(properties())
        .allSatisfy(
            (name, property) -> assertThat(property.get("description")).asString().endsWith("."));
  }

  @Test
  void knowsTheDefaultModel() throws IOException {
    assertThat(Objects.requireNonNull(properties().get("pixelwise.model")).get("defaultValue"))
        .isEqualTo(Segmenter.DEFAULT_MODEL);
  }
}
