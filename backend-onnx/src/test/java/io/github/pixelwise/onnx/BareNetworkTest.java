package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks without a card. */
class BareNetworkTest {
  private static final InputSpec INPUT = InputSpec.builder("", SizeRule.fixed(40, 30)).build();

  @TempDir private Path folder;

  private Path file(MicroModel model) throws IOException {
    Path file = folder.resolve(model + ".onnx");
    try (InputStream in =
        model.descriptor().file(ModelFormat.ONNX).orElseThrow().location().toURL().openStream()) {
      Files.copy(in, file);
    }
    return file;
  }

  private static RgbImage noise() {
    byte[] rgb = new byte[50 * 37 * 3];
    new Random(1).nextBytes(rgb);
    return RgbImage.of(50, 37, rgb);
  }

  @Test
  void needsOnlyAnInputSpec() throws IOException {
    ModelCard card = MicroModel.STRIDED.descriptor();
    Path file = file(MicroModel.STRIDED);
    SegmenterBuilder described =
        Segmenter.builder()
            .model(
                ModelCard.builder("described", INPUT, card.output(), card.labels())
                    .file(ModelFormat.ONNX, file)
                    .build());

    try (Segmenter bare = Segmenter.builder().model(file, INPUT).open();
        Segmenter known = described.open()) {
      assertThat(bare.model().output()).isEqualTo(OutputSpec.logits("", 4));
      assertThat(bare.model().labels().names()).containsExactly("class 0", "class 1", "class 2");
      assertThat(bare.segment(noise()).mask()).isEqualTo(known.segment(noise()).mask());
    }
  }

  @Test
  void keepsAnOutputSpecWithoutAName() throws IOException {
    OutputSpec output =
        OutputSpec.logits("", 4)
            .withAlignment(GridAlignment.ALIGNED_CORNERS)
            .withThreshold(OutputSpec.logits("", 1).threshold());
    LabelMap labels = LabelMap.of(List.of("red", "green", "blue"));
    Path file = file(MicroModel.STRIDED);

    try (Segmenter segmenter = Segmenter.builder().model(file, INPUT, output, labels).open()) {
      assertThat(segmenter.model().output()).isEqualTo(output);
      assertThat(segmenter.segment(noise()).labels()).isEqualTo(labels);
    }
  }

  @Test
  void requiresTheNameOfOneOfSeveralOutputs() throws IOException {
    Path file = file(MicroModel.TWO_OUTPUTS);
    LabelMap labels = LabelMap.of(List.of("red", "green", "blue"));

    assertThatThrownBy(() -> Segmenter.builder().model(file, INPUT).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model TWO_OUTPUTS.onnx: backend onnx found several outputs, [aux, out], in %s. Name"
                + " one of them in an OutputSpec (output.name on a card).",
            file);
    try (Segmenter segmenter =
        Segmenter.builder().model(file, INPUT, OutputSpec.logits("out", 1), labels).open()) {
      assertThat(segmenter.model().labels()).isEqualTo(labels);
    }
  }

  private Path fileForBatchesOf(int images) throws IOException {
    Path file = file(MicroModel.AFFINE);
    ModelProto.Builder network = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    network
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .setDim(0, TensorShapeProto.Dimension.newBuilder().setDimValue(images));
    return Files.write(file, network.build().toByteArray());
  }

  @Test
  void fillsUpFixedBatches() throws IOException {
    Path any = file(MicroModel.AFFINE);
    CategoryMask expected;
    try (Segmenter segmenter = Segmenter.builder().model(any, INPUT).open()) {
      expected = segmenter.segment(noise()).mask();
    }
    Files.delete(any);
    try (Segmenter four = Segmenter.builder().model(fileForBatchesOf(4), INPUT).open()) {
      assertThat(four.segment(noise()).mask()).isEqualTo(expected);
      assertThat(four.segmentAll(Collections.nCopies(6, noise())))
          .hasSize(6)
          .allSatisfy(result -> assertThat(result.mask()).isEqualTo(expected));
    }
  }

  @Test
  void runsImagesOneByOneIfTheBatchSizeIsOne() throws IOException {
    Path file = fileForBatchesOf(1);
    try (Segmenter segmenter = Segmenter.builder().model(file, INPUT).batchSize(4).open()) {
      List<SegmentationResult> results = segmenter.segmentAll(List.of(noise(), noise(), noise()));

      assertThat(results)
          .extracting(SegmentationResult::mask)
          .containsOnly(segmenter.segment(noise()).mask());
    }
  }

  @Test
  void rejectsANetworkThatDoesNotAcceptTheSides() throws IOException {
    Path file = file(MicroModel.AFFINE);
    ModelProto.Builder network = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    // A skip connection to a grid of half the size, like that of a U-Net. It needs even sides.
    network
        .getGraphBuilder()
        .addNode(
            NodeProto.newBuilder()
                .setOpType("MaxPool")
                .addInput("image")
                .addOutput("half")
                .addAttribute(integers("kernel_shape", 2, 2))
                .addAttribute(integers("strides", 2, 2)))
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Concat")
                .addInput("image")
                .addInput("half")
                .addOutput("joined")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)))
        .getOutputBuilder(0)
        .setName("joined")
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .clearShape();
    Files.write(file, network.build().toByteArray());

    assertThatThrownBy(() -> Segmenter.builder().model(file, INPUT).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(
            "model AFFINE.onnx: backend onnx failed on an input of FloatTensor[1 x 3 x 30 x 40]: ")
        .hasMessageEndingWith(
            ". If the network accepts only certain side lengths, set input.size, input.multiple,"
                + " and input.remainder.");
  }

  private static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }
}
