package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models are found by name, by path, and in other file systems, here that of {@code file:}. */
class ModelLocationTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir private Path folder;

  /** A model whose weights are in a file beside its network. */
  static Path external(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : new String[] {"affine.properties", "affine.onnx", "affine.weights"}) {
      try (InputStream in =
          Objects.requireNonNull(ModelLocationTest.class.getResourceAsStream("external/" + name))) {
        Files.copy(in, folder.resolve(name));
      }
    }
    return folder.resolve("affine.properties");
  }

  private static ModelCard card(String model) {
    return ModelLocation.card(model, CONFIGURATION);
  }

  private static Path network(ModelCard card) {
    return Path.of(card.file(ModelFormat.ONNX).orElseThrow().location());
  }

  @Test
  void aNameAndAPathOfThisMachineAreReadInPlace() throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));

    assertThat(card(Segmenter.DEFAULT_MODEL).name()).isEqualTo(Segmenter.DEFAULT_MODEL);
    assertThat(network(card(model.toString()))).isEqualTo(model.resolveSibling("affine.onnx"));
    assertThat(card(folder.resolve("model").toString())).isEqualTo(card(model.toString()));
  }

  @Test
  void aCardElsewhereIsCopiedWithItsFiles() throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("my model"));

    ModelCard card = card(model.toUri().toString().replace("%20", " "));

    assertCopied(network(card), model.resolveSibling("affine.onnx"));
    assertThat(card.toBuilder().files(ModelCard.read(model).files()).build())
        .isEqualTo(ModelCard.read(model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/"})
  void aFolderElsewhereIsCopied(String end) throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));

    ModelCard card = card("file:" + folder.resolve("model") + end);

    assertCopied(network(card), model.resolveSibling("affine.onnx"));
  }

  @Test
  void weightsBesideTheNetworkAreCopied() throws IOException {
    Path model = external(folder.resolve("model"));

    ModelCard card = card("file:" + model);

    assertCopied(network(card), model.resolveSibling("affine.onnx"));
    assertCopied(
        network(card).resolveSibling("affine.weights"), model.resolveSibling("affine.weights"));
  }

  @Test
  void aNetworkInAFolderBelowTheCardIsCopied() throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
    Path below = Files.createDirectory(folder.resolve("model/files")).resolve("net work.onnx");
    Files.move(model.resolveSibling("affine.onnx"), below);
    rename(model, "files/net work.onnx");

    assertCopied(network(card("file:" + model)), below);
  }

  private static void assertCopied(Path copy, Path original) {
    assertThat(copy).isNotEqualTo(original).hasSameBinaryContentAs(original);
  }

  private static void rename(Path card, String network) throws IOException {
    Files.writeString(
        card, Files.readString(card).replaceFirst("file\\.onnx = \\S+", "file.onnx = " + network));
  }

  @Test
  void aCardElsewhereIsCopiedOnce() throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));

    ModelCard first = card("file:" + model);

    assertThat(card("file:" + model)).isEqualTo(first);
  }

  @Test
  void filesOutsideTheFolderOfACardElsewhereAreRefused() throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
    Files.move(model.resolveSibling("affine.onnx"), folder.resolve("affine.onnx"));
    rename(model, "../affine.onnx");

    assertThatThrownBy(() -> card("file:" + model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "cannot open a model: file:%s names the file ../affine.onnx, which must be in its"
                    .formatted(model)
                + " folder or below");
  }

  @Test
  void whatIsMissingElsewhereIsNamed() throws IOException {
    Path model = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
    Files.delete(model.resolveSibling("affine.onnx"));

    assertThatThrownBy(() -> card("file:" + model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(model.resolveSibling("affine.onnx").toString());
    assertThatThrownBy(() -> card("file:" + folder.resolve("none")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("cannot open a model: ")
        .hasMessageContaining(folder.resolve("none").toString());
    assertThatThrownBy(() -> card("nowhere://bucket/model"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "cannot open a model: cannot reach the file system of nowhere://bucket/model")
        .hasMessageContaining("as s3a needs hadoop-aws, add that with --packages");
  }

  @Test
  void aFolderElsewhereWithoutACardIsNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> card("file:" + empty))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("empty");
  }
}
