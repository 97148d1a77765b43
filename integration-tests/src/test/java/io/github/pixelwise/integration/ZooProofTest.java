package io.github.pixelwise.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Converted networks compute the same as PyTorch, on every engine. */
class ZooProofTest {
  static final Path NARROW = Path.of("src/test/resources/io/github/pixelwise/integration/zoo");

  @TempDir private Path work;

  static Stream<ZooProof> narrow() throws IOException {
    List<ZooProof> proofs = new ArrayList<>();
    for (String file : List.of("index.properties", "transformers.properties")) {
      Properties index = ZooProof.index(NARROW.resolve(file));
      for (String name : index.getProperty("names").split(" ", -1)) {
        cases(NARROW, index, name).forEach(proofs::add);
      }
    }
    return proofs.stream();
  }

  /**
   * The networks that {@code zoo_full.py} or {@code transformers_golden.py} wrote to the folder in
   * the property pixelwise.zoo.
   */
  static List<ZooProof> full() throws IOException {
    String folder = System.getProperty("pixelwise.zoo", "");
    assumeTrue(
        !folder.isEmpty(),
        "skipped: -Dpixelwise.zoo does not name a folder that zoo_full.py wrote");
    List<ZooProof> proofs = new ArrayList<>();
    try (var files = Files.newDirectoryStream(Path.of(folder), "*.properties")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".properties", "");
        cases(Path.of(folder), ZooProof.index(file), name).forEach(proofs::add);
      }
    }
    return proofs;
  }

  private static Stream<ZooProof> cases(Path folder, Properties index, String name) {
    return Stream.of(index.getProperty(name + ".cases").split(" ", -1))
        .map(words -> ZooProof.of(folder, index, name, words));
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void equalsPyTorchWithNarrowNetworks(ZooProof proof) throws IOException {
    proof.check(work);
  }

  @Tag("zoo")
  @ParameterizedTest
  @MethodSource("full")
  void equalsPyTorchWithFullNetworks(ZooProof proof) throws IOException {
    proof.check(work);
  }
}
