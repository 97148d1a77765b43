package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.CheckpointWriter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hugging Face folders, on ONNX Runtime. */
class HuggingFaceRunTest {
  @TempDir private Path folder;
  private Path model;
  private Path photo;

  @BeforeEach
  void publish() throws IOException {
    model = Files.createDirectory(folder.resolve("three-colours"));
    Files.write(
        Files.createDirectory(model.resolve("onnx")).resolve("model.onnx"),
        network().toByteArray());
    Files.writeString(
        model.resolve("config.json"),
        """
        {"id2label": {"0": "first", "1": "second, or so", "2": "third"}}\
        """);
    preprocessor(
        """
        {"image_processor_type": "SegformerImageProcessor", "size": 64, "do_normalize": false}\
        """);
    photo = folder.resolve("photo.png");
    ImageIO.write(redBesideBlue(), "png", photo.toFile());
  }

  private void preprocessor(String json) throws IOException {
    Files.writeString(model.resolve("preprocessor_config.json"), json);
  }

  static BufferedImage redBesideBlue() {
    BufferedImage image = new BufferedImage(160, 80, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 80; y++) {
      for (int x = 0; x < 160; x++) {
        image.setRGB(x, y, x < 80 ? 0xff0000 : 0x0000ff);
      }
    }
    return image;
  }

  /** The mean of each 4 x 4 block of pixels: class 0 if the first channel is the strongest. */
  static ModelProto network() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(
            GraphProto.newBuilder()
                .setName("three-colours")
                .addInput(value("pixel_values"))
                .addOutput(value("logits"))
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("AveragePool")
                        .addInput("pixel_values")
                        .addOutput("logits")
                        .addAttribute(fours("kernel_shape"))
                        .addAttribute(fours("strides"))))
        .build();
  }

  private static ValueInfoProto value(String name) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    shape.addDimBuilder().setDimValue(3);
    shape.addDimBuilder().setDimParam(name + "_height");
    shape.addDimBuilder().setDimParam(name + "_width");
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }

  private static AttributeProto fours(String name) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(List.of(4L, 4L))
        .build();
  }

  /** One channel, four times (red - blue), with external weights. */
  private static ModelProto binaryNetwork() {
    TensorProto.Builder weights =
        TensorProto.newBuilder()
            .setName("weights")
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(List.of(1L, 3L, 1L, 1L))
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    weights.addExternalDataBuilder().setKey("location").setValue("model.onnx_data");
    ModelProto.Builder model = network().toBuilder();
    model
        .getGraphBuilder()
        .clearNode()
        .addInitializer(weights)
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Conv")
                .addAllInput(List.of("pixel_values", "weights"))
                .addOutput("logits"))
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(1)
        .setDimValue(1);
    return model.build();
  }

  private static byte[] binaryWeights() {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(4)
        .putFloat(0)
        .putFloat(-4)
        .array();
  }

  private Run run() {
    return Run.of("run", photo, "-o", folder.resolve("out"), "--model", model);
  }

  private CategoryMask mask() throws IOException {
    return PalettePng.read(folder.resolve("out/photo.mask.png"));
  }

  @Test
  void opensAFolder() throws IOException {
    Run run = run();

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(mask().width()).isEqualTo(160);
    assertThat(mask().category(20, 40)).isEqualTo(0);
    assertThat(mask().category(140, 40)).isEqualTo(2);
    assertThat(folder.resolve("out/photo.json"))
        .content()
        .contains("\"model\" : \"three-colours\"", "\"name\" : \"first\"", "\"name\" : \"third\"");
  }

  @Test
  void followsTheProcessorsOwnRules() throws IOException {
    preprocessor(
        """
        {"image_processor_type": "MobileViTImageProcessor", "size": {"shortest_edge": 64},
         "crop_size": {"height": 64, "width": 64}}\
        """);

    Run run = run();

    assertThat(run.err()).isEmpty();
    assertThat(mask().category(60, 40)).as("red, as blue comes first").isEqualTo(2);
    assertThat(mask().category(100, 40)).isEqualTo(0);
    assertThat(mask().category(20, 40)).as("outside the crop").isEqualTo(255);
  }

  @Test
  void rejectsANetworkWithOtherClasses() throws IOException {
    Files.writeString(
        model.resolve("config.json"), "{\"id2label\": {\"0\": \"first\", \"1\": \"second\"}}");

    Run run = run();

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .startsWith(
            "segment: model three-colours failed its first run on backend onnx: an input of 64 x 64"
                + " should give logits in NCHW: 2 channels for its 2 labels; found FloatTensor[1 x "
                + "3"
                + " x 16 x 16].");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "second, or so",
        "SECOND, OR SO",
        "second\\, or so",
        "second, or so,third",
        "third, second, or so",
        "third,second\\, or so"
      })
  void acceptsCommasInAClassName(String classes) {
    Run run = Run.of("run", photo, "-m", model, "--write", "cutout", "--class", classes, "--force");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
  }

  @Test
  void rejectsPartsOfAClassName() {
    Run run = Run.of("run", photo, "-m", model, "--class", "third,second");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("segment: no class is named \"second\" (did you mean \"second, or so\"?).");
  }

  @Test
  void acceptsThresholdsForClassesWithCommas() throws IOException {
    Run run =
        Run.of(
            "run",
            photo,
            "-o",
            folder.resolve("out"),
            "-m",
            model,
            "--threshold",
            "second, or so=0.9",
            "--threshold",
            "third=1");

    assertThat(run.err()).isEmpty();
    assertThat(mask().category(140, 40)).isEqualTo(255);
  }

  @Test
  void choosesANetworkInTheFolderByItsPath() throws IOException {
    Files.write(model.resolve("onnx/model_fp16.onnx"), network().toByteArray());
    Files.write(model.resolve("onnx/model.onnx"), new byte[0]);

    Run run =
        Run.of(
            "run", photo, "-o", folder.resolve("out"), "-m", model.resolve("onnx/model_fp16.onnx"));

    assertThat(run.err()).isEmpty();
    assertThat(mask().category(140, 40)).isEqualTo(2);
  }

  @Test
  void readsOneChannelAsAClassAndTheBackground() throws IOException {
    Files.writeString(model.resolve("config.json"), "{\"num_labels\": 1}");
    Files.write(model.resolve("onnx/model.onnx"), binaryNetwork().toByteArray());
    Files.write(model.resolve("onnx/model.onnx_data"), binaryWeights());

    Run run = run();

    assertThat(run.err()).isEmpty();
    assertThat(mask().category(20, 40)).isEqualTo(1);
    assertThat(mask().category(140, 40)).isEqualTo(0);
    assertThat(folder.resolve("out/photo.json"))
        .content()
        .contains("\"name\" : \"background\"", "\"name\" : \"LABEL_0\"");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need privileges there")
  void opensAFolderOfLinksIntoTheCacheWithItsWeights() throws IOException {
    Path cached = folder.resolve("models--org--net");
    Path blobs = Files.createDirectories(cached.resolve("blobs"));
    Path snapshot = cached.resolve("snapshots/0123abcd");
    Files.createDirectories(snapshot.resolve("onnx"));
    Files.writeString(blobs.resolve("1"), "{\"id2label\": {\"0\": \"red\"}}");
    Files.copy(model.resolve("preprocessor_config.json"), blobs.resolve("2"));
    Files.write(blobs.resolve("3"), binaryNetwork().toByteArray());
    Files.write(blobs.resolve("4"), binaryWeights());
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/1"));
    Files.createSymbolicLink(
        snapshot.resolve("preprocessor_config.json"), Path.of("../../blobs/2"));
    Files.createSymbolicLink(snapshot.resolve("onnx/model.onnx"), Path.of("../../../blobs/3"));
    Files.createSymbolicLink(snapshot.resolve("onnx/model.onnx_data"), Path.of("../../../blobs/4"));

    Run run = Run.of("run", photo, "-o", folder.resolve("out"), "-m", cached);

    assertThat(run.err()).isEmpty();
    assertThat(mask().category(20, 40)).isEqualTo(1);
    assertThat(folder.resolve("out/photo.json")).content().contains("\"org/net\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "comma | road, route",
        "fast-short | red",
        "input-name | red",
        "no-id2label | LABEL_0",
        "quantized-only | red"
      })
  void opensFoldersAsOnTheHub(String name, String firstClass) {
    Path hub = Path.of("../../shared/cases/11-hugging-face-folders").resolve(name);
    assumeTrue(Files.exists(hub), hub + " is not on this machine");

    Run run = Run.of("run", photo, "-o", folder.resolve("out"), "-m", hub, "--class", firstClass);

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(folder.resolve("out/photo.json"))
        .content()
        .contains("\"name\" : \"" + firstClass + "\"");
  }

  /** Puts a checkpoint in the network's place. */
  private void replaceTheNetworkByWeights() throws IOException {
    Files.delete(model.resolve("onnx/model.onnx"));
    Network network = Networks.of("lraspp-mobilenet-v3-large", NetworkOptions.ofClasses(3));
    Weights weights = Weights.initial(network, 1);
    CheckpointWriter checkpoint = new CheckpointWriter();
    for (Parameter parameter : network.parameters()) {
      checkpoint.add(
          parameter.name(),
          WeightTensor.of(parameter.shape(), () -> weights.values(parameter.name())));
    }
    checkpoint.writeSafetensors(model.resolve("model.safetensors"));
  }

  @Test
  void convertsAFolderOfWeightsWithTheCommandThatTheErrorNames() throws IOException {
    replaceTheNetworkByWeights();
    Path out = folder.resolve("converted");

    Run refused = run();
    Run convert = Run.of("models", "convert", model, "-o", out, "--name", "mine");
    Run run =
        Run.of("run", photo, "-o", folder.resolve("out"), "-m", out.resolve("mine.properties"));

    assertThat(refused.err()).contains("'segment models convert %s -o OUT'".formatted(model));
    assertThat(convert.err()).isEmpty();
    assertThat(convert.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(folder.resolve("out/photo.json")).content().contains("\"model\" : \"mine\"");
    assertThat(ModelCard.read(out.resolve("mine.properties")).labels().names())
        .containsExactly("first", "second, or so", "third");
  }

  @Test
  void rejectsOptionsThatAFolderDecides() throws IOException {
    replaceTheNetworkByWeights();

    Run run =
        Run.of("models", "convert", model, "--network", "unet", "--labels", "a,b", "-o", folder);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: %s has its own network, classes, and input size; leave out --network, --labels"
                .formatted(model));
  }

  @Test
  void identifiesAnInstanceModel() throws IOException {
    preprocessor("{\"image_processor_type\": \"Mask2FormerImageProcessor\"}");

    Run run = run();

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: "
                + model.resolve("preprocessor_config.json")
                + ": Mask2Former is an instance model with queries: its network outputs a mask and "
                + "a class for each query, not a score of each class for each pixel. It is"
                + " not supported; use a model for semantic segmentation");
  }

  @Test
  void reportsAMissingFile() throws IOException {
    Files.delete(model.resolve("preprocessor_config.json"));

    Run run = run();

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: " + model + ": there is no preprocessor_config.json; a Hugging Face model");
  }
}
