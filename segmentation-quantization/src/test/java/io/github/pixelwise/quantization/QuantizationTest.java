package io.github.pixelwise.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizationTest {
  @TempDir private Path folder;

  private static ModelProto network() throws IOException {
    try (InputStream in = QuantizationTest.class.getResourceAsStream("network.onnx")) {
      return ModelProto.parseFrom(Objects.requireNonNull(in));
    }
  }

  private ModelCard model(UnaryOperator<ModelProto.Builder> change) throws IOException {
    Path file = folder.resolve("small.onnx");
    Files.write(file, change.apply(network().toBuilder()).build().toByteArray());
    return ModelCard.builder(
            "small",
            InputSpec.builder("image", SizeRule.fixed(16, 12)).build(),
            OutputSpec.logits("scores", 1),
            LabelMap.of(List.of("a", "b", "c", "d")))
        .file(ModelFormat.ONNX, file)
        .build();
  }

  /** Photos of noise. */
  private List<Path> photos(int number) throws IOException {
    List<Path> photos = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < number; i++) {
      byte[] rgb = new byte[3 * 16 * 12];
      random.nextBytes(rgb);
      Path photo = folder.resolve("photo%d.png".formatted(i));
      Images.write(RgbImage.of(16, 12, rgb), photo);
      photos.add(photo);
    }
    return photos;
  }

  /** All in integers but the first layer and the last, whatever changes. */
  private static Quantization quantization(ModelCard model) {
    return Quantization.of(model).minAgreement(0);
  }

  @Test
  void theSamePhotosGiveTheSameBytes() throws IOException {
    Quantization quantization = quantization(model(m -> m)).photos(photos(3));

    quantization.quantize().write(folder.resolve("a"));
    quantization.quantize().write(folder.resolve("b"));

    assertThat(folder.resolve("a/small-int8.onnx"))
        .hasSameBinaryContentAs(folder.resolve("b/small-int8.onnx"));
  }

  @Test
  void theCardOpensWithTheNewName() throws IOException {
    ModelCard card =
        quantization(model(m -> m)).photos(photos(3)).name("tiny").quantize().write(folder);

    assertThat(ModelCard.read(folder.resolve("tiny.properties"))).isEqualTo(card);
    try (Segmenter segmenter = Segmenter.builder().model(card).open()) {
      assertThat(segmenter.model().name()).isEqualTo("tiny");
    }
  }

  @Test
  void theDescriptionIsOneSentenceMore() throws IOException {
    ModelCard model = model(m -> m).toBuilder().description("a small network").build();

    ModelCard card = quantization(model).photos(photos(3)).quantize().write(folder);

    assertThat(card.description()).isEqualTo("a small network. Quantized to int8 (min-max).");
  }

  @Test
  void everyFifthOfTenPhotosIsHeldOut() throws IOException {
    List<String> notes = new ArrayList<>();

    Agreement agreement =
        quantization(model(m -> m)).photos(photos(10)).onNote(notes::add).quantize().agreement();

    assertThat(agreement.photos()).isEqualTo(2);
    assertThat(agreement.heldOut()).isTrue();
    assertThat(notes)
        .containsExactly("calibrating on 8 photos (min-max)", "comparing masks on 2 photos");
  }

  @Test
  void tooManyPhotosAreSpread() throws IOException {
    List<String> notes = new ArrayList<>();

    quantization(model(m -> m)).photos(photos(5)).mostPhotos(2).onNote(notes::add).quantize();

    assertThat(notes).startsWith("using 2 of 5 photos, evenly chosen");
  }

  @Test
  void theLastConvolutionStaysInFloat() throws IOException {
    QuantizedModel small = quantization(model(m -> m)).photos(photos(2)).quantize();

    assertThat(small.layers()).containsExactly("2 Conv in float32", "4 Conv in int8");
    small.write(folder.resolve("out"));
    ModelProto written =
        ModelProto.parseFrom(Files.readAllBytes(folder.resolve("out/small-int8.onnx")));
    assertThat(written.getGraph().getInitializerList())
        .extracting(TensorProto::getName)
        .contains("end.weight", "first.weight_quantized")
        .doesNotContain("first.weight", "end.weight_quantized");
  }

  @Test
  void weightsInAnotherFileBecomePartOfTheSmallOne() throws IOException {
    ModelCard model =
        model(
            m -> {
              TensorProto.Builder weight = m.getGraphBuilder().getInitializerBuilder(0);
              byte[] bytes = weight.getRawData().toByteArray();
              weight
                  .clearRawData()
                  .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                  .addExternalData(entry("location", "small.data"))
                  .addExternalData(entry("offset", "4096"))
                  .addExternalData(entry("length", Integer.toString(bytes.length)));
              byte[] file = new byte[4096 + bytes.length];
              System.arraycopy(bytes, 0, file, 4096, bytes.length);
              try {
                Files.write(folder.resolve("small.data"), file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return m;
            });
    List<Path> photos = photos(3);
    Path apart = folder.resolve("apart");

    quantization(model).photos(photos).quantize().write(apart);
    quantization(model(m -> m)).photos(photos).quantize().write(folder);

    assertThat(apart.resolve("small-int8.onnx"))
        .hasSameBinaryContentAs(folder.resolve("small-int8.onnx"));
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void operatorSetsWithoutScalesForChannelsUseThoseOfOnnxRuntime() throws IOException {
    ModelCard model =
        model(
            m -> {
              m.getOpsetImportBuilder(0).setVersion(11);
              return m;
            });

    quantization(model).photos(photos(3)).quantize().write(folder.resolve("out"));

    ModelProto written =
        ModelProto.parseFrom(Files.readAllBytes(folder.resolve("out/small-int8.onnx")));
    assertThat(written.getGraph().getNodeList())
        .filteredOn(node -> node.getOpType().equals("QuantizeLinear"))
        .isNotEmpty()
        .allMatch(node -> node.getDomain().equals("com.microsoft"));
  }

  @Test
  void refusesOperatorSetsWithoutQuantization() throws IOException {
    ModelCard model =
        model(
            m -> {
              m.getOpsetImportBuilder(0).setVersion(9);
              return m;
            });

    assertThatExceptionOfType(QuantizationException.class)
        .isThrownBy(
            () ->
                FloatNetwork.read(
                    model, FloatNetwork.file(model), OrtEnvironment.getEnvironment(), folder))
        .withMessageContaining(
            "model small: its network has ONNX operator set 9, and int8 needs 10 or newer");
  }

  @Test
  void namesThatTheNetworkHasAlreadyAreNotTakenAgain() throws IOException {
    ModelCard model =
        model(
            m -> {
              m.getGraphBuilder().addInitializer(OnnxTensors.ofFloat("image_scale", 7));
              m.getGraphBuilder().addInitializer(OnnxTensors.ofFloat("b_zero_point", 7));
              m.getGraphBuilder()
                  .addNode(
                      NodeProto.newBuilder()
                          .setOpType("Add")
                          .addInput("image_scale")
                          .addInput("b_zero_point")
                          .addOutput("sum"));
              return m;
            });

    ModelCard small = quantization(model).photos(photos(2)).quantize().write(folder);

    try (Segmenter segmenter = Segmenter.builder().model(small).open()) {
      assertThat(segmenter.model().name()).isEqualTo("small-int8");
    }
  }

  @Test
  void aFixedBatchSeesEachPhotoRepeatedly() throws IOException {
    ModelCard model =
        model(
            m -> {
              for (ValueInfoProto.Builder value :
                  List.of(
                      m.getGraphBuilder().getInputBuilder(0),
                      m.getGraphBuilder().getOutputBuilder(0))) {
                value
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(0)
                    .setDimValue(2);
              }
              return m;
            });

    QuantizedModel small = quantization(model).photos(photos(10)).quantize();

    assertThat(small.agreement().unchanged()).isGreaterThan(0.9);
  }

  @Test
  void refusesAQuantizedModel() throws IOException {
    ModelCard small = quantization(model(m -> m)).photos(photos(2)).quantize().write(folder);

    assertThatExceptionOfType(QuantizationException.class)
        .isThrownBy(() -> Quantization.of(small).photos(photos(2)).quantize())
        .withMessage(
            "model small-int8 is quantized already: its network has QuantizeLinear. Quantize the"
                + " float32 model that it was made from.");
  }

  @Test
  void refusesValuesThatAreNotFinite() throws IOException {
    ModelCard model =
        model(
            m -> {
              for (int i = 0; i < m.getGraph().getInitializerCount(); i++) {
                TensorProto constant = m.getGraph().getInitializer(i);
                if (constant.getName().equals("first.weight")) {
                  float[] values = OnnxTensors.floats(constant);
                  Arrays.fill(values, 3e38f);
                  m.getGraphBuilder()
                      .setInitializer(
                          i,
                          OnnxTensors.of("first.weight", values).toBuilder()
                              .clearDims()
                              .addAllDims(constant.getDimsList()));
                }
              }
              return m;
            });

    assertThatExceptionOfType(QuantizationException.class)
        .isThrownBy(() -> quantization(model).photos(photos(2)).quantize())
        .withMessageMatching(
            "the tensor \"\\w+\" of the float32 network has values from \\S+ to (Infinity|NaN) on"
                + " .*photo0\\.png, which 8 bits cannot stand for\\..*");
  }

  @Test
  void refusesANetworkWithNothingToQuantize() throws IOException {
    ModelCard model =
        model(
                m -> {
                  List<NodeProto> kept =
                      List.of(
                          NodeProto.newBuilder()
                              .setOpType("Concat")
                              .addAllInput(List.of("image", "image"))
                              .addOutput("twice")
                              .addAttribute(
                                  AttributeProto.newBuilder()
                                      .setName("axis")
                                      .setType(AttributeProto.AttributeType.INT)
                                      .setI(1))
                              .build(),
                          NodeProto.newBuilder()
                              .setOpType("Relu")
                              .addInput("twice")
                              .addOutput("scores")
                              .build());
                  m.getGraphBuilder().clearNode().addAllNode(kept).clearInitializer();
                  m.getGraphBuilder()
                      .getOutputBuilder(0)
                      .getTypeBuilder()
                      .getTensorTypeBuilder()
                      .getShapeBuilder()
                      .getDimBuilder(1)
                      .setDimValue(6);
                  return m;
                })
            .toBuilder()
            .labels(LabelMap.of(List.of("a", "b", "c", "d", "e", "f")))
            .build();

    assertThatExceptionOfType(QuantizationException.class)
        .isThrownBy(() -> quantization(model).photos(photos(2)).quantize())
        .withMessageStartingWith(
            "model small: there is nothing to quantize: its network has no Conv, MatMul, or Gemm");
  }

  @Test
  void refusesNoPhotos() throws IOException {
    ModelCard model = model(m -> m);

    assertThatExceptionOfType(QuantizationException.class)
        .isThrownBy(() -> quantization(model).quantize())
        .withMessage(
            "there are no photos to calibrate on. Give 20 or more like those you will segment.");
  }

  @Test
  void refusesToWriteAModelThatChangesTooMuch() {
    Agreement agreement = new Agreement(1, false, 0.97, 0.9, 0.8, List.of());
    ModelCard card =
        ModelCard.builder(
                "small",
                InputSpec.builder("image", SizeRule.fixed(16, 12)).build(),
                OutputSpec.logits("scores", 1),
                LabelMap.of(List.of("a", "b")))
            .file(ModelFormat.ONNX, folder.resolve("small.onnx"))
            .build();
    QuantizedModel model = new QuantizedModel(card, new byte[1], 4, agreement, 98.5, List.of());

    assertThatExceptionOfType(QuantizationException.class)
        .isThrownBy(() -> model.write(folder))
        .withMessageStartingWith(
            "model small: 3.00 % of the pixels change against the float32 model, and at most 1.50 %"
                + " may.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesANameWithASlash() throws IOException {
    Quantization quantization = quantization(model(m -> m));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> quantization.name("a/b"))
        .withMessageEndingWith("found \"a/b\"");
  }

  /** Most of whose weights are in the last convolution but one, which changes nothing. */
  private static ModelProto.Builder withLargeEnd(ModelProto.Builder network) {
    GraphProto.Builder graph = network.getGraphBuilder();
    float[] weights = new float[4 * 4 * 7 * 7];
    for (int channel = 0; channel < 4; channel++) {
      weights[(channel * 4 + channel) * 7 * 7 + 7 * 7 / 2] = 1;
    }
    graph.addInitializer(
        OnnxTensors.of("large.weight", weights).toBuilder()
            .clearDims()
            .addAllDims(List.of(4L, 4L, 7L, 7L)));
    NodeProto end = graph.getNode(graph.getNodeCount() - 1);
    graph.setNode(
        graph.getNodeCount() - 1,
        NodeProto.newBuilder()
            .setOpType("Conv")
            .addInput(end.getInput(0))
            .addInput("large.weight")
            .addOutput("large")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("pads")
                    .setType(AttributeProto.AttributeType.INTS)
                    .addAllInts(List.of(3L, 3L, 3L, 3L))));
    graph.addNode(end.toBuilder().setInput(0, "large"));
    return network;
  }

  @Test
  void moreLayersStayInFloatUntilEnoughPixelsAreUnchanged() throws IOException {
    List<String> notes = new ArrayList<>();
    ModelCard model = model(QuantizationTest::withLargeEnd);
    Quantization quantization =
        quantization(model).photos(photos(30)).minAgreement(100).onNote(notes::add);

    QuantizedModel small = quantization.quantize();

    assertThat(notes)
        .filteredOn(note -> note.contains("unchanged"))
        .hasSize(2)
        .first(InstanceOfAssertFactories.STRING)
        .matches(
            "\\d\\d\\.\\d\\d % of the pixels are unchanged; trying again with the first 2 layers in"
                + " float32");
    assertThat(small.layers().get(0)).isNotEqualTo("2 Conv in float32");
    assertThat(small.agreement().unchanged())
        .isGreaterThan(quantization.minAgreement(0).quantize().agreement().unchanged());
  }

  @Test
  void refusesAnAgreementOfMoreThanAllPixels() throws IOException {
    Quantization quantization = quantization(model(m -> m));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> quantization.minAgreement(101))
        .withMessage("the least agreement must be 0 to 100 percent, found 101.0");
  }
}
