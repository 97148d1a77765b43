package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks the micro-models' files. After a change to a model, and after {@code
 * torchscript_networks.py} has written its TorchScript file, this writes its ONNX file and the
 * hashes in its card anew:
 *
 * <pre>{@code
 * mvn test -pl segmentation-testkit -am -Dtest=MicroModelFilesTest \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dpixelwise.testkit.rewrite=true
 * }</pre>
 */
class MicroModelFilesTest {
  private static final Path FOLDER =
      Path.of("src/main/resources/io/github/pixelwise/testkit/models");

  @BeforeAll
  static void rewriteIfAsked() throws Exception {
    if (Boolean.getBoolean("pixelwise.testkit.rewrite")) {
      for (MicroModel model : MicroModel.values()) {
        Files.write(file(model, "onnx"), OnnxMicroModels.write(model));
        String card = Files.readString(file(model, "properties"));
        for (ModelFile file : ModelCard.read(file(model, "properties")).files()) {
          card =
              card.replaceFirst(
                  "(?<=file\\.%s\\.sha256 = )\\w+".formatted(file.format()),
                  sha256(Path.of(file.location())));
        }
        Files.writeString(file(model, "properties"), card);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOnnxFileIsWhatTheProgramWrites(MicroModel model) throws Exception {
    assertThat(Files.readAllBytes(file(model, "onnx"))).isEqualTo(OnnxMicroModels.write(model));
  }

  @ParameterizedTest
  @EnumSource
  void theCardHasTheHashesOfItsFiles(MicroModel model) throws Exception {
    ModelCard card = ModelCard.read(file(model, "properties"));
    assertThat(card.files())
        .extracting(ModelFile::format)
        .containsExactly(ModelFormat.ONNX, ReferenceBackend.FORMAT, ModelFormat.TORCHSCRIPT);
    for (ModelFile file : card.files()) {
      Path path = Path.of(file.location());
      assertThat(file.sha256()).as("hash of %s", path).contains(sha256(path));
      assertThat(Files.size(path)).as("size of %s", path).isLessThan(10_000);
    }
  }

  private static Path file(MicroModel model, String ending) {
    return FOLDER.resolve(model.name().toLowerCase(Locale.ROOT).replace('_', '-') + "." + ending);
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(hash);
  }
}
