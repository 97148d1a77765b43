package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceFolderTest {
  /** nvidia/segformer-b0-finetuned-ade-512-512, as Xenova publishes it for ONNX. */
  private static final String SEGFORMER =
      """
      {"do_normalize": true, "do_reduce_labels": true, "do_rescale": true, "do_resize": true,
       "image_mean": [0.485, 0.456, 0.406], "image_processor_type": "SegformerFeatureExtractor",
       "image_std": [0.229, 0.224, 0.225], "resample": 2, "rescale_factor": 0.00392156862745098,
       "size": {"height": 512, "width": 512}}
      """;

  /** google/deeplabv3_mobilenet_v2_1.0_513. */
  private static final String MOBILENET =
      """
      {"crop_size": {"height": 513, "width": 513}, "do_center_crop": true, "do_normalize": true,
       "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
       "image_processor_type": "MobileNetV2ImageProcessor", "image_std": [0.5, 0.5, 0.5],
       "resample": 2, "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 545}}
      """;

  /** apple/deeplabv3-mobilevit-small. */
  private static final String MOBILEVIT =
      """
      {"crop_size": {"height": 512, "width": 512}, "do_center_crop": true,
       "do_flip_channel_order": true, "do_flip_channels": true, "do_rescale": true,
       "do_resize": true, "feature_extractor_type": "MobileViTFeatureExtractor",
       "image_processor_type": "MobileViTFeatureExtractor", "resample": 2,
       "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 544}}
      """;

  @TempDir private Path parent;
  private Path folder;

  @BeforeEach
  void publish() throws IOException {
    folder = Files.createDirectory(parent.resolve("some-model"));
    Files.createFile(Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx"));
    config(List.of("red", "green", "blue"));
    preprocessor(SEGFORMER);
  }

  private void config(List<String> labels) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        IntStream.range(0, labels.size())
            .mapToObj(id -> "\"%d\": \"%s\"".formatted(id, labels.get(id)))
            .collect(
                Collectors.joining(
                    ", ", "{\"_name_or_path\": \"org/net\", \"id2label\": {", "}}")));
  }

  private void preprocessor(String json) throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), json);
  }

  private InputSpec input(String json) throws IOException {
    preprocessor(json);
    return HuggingFaceFolder.read(folder).input();
  }

  private static InputSpec.Builder expected(SizeRule size) {
    return InputSpec.builder("pixel_values", size);
  }

  private static SizeRule shortestEdge(int length) {
    return SizeRule.shortEdge(length).withRounding(SizeRule.Rounding.DOWN);
  }

  @Test
  void aFolderIsACard() throws IOException {
    Files.writeString(
        folder.resolve("README.md"),
        """
        ---
        tags:
        - vision
        license: "apache-2.0"
        license_link: https://example.org
        ---
        license: none of these
        """);

    assertThat(HuggingFaceFolder.read(folder))
        .isEqualTo(
            ModelCard.builder(
                    "some-model",
                    expected(SizeRule.fixed(512, 512)).imageNet().build(),
                    OutputSpec.logits("logits", 0),
                    LabelMap.of(List.of("red", "green", "blue")))
                .description("")
                .license("apache-2.0")
                .source("org/net")
                .files(
                    List.of(
                        new ModelFile(
                            ModelFormat.ONNX,
                            folder.resolve("onnx/model.onnx").toUri(),
                            Optional.empty())))
                .palette(Palette.voc())
                .build());
  }

  @Test
  void theCardIsWrittenAndReadAgain() throws IOException {
    preprocessor(MOBILENET);
    ModelCard model = HuggingFaceFolder.read(folder);
    Path card = folder.resolve("model.properties");

    model.write(card);

    assertThat(ModelCard.read(card)).isEqualTo(model);
  }

  @Test
  void mobileNetsAreCroppedInTheMiddle() throws IOException {
    assertThat(input(MOBILENET))
        .isEqualTo(
            expected(shortestEdge(545))
                .crop(513, 513, SizeRule.Rounding.DOWN)
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
  }

  @Test
  void mobileVitsSeeBlueFirstAndNothingNormalised() throws IOException {
    assertThat(input(MOBILEVIT))
        .isEqualTo(
            expected(shortestEdge(544))
                .crop(512, 512, SizeRule.Rounding.DOWN)
                .channelOrder(ChannelOrder.BGR)
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SegformerFeatureExtractor | 640",
        "SegformerImageProcessor | {\"height\": 640, \"width\": 640}"
      })
  void segformersAreSquare(String type, String size) throws IOException {
    assertThat(input("{\"feature_extractor_type\": \"%s\", \"size\": %s}".formatted(type, size)))
        .isEqualTo(expected(SizeRule.fixed(640, 640)).imageNet().build());
  }

  @Test
  void aMobileVitsBareSizeIsItsShortestEdge() throws IOException {
    assertThat(
            input(
                """
                {"crop_size": 512, "do_center_crop": true, "do_flip_channels": true,
                 "do_resize": true, "feature_extractor_type": "MobileViTFeatureExtractor",
                 "resample": 2, "size": 544}\
                """))
        .isEqualTo(input(MOBILEVIT));
  }

  @Test
  void oneStandsForLanczos() throws IOException {
    assertThat(
            input("{\"image_processor_type\": \"SegformerImageProcessor\", \"resample\": 1}")
                .interpolation())
        .isEqualTo(Interpolation.LANCZOS);
  }

  @Test
  void whatAFileDoesNotSayIsTheProcessorsOwn() throws IOException {
    assertThat(input("{\"image_processor_type\": \"SegformerImageProcessor\"}"))
        .isEqualTo(expected(SizeRule.fixed(512, 512)).imageNet().build());
    assertThat(input("{\"image_processor_type\": \"MobileNetV2ImageProcessor\"}"))
        .isEqualTo(
            expected(shortestEdge(256))
                .crop(224, 224, SizeRule.Rounding.DOWN)
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
    assertThat(input("{\"image_processor_type\": \"MobileViTImageProcessor\"}"))
        .isEqualTo(
            expected(shortestEdge(224))
                .crop(256, 256, SizeRule.Rounding.DOWN)
                .channelOrder(ChannelOrder.BGR)
                .build());
    assertThat(input("{\"image_processor_type\": \"BeitImageProcessor\"}"))
        .isEqualTo(
            expected(SizeRule.fixed(256, 256))
                .crop(224, 224, SizeRule.Rounding.DOWN)
                .interpolation(Interpolation.BICUBIC)
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
    assertThat(input("{\"image_processor_type\": \"DPTImageProcessor\"}"))
        .isEqualTo(
            expected(SizeRule.fixed(384, 384))
                .interpolation(Interpolation.BICUBIC)
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
  }

  @Test
  void anUnknownProcessorMaySayEverything() throws IOException {
    assertThat(
            input(
                """
                {"image_processor_type": "NewImageProcessorFast", "crop_size": null,
                 "do_center_crop": null, "do_normalize": true, "do_rescale": false,
                 "do_resize": true, "image_mean": 127.5, "image_std": [1, 2, 3], "resample": 3,
                 "size": {"longest_edge": 320}}\
                """))
        .isEqualTo(
            expected(SizeRule.longEdge(320))
                .scale(1)
                .mean(127.5, 127.5, 127.5)
                .std(1, 2, 3)
                .interpolation(Interpolation.BICUBIC)
                .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Segformer", "DPT", "MobileNetV2", "MobileViT", "SegformerFeatureExtractor"})
  void aFastProcessorIsItsSlowNamesake(String type) throws IOException {
    String processor = type.endsWith("Extractor") ? type : type + "ImageProcessor";
    InputSpec slow = input("{\"image_processor_type\": \"%s\"}".formatted(processor));
    InputSpec fast =
        input(
            """
            {"image_processor_type": "%sFast", "do_resize": null, "size": null,
             "image_mean": null, "do_center_crop": null, "data_format": "channels_first"}\
            """
                .formatted(processor));

    assertThat(fast)
        .as("but it places a crop as torchvision does")
        .hasToString(slow.toString().replaceFirst("(crop=Optional\\[[^,]*), rounded down", "$1"));
  }

  @Test
  void aProcessorThatUsesPillowPlacesItsCropLikeTheSlowOne() throws IOException {
    assertThat(input(MOBILENET.replace("ImageProcessor\"", "ImageProcessorPil\"")))
        .isEqualTo(input(MOBILENET));
  }

  @Test
  void theFastProcessorOfBeitDoesNotCrop() throws IOException {
    assertThat(input("{\"image_processor_type\": \"BeitImageProcessorFast\"}"))
        .isEqualTo(
            expected(SizeRule.fixed(224, 224))
                .interpolation(Interpolation.BICUBIC)
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
  }

  @Test
  void aSlowProcessorTakesNullForNo() throws IOException {
    assertThat(
            input(
                "{\"image_processor_type\": \"SegformerImageProcessor\", \"do_normalize\": null}"))
        .isEqualTo(expected(SizeRule.fixed(512, 512)).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | LABEL_0, LABEL_1",
        "{\"id2label\": null, \"num_labels\": null} | LABEL_0, LABEL_1",
        "{\"num_labels\": 3} | LABEL_0, LABEL_1, LABEL_2",
        "{\"num_labels\": 5, \"id2label\": {\"0\": \"a\", \"1\": \"b \"}} | a, b",
      })
  void classesWithoutNamesAreNumbered(String json, String names) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);

    assertThat(HuggingFaceFolder.read(folder).labels().names()).containsExactly(names.split(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"num_labels\": 1} | LABEL_0", "{\"id2label\": {\"0\": \"road\"}} | road"})
  void aSingleClassIsHeldAgainstTheBackground(String json, String name) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);

    ModelCard card = HuggingFaceFolder.read(folder);

    assertThat(card.labels().names()).containsExactly("background", name);
    assertThat(card.output())
        .isEqualTo(OutputSpec.logits("logits", 0).withKind(OutputKind.BINARY_LOGITS));
  }

  @ParameterizedTest
  @CsvSource({
    "Sigmoid, logits, SIGMOID",
    "Sigmoid, gate, BINARY_LOGITS",
    "Conv, logits, BINARY_LOGITS",
  })
  void theSigmoidIsNotTakenOfOneThatTheNetworkEndsIn(
      String operator, String made, OutputKind expected) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"num_labels\": 1}");
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph.addNodeBuilder().setOpType(operator).addInput("x").addOutput(made);
    graph.addOutputBuilder().setName("logits");
    Files.write(
        folder.resolve("onnx/model.onnx"),
        ModelProto.newBuilder().setGraph(graph).build().toByteArray());

    assertThat(HuggingFaceFolder.read(folder).output().kind()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "onnx/model_quantized.onnx",
        "onnx/model_fp16.onnx",
        "onnx/model_q4.onnx",
        "onnx/model_bnb4.onnx",
        "onnx/net.onnx",
        "model_uint8.onnx",
        "model_int8.onnx"
      })
  void theOnlyNetworkIsTakenWhateverItIsCalled(String network) throws IOException {
    Files.move(folder.resolve("onnx/model.onnx"), folder.resolve(network));

    assertThat(HuggingFaceFolder.read(folder).files().get(0).location())
        .isEqualTo(folder.resolve(network).toUri());
  }

  @Test
  void ofSeveralNetworksOneHasToBeChosen() throws IOException {
    Files.move(folder.resolve("onnx/model.onnx"), folder.resolve("onnx/model_q4.onnx"));
    Path half = Files.createFile(folder.resolve("onnx/model_fp16.onnx"));

    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: it has the networks onnx/model_fp16.onnx, onnx/model_q4.onnx, and none is named"
                + " model.onnx; choose one, such as %s",
            folder, half);
    assertThat(HuggingFaceFolder.matches(half)).isTrue();
    assertThat(HuggingFaceFolder.read(half))
        .isEqualTo(HuggingFaceFolder.read(folder, "onnx/model_fp16.onnx"));
    Path top = Files.move(half, folder.resolve("model_fp16.onnx"));
    assertThat(HuggingFaceFolder.read(top).name()).isEqualTo("some-model");
    assertThat(HuggingFaceFolder.matches(folder.resolve("config.json"))).isFalse();
    assertThat(HuggingFaceFolder.matches(Files.createFile(parent.resolve("x.onnx")))).isFalse();
  }

  private void network(List<String> inputs, List<String> outputs) throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph.addInitializerBuilder().setName("w").addDims(2).addFloatData(1).addFloatData(2);
    inputs.forEach(name -> graph.addInputBuilder().setName(name).setDocString("an input"));
    outputs.forEach(name -> graph.addOutputBuilder().setName(name));
    Files.write(
        folder.resolve("onnx/model.onnx"),
        ModelProto.newBuilder().setIrVersion(3).setGraph(graph).build().toByteArray());
  }

  @Test
  void theOnlyInputAndOutputAreTakenWhateverTheyAreCalled() throws IOException {
    network(List.of("w", "image"), List.of("scores"));
    ModelCard other = HuggingFaceFolder.read(folder);
    network(List.of("pixel_values", "mask"), List.of("hidden", "logits"));
    ModelCard usual = HuggingFaceFolder.read(folder);

    assertThat(other.input().name()).isEqualTo("image");
    assertThat(other.output().name()).isEqualTo("scores");
    assertThat(usual.input().name()).isEqualTo("pixel_values");
    assertThat(usual.output().name()).isEqualTo("logits");
  }

  @Test
  void ofSeveralInputsAndOutputsNoneIsGuessed() throws IOException {
    network(List.of("image", "size"), List.of("logits"));
    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "has the inputs image, size, and none is named pixel_values; write a model card");

    network(List.of("image"), List.of("last_hidden_state", "pooler_output"));
    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "has the outputs last_hidden_state, pooler_output, and none is named logits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"Mask2FormerForUniversalSegmentation\"] | an instance model with queries",
        "[\"MaskFormerForInstanceSegmentation\"] | an instance model with queries",
        "[\"OneFormerForUniversalSegmentation\"] | an instance model with queries",
        "[\"EomtForUniversalSegmentation\"] | an instance model with queries",
        "[\"DetrForSegmentation\"] | an instance model with queries",
        "[\"DetrForObjectDetection\"] | a model that finds boxes around objects",
        "[\"YolosForObjectDetection\"] | a model that finds boxes around objects",
        "[\"ViTForImageClassification\"] | a model that classifies whole images",
        "[\"DPTForDepthEstimation\"] | a model that estimates depth",
        "[\"SamModel\"] | a model that segments objects marked by points or boxes",
        "[\"CLIPSegForImageSegmentation\"] | a model that finds objects described by text",
        "[\"VitMatteForImageMatting\"] | a model that refines a given mask",
      })
  void aModelForAnotherTaskIsSaidToBeOne(String architectures, String kind) throws IOException {
    Files.delete(folder.resolve("onnx/model.onnx"));
    Files.writeString(
        folder.resolve("config.json"), "{\"architectures\": %s}".formatted(architectures));
    requireFailure("config.json", architectures.replaceAll("[\"\\[\\]]", "") + " is " + kind);
    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .hasMessageEndingWith(
            "It is not supported; use a model for semantic segmentation, whose architecture ends "
                + "in"
                + " ForSemanticSegmentation");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mask2former", "maskformer", "oneformer", "conditional_detr", "rt_detr", "yolos", "sam",
        "sam2", "sam_hq", "depth_anything", "glpn", "zoedepth", "clipseg", "vitmatte"
      })
  void aModelForAnotherTaskIsKnownByItsType(String type) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"%s\"}".formatted(type));

    requireFailure("config.json", type + " is a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"SegformerForSemanticSegmentation\"], \"model_type\": \"segformer\"",
        "[\"DPTForSemanticSegmentation\"], \"model_type\": \"dpt\"",
        "[\"BiRefNet\"]",
        "null, \"model_type\": \"data2vec-vision\""
      })
  void modelsForThisTaskAndUnknownOnesAreNotRefused(String architectures) throws IOException {
    Files.writeString(
        folder.resolve("config.json"), "{\"architectures\": %s}".formatted(architectures));

    assertThat(HuggingFaceFolder.read(folder).labels().size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mask2FormerImageProcessor",
        "MaskFormerFeatureExtractor",
        "DetrImageProcessorFast",
        "Sam2ImageProcessorFast",
        "OneFormerProcessor"
      })
  void aModelForAnotherTaskIsKnownByItsProcessor(String type) throws IOException {
    preprocessor("{\"image_processor_type\": \"%s\"}".formatted(type));

    requireFailure(
        "preprocessor_config.json", type.replaceFirst("(Image|Feature|Pro).*", "") + " is a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"masks_queries_logits", "class_queries_logits", "pred_masks"})
  void aModelForAnotherTaskIsKnownByItsOutputs(String output) throws IOException {
    network(List.of("pixel_values"), List.of("logits", output));

    requireFailure(
        "onnx/model.onnx",
        "a network with the output " + output + " is an instance model with queries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "pytorch_model.bin", "model.safetensors.index.json"})
  void weightsWithoutANetworkAreSaidToLackIt(String weights) throws IOException {
    Files.move(folder.resolve("onnx/model.onnx"), folder.resolve(weights));

    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%1$s: there is no onnx/model.onnx, only PyTorch weights (%2$s) without the network. "
                + "Export the model with 'optimum-cli export onnx --task semantic-segmentation "
                + "--model %1$s OUT'"
                + " and open OUT, or look for a copy of the model that has onnx/model.onnx",
            folder, weights);
  }

  /** Puts weights of the classes' number in the network's place. */
  private void weights(int classes) throws IOException {
    Files.delete(folder.resolve("onnx/model.onnx"));
    Network network = Networks.of("lraspp-mobilenet-v3-large", NetworkOptions.ofClasses(classes));
    Files.move(
        Checkpoints.safeTensors(parent, network.parameters()), folder.resolve("model.safetensors"));
  }

  @Test
  void weightsOfOneOfOurNetworksAreSaidToBeConvertible() throws IOException {
    weights(3);

    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%1$s: there is no onnx/model.onnx, only PyTorch weights (model.safetensors) without"
                + " the network. Convert them with 'segment models convert %1$s -o OUT' or"
                + " HuggingFaceFolder.conversion, and open the card in OUT",
            folder);
  }

  @Test
  void weightsAreConvertibleWithoutAnImageProcessor() throws IOException {
    weights(3);
    Files.delete(folder.resolve("preprocessor_config.json"));

    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .hasMessageContaining("Convert them with 'segment models convert %s -o OUT'", folder);
    assertThat(HuggingFaceFolder.conversion(folder).write(parent.resolve("out")).input())
        .isEqualTo(Networks.of("lraspp-mobilenet-v3-large", NetworkOptions.ofClasses(3)).input());
  }

  @Test
  void theCommandThatConvertsQuotesAPathWithSpaces() throws IOException {
    weights(3);
    Path other = Files.move(folder, parent.resolve("some other model"));

    assertThatThrownBy(() -> HuggingFaceFolder.read(other))
        .hasMessageContaining("'segment models convert \"%s\" -o OUT'", other);
  }

  @Test
  void weightsOfOneOfOurNetworksAreConvertedWithWhatTheFolderSays() throws IOException {
    weights(3);
    preprocessor(MOBILEVIT.replace("512", "96"));
    Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\n---\n");

    ModelCard card = HuggingFaceFolder.conversion(folder).write(parent.resolve("out"));

    assertThat(card).isEqualTo(ModelCard.read(parent.resolve("out")));
    assertThat(card.name()).isEqualTo("lraspp-mobilenet-v3-large");
    assertThat(card.labels().names()).containsExactly("red", "green", "blue");
    assertThat(card.license()).isEqualTo("mit");
    assertThat(card.source()).isEqualTo("org/net");
    assertThat(card.input())
        .isEqualTo(
            InputSpec.builder("input", shortestEdge(544))
                .crop(96, 96, SizeRule.Rounding.DOWN)
                .channelOrder(ChannelOrder.BGR)
                .build());
  }

  @Test
  void weightsOfNoNetworkAreNotConverted() throws IOException {
    Files.delete(folder.resolve("onnx/model.onnx"));
    Parameter other = new Parameter("other.weight", List.of(2, 3), true);
    Files.move(
        Checkpoints.safeTensors(parent, List.of(other)), folder.resolve("model.safetensors"));

    assertThatThrownBy(() -> HuggingFaceFolder.conversion(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%1$s has only weights, and model.safetensors fits none of the networks %2$s. Export"
                + " the model with 'optimum-cli export onnx --task semantic-segmentation --model"
                + " %1$s OUT' and open OUT, or look for a copy of the model that has"
                + " onnx/model.onnx.",
            folder, String.join(", ", Networks.names()));
  }

  @Test
  void aFolderWithoutWeightsIsNotConverted() {
    assertThatThrownBy(() -> HuggingFaceFolder.conversion(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: to be converted, a Hugging Face model must be a folder with config.json and"
                + " model.safetensors or pytorch_model.bin",
            folder);
  }

  /** Lays out the folder as the libraries of Hugging Face keep it, and returns the snapshot. */
  private Path cached(String commit) throws IOException {
    Path model = parent.resolve("models--org--some-model");
    Path blobs = Files.createDirectories(model.resolve("blobs"));
    Path snapshot = Files.createDirectories(model.resolve("snapshots/" + commit + "/onnx"));
    for (String name : List.of("config.json", "preprocessor_config.json", "onnx/model.onnx")) {
      Path blob = blobs.resolve(commit + name.replace('/', '-'));
      Files.copy(folder.resolve(name), blob);
      Path link = snapshot.resolveSibling(name);
      Files.createSymbolicLink(link, link.resolveSibling("").relativize(blob));
    }
    return snapshot.resolveSibling("");
  }

  @Test
  void aFolderOfTheCacheIsAModel() throws IOException {
    Path snapshot = cached("0123abcd");
    ModelCard card = HuggingFaceFolder.read(snapshot);

    assertThat(card.name()).isEqualTo("org/some-model");
    assertThat(card.files().get(0).location())
        .isEqualTo(snapshot.resolve("onnx/model.onnx").toUri());
    assertThat(HuggingFaceFolder.read(parent.resolve("models--org--some-model"))).isEqualTo(card);
    assertThat(HuggingFaceFolder.read(snapshot.resolveSibling(""))).isEqualTo(card);
    assertThat(HuggingFaceFolder.read(parent)).as("its only model").isEqualTo(card);
    assertThat(HuggingFaceFolder.read(snapshot.resolve("onnx/model.onnx"))).isEqualTo(card);
  }

  @Test
  void ofSeveralSnapshotsTheNewestIsTakenOrOneHasToBeChosen() throws IOException {
    Path first = cached("0123abcd");
    Path second = cached("4567abcd");
    Path model = parent.resolve("models--org--some-model");

    assertThatThrownBy(() -> HuggingFaceFolder.read(model))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: it is a Hugging Face cache with 2 snapshots of a model; choose the folder of one:"
                + " %s, %s",
            model, first, second);

    Files.writeString(Files.createDirectory(model.resolve("refs")).resolve("main"), "4567abcd\n");
    assertThat(HuggingFaceFolder.read(model)).isEqualTo(HuggingFaceFolder.read(second));
  }

  @Test
  void ofSeveralModelsInTheCacheOneHasToBeChosen() throws IOException {
    cached("0123abcd");
    Path other = Files.createDirectory(parent.resolve("models--org--other"));

    assertThatThrownBy(() -> HuggingFaceFolder.read(parent))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: it is a Hugging Face cache with 2 models; choose the folder of one: %s, %s",
            parent, other, parent.resolve("models--org--some-model"));
    Files.createDirectory(other.resolve("snapshots"));
    assertThatThrownBy(() -> HuggingFaceFolder.read(other))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "with 0 snapshots of a model; choose the folder of one: download it again first");
  }

  @Test
  void aLinkToNothingIsNamed() throws IOException {
    Path network = folder.resolve("onnx/model.onnx");
    Files.delete(network);
    Files.createSymbolicLink(network, Path.of("../blobs/gone"));

    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage("%s: it is a link to a missing file; download it again", network);
  }

  @Test
  void reducedLabelsAreTheTrainersConcern() throws IOException {
    String reduced = "\"do_reduce_labels\": true";
    ModelCard card = HuggingFaceFolder.read(folder);

    preprocessor(SEGFORMER.replace(reduced, "\"do_reduce_labels\": false"));
    assertThat(HuggingFaceFolder.read(folder)).isEqualTo(card);
    preprocessor(SEGFORMER.replace(reduced, "\"reduce_labels\": true"));
    assertThat(HuggingFaceFolder.read(folder)).isEqualTo(card);
    assertThat(card.labels().name(0)).isEqualTo("red");
  }

  @Test
  void knownDataSetsHaveTheirColours() throws IOException {
    config(
        LabelMap.ade20k().names().stream()
            .map(name -> name.equals("bed") ? "bed " : name)
            .toList());
    ModelCard ade20k = HuggingFaceFolder.read(folder);
    config(LabelMap.cityscapes().names());
    ModelCard cityscapes = HuggingFaceFolder.read(folder);

    assertThat(ade20k.palette()).isEqualTo(Palette.ade20k());
    assertThat(ade20k.labels().name(7)).isEqualTo("bed");
    assertThat(cityscapes.palette()).isEqualTo(Palette.cityscapes());
  }

  @Test
  void labelsMayHaveCommas() throws IOException {
    config(List.of("earth, ground", "sea"));

    assertThat(HuggingFaceFolder.read(folder).labels().names())
        .containsExactly("earth, ground", "sea");
  }

  @Test
  void aNetworkAtTheTopIsTakenWhereThereIsNoOther() throws IOException {
    Files.delete(folder.resolve("onnx/model.onnx"));
    Path top = Files.createFile(folder.resolve("model.onnx"));

    assertThat(HuggingFaceFolder.read(folder).files().get(0).location()).isEqualTo(top.toUri());
  }

  @Test
  void anotherNetworkIsTakenByName() throws IOException {
    Path quantized = Files.createFile(folder.resolve("onnx/model_quantized.onnx"));

    assertThat(
            HuggingFaceFolder.read(folder, "onnx/model_quantized.onnx").files().get(0).location())
        .isEqualTo(quantized.toUri());
    assertThatThrownBy(() -> HuggingFaceFolder.read(folder, "onnx/model_fp16.onnx"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder + ": there is no onnx/model_fp16.onnx; ");
  }

  @Test
  void whatAFolderLacksIsNamed() throws IOException {
    Files.delete(folder.resolve("onnx/model.onnx"));
    Files.delete(folder.resolve("config.json"));

    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder
                + ": there is no config.json, no onnx/model.onnx; a Hugging Face model is a folder "
                + "with config.json, preprocessor_config.json and onnx/model.onnx or"
                + " model.onnx");
  }

  private void requireFailure(String file, String message) {
    assertThatThrownBy(() -> HuggingFaceFolder.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve(file) + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | it should contain a JSON object",
        "[] | it should contain a JSON object",
        "{} {} | it should contain a single JSON object",
        "{\"num_labels\": 0} | num_labels should be a whole number from 1 to 65535, found 0.0",
        "{\"architectures\": 5} | architectures should be a list of strings, found 5.0",
        "{\"id2label\": [\"a\"]} | id2label should be an object, found [a]",
        "{\"id2label\": {}} | a label map needs at least one name, found none",
        "{\"id2label\": {\"0\": \"a\", \"2\": \"c\"}} | id2label.1 should be a name, as there are"
            + " 2 classes, found no such key",
        "{\"id2label\": {\"1\": \"a\"}} | id2label.0 should be a name, as there are 1 classes",
        "{\"id2label\": {\"0\": 5}} | id2label.0 should be a string, found 5.0",
        "{\"id2label\": {\"0\": \" \"}} | id2label.0 should be a name, as there are 1 classes,"
            + " found",
        "{\"id2label\": {\"0\": \"a\", \"1\": \"A\"}} | labels must be unique, found twice: A",
        "{\"id2label\": {\"0\": \"a\"}, \"id2label\": {\"0\": \"b\"}} | not valid JSON: Duplicate"
            + " field 'id2label' (line 1)",
        "{\"id2label\": {\"0\": \"a\" | not valid JSON: Unexpected end-of-input",
        "{id2label} | not valid JSON: Unexpected character",
      })
  void aBadConfigIsTold(String json, String message) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);

    requireFailure("config.json", message);
  }

  @Test
  void deepOrEndlessJsonIsRefused() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"a\": ".repeat(100_000));
    requireFailure("config.json", "not valid JSON: Document nesting depth");

    Files.writeString(folder.resolve("config.json"), "{" + " ".repeat(5 << 20) + "}");
    requireFailure("config.json", "not valid JSON: Document length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "8193", "-512", "2.5", "1e999", "NaN", "\"512\"", "null"})
  void aSideOutOfRangeIsTold(String side) throws IOException {
    preprocessor(SEGFORMER.replace("\"height\": 512", "\"height\": " + side));

    requireFailure(
        "preprocessor_config.json", "size.height should be a whole number from 1 to 8192, found ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"resample\": 2 | \"resample\": 4 | resample should be 0 (nearest), 1 (lanczos), 2"
            + " (bilinear) or 3 (bicubic), found 4.0",
        "\"size\": { | \"size\": {\"shortest_edge\": 9, | size should be {\"height\", \"width\"},"
            + " {\"shortest_edge\"} or {\"longest_edge\"}, found {shortest_edge=9.0, height=512.0,",
        "{\"height\": 512, \"width\": 512} | true | size should be a whole number from 1 to 8192,"
            + " found true",
        "\"do_resize\": true | \"do_resize\": false | do_resize should be true, as images at their"
            + " own size are not supported, found false",
        "\"do_resize\": true | \"do_resize\": \"yes\" | do_resize should be true or false, found"
            + " yes",
        "\"do_resize\" | \"do_pad\": true, \"do_resize\" | do_pad should be false, as it is not"
            + " supported, found true",
        "\"do_resize\" | \"keep_aspect_ratio\": true, \"do_resize\" | keep_aspect_ratio should be"
            + " false, as it is not supported",
        "\"do_resize\" | \"ensure_multiple_of\": 100, \"do_resize\" | size should be of sides that"
            + " are multiples of ensure_multiple_of, 100, found {height=512.0, width=512.0}",
        "\"do_resize\" | \"do_flip_channel_order\": true, \"do_resize\" | do_normalize should be"
            + " false where do_flip_channel_order is true, found true",
        "\"do_resize\" | \"do_center_crop\": true, \"do_resize\" | there is no crop_size,"
            + " and the defaults of image processor SegformerFeatureExtractor",
        "0.229, | '' | image_std should be three numbers, or one for all channels, found [0.224,"
            + " 0.225]",
        "0.229 | 0 | std must be three numbers above 0, found [0.0, 0.224, 0.225]",
        "0.485 | NaN | mean must be three numbers, found [NaN, 0.456, 0.406]",
        "0.00392156862745098 | -1 | scale must be above 0, found -1.0",
      })
  void aBadPreprocessorIsTold(String part, String replacement, String message) throws IOException {
    assertThat(SEGFORMER).contains(part);
    preprocessor(SEGFORMER.replace(part, replacement));

    requireFailure("preprocessor_config.json", message);
  }

  @Test
  void anUnknownProcessorHasToSayEverything() throws IOException {
    preprocessor(
        """
        {"image_processor_type": "NewImageProcessor", "do_resize": true, "size": 512,
         "do_rescale": true, "do_normalize": true}\
        """);
    requireFailure(
        "preprocessor_config.json",
        "there is no resample, no rescale_factor, no image_mean, no image_std, and the defaults of "
            + "image processor NewImageProcessor are not known (only those of Beit, DPT, "
            + "MobileNetV2,"
            + " MobileViT, Segformer)");

    preprocessor("{}");
    requireFailure(
        "preprocessor_config.json",
        "there is no do_resize, no size, no resample, no do_rescale, no do_normalize, and the "
            + "defaults of image processor (none named)");
  }

  @Test
  void anUnknownProcessorsBareSizeIsAmbiguous() throws IOException {
    preprocessor(
        """
        {"do_resize": true, "size": 512, "resample": 2, "do_rescale": false,
         "do_normalize": false}\
        """);

    requireFailure(
        "preprocessor_config.json",
        "size should be {\"height\", \"width\"}, {\"shortest_edge\"} or {\"longest_edge\"}, found"
            + " 512.0");
  }
}
