package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.pixelwise.Catalog;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.convert.Scores;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks written with other options than the defaults also compute the same as PyTorch, on every
 * engine.
 */
class ZooFormsTest {
  private static final String LRASPP = "lraspp_mobilenet_v3_large";

  @TempDir private Path work;

  private static ZooProof proof(String name, String words) throws IOException {
    Path folder = ZooProofTest.NARROW;
    boolean ofTransformers = Files.exists(folder.resolve(name + ".safetensors"));
    String index = ofTransformers ? "transformers.properties" : "index.properties";
    return ZooProof.of(folder, ZooProof.index(folder.resolve(index)), name, words);
  }

  private static List<BackendProvider> backends() {
    return Catalog.load().backends();
  }

  /** The kinds of operation in the ONNX file. */
  private static List<String> operations(ModelCard model) throws IOException {
    Path file = Path.of(model.file(ModelFormat.ONNX).orElseThrow().location());
    try (InputStream in = Files.newInputStream(file)) {
      return ModelProto.parseFrom(in).getGraph().getNodeList().stream()
          .map(NodeProto::getOpType)
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "deeplabv3_resnet50, 129x97@16",
    "lraspp_mobilenet_v3_large, 129x97@16",
    "deeplabv3plus_resnet101, 96x64@16"
  })
  void scoresAtTheInputsSize(String name, String words) throws IOException {
    ZooProof proof = proof(name, words);
    ModelCard model = proof.conversion(proof.network()).scores(Scores.INPUT).write(work);

    assertThat(model.output().stride()).isEqualTo(1);
    for (BackendProvider backend : backends()) {
      proof.agreement(model, backend, "input_scores").require(ZooProof.SCORES, ZooProof.SAME);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "deeplabv3_resnet50, 129x97@16",
    "lraspp_mobilenet_v3_large, 129x97@16",
    "deeplabv3plus_resnet101, 305x33@16",
    "bisenetv2, 129x97@16",
    "unet, 80x112@16"
  })
  void categoriesInTheGraph(String name, String words) throws IOException {
    ZooProof proof = proof(name, words);
    ModelCard model = proof.conversion(proof.network()).scores(Scores.CATEGORIES).write(work);

    for (BackendProvider backend : backends()) {
      assertThat(proof.sameCategories(backend, model))
          .as(backend.name())
          .isGreaterThanOrEqualTo(ZooProof.SAME);
    }
  }

  /**
   * Networks this narrow with fifty or more layers amplify rounding a hundredfold, so scores are
   * compared with PyTorch's for the same rounded weights.
   */
  @ParameterizedTest
  @CsvSource({
    "deeplabv3_resnet50, 129x97@16, 0.9",
    "lraspp_mobilenet_v3_large, 129x97@16, 0.995",
    "deeplabv3plus_resnet101, 96x64@16, 0.95",
    "unet, 128x96@16, 0.995",
    "fcn_resnet18, 128x96@16, 0.995"
  })
  void weightsOfFloat16(String name, String words, double same) throws IOException {
    ZooProof proof = proof(name, words);
    ModelCard model = proof.conversion(proof.network()).precision(Precision.FLOAT16).write(work);

    for (BackendProvider backend : backends()) {
      proof.agreement(model, backend, "float16_scores").require(ZooProof.SCORES, same);
    }
  }

  /** The deeper ones of these narrow networks are too sensitive for bfloat16, also in PyTorch. */
  @ParameterizedTest
  @CsvSource({"lraspp_mobilenet_v3_large, 129x97@16, 0.05, 0.95", "unet, 128x96@16, 0.1, 0.9"})
  void bfloat16InLibTorch(String name, String words, double scores, double same)
      throws IOException {
    ZooProof proof = proof(name, words);
    ModelCard model = proof.conversion(proof.network()).precision(Precision.BFLOAT16).write(work);
    BackendProvider djl =
        backends().stream().filter(b -> b.name().equals("djl")).findFirst().orElseThrow();

    proof.agreement(model, djl, "scores").require(scores, same);
  }

  @ParameterizedTest
  @CsvSource({"129x97@16", "305x65@16"})
  void needsNoShapesForOneSize(String words) throws IOException {
    ZooProof proof = proof(LRASPP, words);
    SizeRule size = SizeRule.fixed(proof.width(), proof.height());
    ModelCard model = proof.conversion(proof.network(size)).write(work);

    assertThat(operations(model)).contains("Resize").doesNotContain("Shape", "Slice");
    for (BackendProvider backend : backends()) {
      proof.agreement(model, backend, "scores").require(ZooProof.SCORES, ZooProof.SAME);
    }
  }

  @Test
  void needsNoShapesForSidesThatAreMultiples() throws IOException {
    ZooProof proof = proof(LRASPP, "128x96@16");
    SizeRule size = SizeRule.shortEdge(96).withMultiple(16, 0);
    ModelCard model = proof.conversion(proof.network(size)).write(work);

    assertThat(operations(model)).contains("Resize").doesNotContain("Shape", "Slice");
    for (BackendProvider backend : backends()) {
      proof.agreement(model, backend, "scores").require(ZooProof.SCORES, ZooProof.SAME);
    }
  }

  @ParameterizedTest
  @CsvSource({"129x97@16", "305x65@16", "128x96@16"})
  void computesShapesInTheGraphForFreeSides(String words) throws IOException {
    ZooProof proof = proof(LRASPP, words);
    ModelCard model = proof.conversion(proof.network(SizeRule.shortEdge(97))).write(work);

    assertThat(operations(model)).contains("Shape");
    for (BackendProvider backend : backends()) {
      proof.agreement(model, backend, "scores").require(ZooProof.SCORES, ZooProof.SAME);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "deeplabv3_resnet50, 129x97@16, GRID, scores",
    "deeplabv3_resnet50, 129x97@16, INPUT, input_scores",
    "lraspp_mobilenet_v3_large, 305x65@16, GRID, scores",
    "lraspp_mobilenet_v3_large, 129x97@16, INPUT, input_scores",
    "deeplabv3plus_resnet101, 305x33@16, GRID, scores",
    "deeplabv3plus_resnet101, 96x64@16, INPUT, input_scores",
    "bisenetv2, 305x65@16, GRID, scores",
    "segformer_b0, 128x96@16, GRID, scores",
    "segformer_b0, 129x97@16, GRID, scores",
    "upernet_convnext_tiny, 224x96@16, GRID, scores",
    "upernet_convnext_tiny, 129x97@16, GRID, scores",
    "unet, 128x96@16, GRID, scores"
  })
  void batchesOfTwo(String name, String words, Scores scores, String golden) throws IOException {
    ZooProof proof = proof(name, words);
    ModelCard model = proof.conversion(proof.network()).scores(scores).write(work);

    for (BackendProvider backend : backends()) {
      assertThat(proof.differenceInBatches(model, backend, golden))
          .as(backend.name())
          .isLessThanOrEqualTo(ZooProof.SCORES);
    }
  }
}
