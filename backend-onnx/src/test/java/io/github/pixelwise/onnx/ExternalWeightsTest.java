package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A network uses the weights next to its file, and no others. */
class ExternalWeightsTest {
  @TempDir private Path folder;

  /** Where an engine that opens a network from bytes would look for the weights. */
  private final Path decoy = Path.of("toy.onnx_data");

  @BeforeEach
  void useACacheOfThisTest() throws IOException {
    System.setProperty("pixelwise.cache", folder.resolve("cache").toString());
    Files.write(decoy, ToyNetwork.weights(true));
  }

  @AfterEach
  void cleanUp() throws IOException {
    System.clearProperty("pixelwise.cache");
    Files.delete(decoy);
  }

  private static ModelCard card(Path file) {
    return ToyNetwork.card(file, ToyNetwork.input().build());
  }

  private static ModelCard card(URI file, String sha256) {
    ModelCard model = card(Path.of("toy.onnx"));
    return ModelCard.builder("toy", model.input(), model.output(), model.labels())
        .file(new ModelFile(ModelFormat.ONNX, file, Optional.of(sha256)))
        .build();
  }

  private static void assertHasItsOwnWeights(ModelCard model) {
    try (Segmenter segmenter = Segmenter.builder().model(model).open()) {
      CategoryMask mask = segmenter.segment(ToyNetwork.PHOTO).mask();
      for (int category = 0; category < 3; category++) {
        assertThat(mask.category(category, 0)).isEqualTo(category);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "models, toy.onnx, toy.onnx_data",
    "models, toy.onnx, parts/first/toy.bin",
    "größe 日本, toy.onnx, toy.onnx_data",
    "\uD83D\uDE00 models, toy.onnx, toy.onnx_data",
    "\uD83D\uDE00 models, toy.onnx, parts/first/toy.bin",
    "models, \uD83D\uDE00.onnx, toy.onnx_data",
    "models, \uD83D\uDE00.onnx, \uD83D\uDE00.onnx_data"
  })
  void usesItsOwnWeightsWhateverThePath(String name, String network, String weights)
      throws IOException {
    Path models = Files.createDirectories(folder.resolve(name));

    assertHasItsOwnWeights(card(ToyNetwork.writeExternal(models.resolve(network), weights)));

    assertThat(Files.createDirectories(folder.resolve("cache/links"))).isEmptyDirectory();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need privileges there")
  void followsLinksToWeightsInAnotherFolder() throws IOException {
    Path models = Files.createDirectories(folder.resolve("models"));
    Path network = ToyNetwork.writeExternal(models.resolve("toy.onnx"), "toy.onnx_data");
    Path store = Files.createDirectories(folder.resolve("store"));
    Path weights = Files.move(models.resolve("toy.onnx_data"), store.resolve("8b8526"));
    Files.createSymbolicLink(models.resolve("toy.onnx_data"), weights);

    assertHasItsOwnWeights(card(network));
  }

  @Test
  void readsFileNamesThatAreNotUtf8() throws IOException {
    Path file;
    try {
      file = Path.of(URI.create(folder.toUri() + "toy%FF.onnx"));
    } catch (InvalidPathException e) {
      assumeThat(true).as("this system's file names are texts").isFalse();
      return;
    }
    assertHasItsOwnWeights(card(ToyNetwork.writeExternal(file, "toy.onnx_data")));
  }

  @Test
  void rejectsACacheWhosePathTheEngineCannotRead() throws IOException {
    Path file = ToyNetwork.writeExternal(folder.resolve("\uD83D\uDE00.onnx"), "toy.onnx_data");
    System.setProperty("pixelwise.cache", folder.resolve("\uD83D\uDE00 cache").toString());

    assertThatThrownBy(() -> Segmenter.builder().model(card(file)).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("model toy: backend onnx cannot open " + file)
        .hasMessageContaining("rename it, or set -Dpixelwise.cache or PIXELWISE_CACHE to a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../toy.onnx_data", "/tmp/toy.onnx_data", "a/../../toy.onnx_data"})
  void rejectsWeightsOutsideTheNetworksFolder(String location) throws IOException {
    Path file = Files.write(folder.resolve("toy.onnx"), ToyNetwork.external(location));

    assertThatThrownBy(() -> Segmenter.builder().model(card(file)).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model toy: cannot read %s: its weights are in \"%s\", which is outside its folder;"
                + " export it as one file",
            file, location);
  }

  @Test
  void namesMissingWeights() throws IOException {
    Path file = Files.write(folder.resolve("toy.onnx"), ToyNetwork.external("toy.onnx.data"));

    assertThatThrownBy(() -> Segmenter.builder().model(card(file)).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model toy: %s has its weights in the file %s, which does not exist. Put it there, or export"
                + " the model as one file.",
            file, folder.resolve("toy.onnx.data"));
  }

  @Test
  void hashesTheFileFollowedByItsWeights() throws Exception {
    Path file = ToyNetwork.writeExternal(folder.resolve("toy.onnx"), "toy.onnx_data");
    ModelCard model = card(file.toUri(), hash(file, folder.resolve("toy.onnx_data")));
    assertHasItsOwnWeights(model);

    Files.write(folder.resolve("toy.onnx_data"), ToyNetwork.weights(true));

    assertThatThrownBy(() -> Segmenter.builder().model(model).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "model toy: %s with %s has the SHA-256 ", file, folder.resolve("toy.onnx_data"));
  }

  @Test
  void rejectsAHashOfTheFileAlone() throws Exception {
    Path file = ToyNetwork.writeExternal(folder.resolve("toy.onnx"), "toy.onnx_data");

    assertThatThrownBy(() -> Segmenter.builder().model(card(file.toUri(), hash(file))).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("its card expects " + hash(file));
  }

  @Test
  void readsWeightsFromAJar() throws Exception {
    Path file = ToyNetwork.writeExternal(folder.resolve("toy.onnx"), "parts/toy.bin");
    Path weights = folder.resolve("parts/toy.bin");
    URI jar = URI.create("jar:" + folder.resolve("models.jar").toUri());
    try (FileSystem models = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Files.createDirectory(models.getPath("parts"));
      Files.copy(file, models.getPath("toy.onnx"));
      Files.copy(weights, models.getPath("parts/toy.bin"));
    }
    ModelCard model = card(URI.create(jar + "!/toy.onnx"), hash(file, weights));
    Files.delete(weights);

    assertHasItsOwnWeights(model);
    // The second time, the model comes from the cache.
    assertHasItsOwnWeights(model);
  }

  @Test
  void needsNoOtherFileWithoutExternalWeights() throws IOException {
    Path file =
        Files.write(
            folder.resolve("alone.onnx"),
            ToyNetwork.casting(ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT));

    assertThatCode(() -> assertHasItsOwnWeights(card(file))).doesNotThrowAnyException();
  }

  private static String hash(Path... files) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path file : files) {
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
