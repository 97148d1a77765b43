package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CutoutsTest {
  @TempDir private Path folder;

  private static ValueInfoProto value(String name) {
    return ValueInfoProto.newBuilder().setName(name).build();
  }

  /** A network with U2-Net's input and outputs, and nothing between them. */
  private Path network() throws IOException {
    ModelProto network =
        ModelProto.newBuilder()
            .setGraph(
                GraphProto.newBuilder()
                    .addInput(value("weights"))
                    .addInput(value("input.1"))
                    .addInitializer(TensorProto.newBuilder().setName("weights"))
                    .addOutput(value("1959"))
                    .addOutput(value("1960"))
                    .addOutput(value("1961")))
            .build();
    return Files.write(folder.resolve("published"), network.toByteArray());
  }

  private ModelCard card(String name) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Zoo.convert(network(), Zoo.entry(name), made);
    return ZooCache.read(ZooCache.card(made), true);
  }

  @Test
  void entriesNameLicenseSourceAndHash() {
    assertThat(Cutouts.entries())
        .extracting(ZooEntry::name)
        .containsExactly(
            "u2net",
            "u2netp",
            "u2net_human_seg",
            "silueta",
            "isnet-general-use",
            "birefnet-lite",
            "modnet",
            "mediapipe-selfie");
    assertThat(Zoo.entries()).containsAll(Cutouts.entries());
    assertThat(Cutouts.entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.license()).isIn("Apache-2.0", "MIT");
              assertThat(entry.source()).hasScheme("https");
              assertThat(entry.exact()).isTrue();
              assertThat(entry.labels().names()).hasSize(2).contains("background");
              assertThat(entry.meanIou()).isEmpty();
            });
    assertThat(Cutouts.entries()).extracting(ZooEntry::sha256).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "u2net, 320, 0.485, 0.229, SIGMOID",
    "u2netp, 320, 0.485, 0.229, SIGMOID",
    "u2net_human_seg, 320, 0.485, 0.229, SIGMOID",
    "silueta, 320, 0.485, 0.229, SIGMOID",
    "isnet-general-use, 1024, 0.5, 1, SIGMOID",
    "birefnet-lite, 1024, 0.485, 0.229, BINARY_LOGITS"
  })
  void rembgsNetworksArePreparedAsRembgDoes(
      String name, int side, double mean, double std, OutputKind kind) throws IOException {
    ModelCard model = card(name);

    InputSpec input = model.input();
    assertThat(input.name()).isEqualTo("input.1");
    assertThat(input.size()).isEqualTo(SizeRule.fixed(side, side));
    assertThat(input.interpolation()).isEqualTo(Interpolation.LANCZOS);
    assertThat(input.scaledByMaximum()).isTrue();
    assertThat(input.mean().get(0)).isEqualTo(mean);
    assertThat(input.std().get(0)).isEqualTo(std);
    assertThat(model.output())
        .isEqualTo(
            OutputSpec.logits("1959", 1)
                .withKind(kind)
                .withMinMax(true)
                .withInterpolation(Interpolation.LANCZOS)
                .withSoftEdge(true));
  }

  @Test
  void modnetIsPreparedAsItsConfigurationSays() throws IOException {
    ModelCard model = card("modnet");

    assertThat(model.input())
        .isEqualTo(
            InputSpec.builder(
                    "input.1",
                    SizeRule.shortEdge(512)
                        .withMultiple(32, 0)
                        .withRounding(SizeRule.Rounding.DOWN))
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
    assertThat(model.output())
        .isEqualTo(OutputSpec.logits("1959", 1).withKind(OutputKind.SIGMOID).withSoftEdge(true));
    assertThat(model.labels().names()).isEqualTo(List.of("background", "person"));
  }

  @Test
  void theFileIsCopiedAndDescribed() throws IOException {
    ModelCard model = card("u2netp");
    ZooEntry entry = Zoo.entry("u2netp");

    assertThat(model.name()).isEqualTo("u2netp");
    assertThat(model.description()).isEqualTo(entry.description());
    assertThat(model.license()).isEqualTo(entry.license());
    assertThat(model.source()).isEqualTo(entry.source().toString());
    Path copy = Path.of(model.files().get(0).location());
    assertThat(copy).hasFileName("u2netp.onnx").hasSameBinaryContentAs(network());
    assertThat(model.files().get(0).sha256()).hasValue(Sha256.of(copy));
  }

  @Test
  void aTensorFlowLiteFileIsConverted() throws IOException {
    Path published = Path.of("../../shared/models/published/selfie_segmentation.tflite");
    assumeTrue(Files.exists(published), () -> published + " is missing");
    ZooEntry entry = Zoo.entry("mediapipe-selfie");
    assertThat(Sha256.of(published)).isEqualTo(entry.sha256());

    Path made = Files.createDirectory(folder.resolve(entry.name()));

    Zoo.convert(published, entry, made);

    ModelCard model = ZooCache.read(ZooCache.card(made), true);
    assertThat(model.input().size()).isEqualTo(SizeRule.fixed(256, 256));
    assertThat(model.input().interpolation()).isEqualTo(Interpolation.OPENCV_LINEAR);
    assertThat(model.output().softEdge()).isTrue();
    assertThat(model.output().kind()).isEqualTo(OutputKind.LOGITS);
    assertThat(model.labels().names()).containsExactly("background", "person");
    assertThat(model.files()).extracting(ModelFile::format).contains(ModelFormat.ONNX);
  }

  @Test
  void aFileThatIsNotAnOnnxFileIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "not a network");

    assertThatThrownBy(() -> Zoo.convert(text, Zoo.entry("u2net"), folder))
        .isInstanceOf(IOException.class)
        .hasMessage("it is not an ONNX file with an input and an output");
  }

  @ParameterizedTest
  @ValueSource(strings = {"u2net", "modnet"})
  void aCompleteNetworkHasNoCheckpoint(String name) {
    assertThatThrownBy(() -> Zoo.checkpoint(name, FetchProgress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            name
                + " is published as a complete network, so there is no checkpoint to train from;"
                + " choose one of deeplabv3-resnet101, deeplabv3-resnet50, ");
  }
}
