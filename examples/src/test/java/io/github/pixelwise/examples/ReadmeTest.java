package io.github.pixelwise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps the README and the documents true: their code is in the examples, the card in
 * docs/model-card.md can be read, and links lead somewhere.
 */
class ReadmeTest {
  private static final Path TOP = Path.of("..");

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(TOP.resolve("README.md")));
    try (Stream<Path> files = Files.walk(TOP.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    return documents;
  }

  private static List<String> blocks(Path document, String language) {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(read(document))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void quotesOnlyCodeOfTheExamples() throws IOException {
    String examples =
        sources(Path.of("src"))
            + sources(Path.of("spark/src"))
            + sources(Path.of("spring-boot/src"));

    assertThat(documents().stream().flatMap(document -> blocks(document, "java").stream()))
        .hasSizeGreaterThan(2)
        .allMatch(examples::contains);
  }

  private static String sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ReadmeTest::read)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void showsCardsThatCanBeRead(@TempDir Path folder) throws IOException {
    List<ModelCard> cards = new ArrayList<>();
    for (String card : blocks(TOP.resolve("docs/model-card.md"), "properties")) {
      cards.add(ModelCard.read(Files.writeString(folder.resolve("card.properties"), card)));
    }

    assertThat(cards).hasSize(2);
    assertThat(cards.get(0).labels()).isEqualTo(LabelMap.cityscapes());
    assertThat(cards.get(1).output().softEdge()).isTrue();
  }

  @Test
  void linksOnlyToExistingFiles() throws IOException {
    Pattern link = Pattern.compile("\\]\\((?!https?:)([^)#]+)");

    for (Path document : documents()) {
      assertThat(link.matcher(read(document)).results())
          .as("links of %s", document)
          .allMatch(found -> Files.exists(document.resolveSibling(found.group(1))));
    }
  }
}
