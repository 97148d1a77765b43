package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks the files behind the matrix of cards. After a change to {@link MatrixNetworks}, this
 * writes the networks anew, as {@link MicroModelFilesTest} says.
 */
class CardMatrixTest {
  private static final Path ARCHIVE =
      Path.of("src/main/resources/io/github/pixelwise/testkit/matrix/networks.zip");

  @BeforeAll
  static void rewriteIfAsked() throws IOException {
    if (Boolean.getBoolean("pixelwise.testkit.rewrite")) {
      try (OutputStream out = Files.newOutputStream(ARCHIVE);
          ZipOutputStream archive = new ZipOutputStream(out)) {
        for (Map.Entry<String, byte[]> file : MatrixNetworks.files().entrySet()) {
          ZipEntry entry = new ZipEntry(file.getKey());
          entry.setTime(0);
          archive.putNextEntry(entry);
          archive.write(file.getValue());
        }
      }
    }
  }

  @Test
  void theNetworksAreWhatTheProgramWrites(@TempDir Path folder) throws IOException {
    Map<String, byte[]> files = MatrixNetworks.files();
    CardMatrix.extractNetworks(folder);
    try (Stream<Path> there = Files.list(folder)) {
      assertThat(there.map(file -> file.getFileName().toString()))
          .filteredOn(file -> !file.endsWith(".pt"))
          .containsExactlyInAnyOrderElementsOf(files.keySet());
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(folder.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
  }

  @Test
  void everyNetworkComesAsTorchScript(@TempDir Path folder) throws IOException {
    CardMatrix.extractNetworks(folder);
    for (String file : MatrixNetworks.files().keySet()) {
      assertThat(folder.resolve(file.replaceFirst("\\.\\w+$", ".pt"))).isNotEmptyFile();
    }
  }

  @Test
  void almostAllPixelsAreDecided() {
    List<CardMatrix.Case> cases = CardMatrix.cases();
    assertThat(undecided(cases.stream().filter(c -> !c.card().contains("opencv-linear"))))
        .isLessThan(1e-4);
    // Of these each sample may be off by one.
    assertThat(undecided(cases.stream().filter(c -> c.card().contains("opencv-linear"))))
        .isLessThan(0.05);
  }

  /** The share of undecided pixels in all masks. */
  private static double undecided(Stream<CardMatrix.Case> cases) {
    return cases
        .flatMap(c -> Stream.of(c.source(), c.model()))
        .flatMapToInt(CardMatrixTest::categories)
        .mapToDouble(category -> category == CardMatrix.UNDECIDED ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static IntStream categories(CategoryMask mask) {
    return IntStream.range(0, mask.width() * mask.height())
        .map(i -> mask.category(i % mask.width(), i / mask.width()));
  }
}
