package io.github.pixelwise.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Keeps docs/spring-boot.md true: what it quotes is in this example, and its table of properties is
 * that of the starter. ReadmeTest checks its code in Java, and its links.
 */
class DocumentTest {
  private static final Path DOCUMENT = Path.of("../../docs/spring-boot.md");
  private static final Pattern METER =
      Pattern.compile("pixelwise\\.(open|segment|pixels|failures)");

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void quotesTheConfiguration() throws IOException {
    String configuration = Files.readString(Path.of("src/main/resources/application.yaml"));

    assertThat(blocks("yaml")).hasSize(3).allMatch(configuration::contains);
  }

  @Test
  void quotesTheDependency() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));

    assertThat(blocks("xml")).hasSize(1).allMatch(pom::contains);
  }

  @Test
  void listsThePropertiesWithTheirDefaults() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    Pattern.compile("\\| `((?:pixelwise|management)\\.[a-z.-]+)` \\| (?:`([^`]+)`)? ?\\|")
        .matcher(Files.readString(DOCUMENT))
        .results()
        .filter(row -> !METER.matcher(row.group(1)).matches())
        .forEach(row -> listed.put(row.group(1), row.group(2) == null ? "" : row.group(2)));

    assertThat(listed).isEqualTo(properties());
  }

  /** The properties of the starter, as editors know them, with their defaults. */
  private static Map<String, String> properties() throws IOException {
    Map<String, String> properties = new TreeMap<>();
    for (Object each : (List<?>) metadata().get("properties")) {
      Map<?, ?> property = (Map<?, ?>) each;
      Object value = property.get("defaultValue");
      properties.put((String) property.get("name"), value == null ? "" : value.toString());
    }
    return properties;
  }

  private static Map<String, Object> metadata() throws IOException {
    Resource[] files =
        new PathMatchingResourcePatternResolver()
            .getResources("classpath*:META-INF/spring-configuration-metadata.json");
    for (Resource file : files) {
      String json = file.getContentAsString(StandardCharsets.UTF_8);
      if (json.contains("\"pixelwise.model\"")) {
        return JsonParserFactory.getJsonParser().parseMap(json);
      }
    }
    throw new IllegalStateException("the starter has no metadata");
  }
}
