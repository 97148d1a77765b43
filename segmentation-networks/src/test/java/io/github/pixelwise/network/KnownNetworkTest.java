package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KnownNetworkTest {
  private static Map<String, WeightTensor> checkpoint(String name, int classes) {
    return checkpoint(name, classes, UnaryOperator.identity());
  }

  private static Map<String, WeightTensor> checkpoint(
      String name, int classes, UnaryOperator<String> rename) {
    Map<String, WeightTensor> tensors = new HashMap<>();
    for (Parameter own : Networks.of(name, NetworkOptions.ofClasses(classes)).parameters()) {
      tensors.put(
          rename.apply(own.name()),
          WeightTensor.of(own.shape(), () -> new float[(int) own.size()]));
    }
    return tensors;
  }

  @ParameterizedTest
  @MethodSource("io.github.pixelwise.network.Networks#names")
  void everyNetworkIsRecognizedWithItsClasses(String name) {
    assertThat(Networks.fitting(checkpoint(name, 7)))
        .hasValueSatisfying(
            network -> {
              assertThat(network.name()).isEqualTo(name);
              assertThat(network.output().channels()).isEqualTo(7);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "segformer-b0, segformer-b0 segformer-b1 segformer-b2 segformer-b3 segformer-b4 segformer-b5",
    "upernet-convnext-tiny, upernet-convnext-tiny",
    "lraspp-mobilenet-v3-large, deeplabv3-mobilenet-v3-large lraspp-mobilenet-v3-large",
    "unet, unet unet-bilinear",
    "fcn-resnet18, fcn-resnet18"
  })
  void onlyNetworksOfTheFamilyAreCompared(String name, String candidates) {
    assertThat(Networks.candidates(checkpoint(name, 7).keySet()))
        .containsExactly(candidates.split(" "));
  }

  @Test
  void noNetworkIsComparedWithForeignTensors() {
    assertThat(Networks.candidates(Set.of("encoder.layers.0.mixer.weight", "head.bias"))).isEmpty();
  }

  @Test
  void namesUnderAPrefixAndWithoutTheirFirstPartAreRecognized() {
    assertThat(
            Networks.fitting(checkpoint("unet", 7, name -> "module.net." + name))
                .map(Network::name))
        .contains("unet");
    assertThat(
            Networks.fitting(
                    checkpoint("segformer-b0", 7, name -> name.replaceFirst("^decode_head\\.", "")))
                .map(Network::name))
        .contains("segformer-b0");
  }

  @Test
  void noNetworkIsRecognizedIfATensorIsMissing() {
    Map<String, WeightTensor> tensors = checkpoint("segformer-b0", 7);
    tensors.remove("decode_head.classifier.bias");

    assertThat(Networks.fitting(tensors)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "segformer-b2, segformer-b0, 150",
    "segformer-b0, segformer-b5, 150",
    "segformer-b0, segformer-b0, 19",
    "upernet-convnext-tiny, segformer-b1, 150",
    "deeplabv3-resnet50, deeplabv3-resnet101, 150",
    "bisenetv2, bisenetv2, 2",
  })
  void aCheckpointThatDoesNotFitSaysWhichNetworkItIsOf(String asked, String name, int classes) {
    Network network = Networks.of(asked, NetworkOptions.ofClasses(150));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, checkpoint(name, classes)))
        .withMessage(
            "the checkpoint does not fit %s with 150 classes. It is a checkpoint of %s with %d"
                + " classes: choose these.",
            network, name, classes);
  }

  @Test
  void aCheckpointOfTheSameNetworkAtAnotherWidthSaysSo() {
    Network narrow = Networks.of("segformer-b0", NetworkOptions.ofClasses(150).withWidth(0.5));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(narrow, checkpoint("segformer-b0", 150)))
        .withMessageEndingWith(
            " It is a checkpoint of segformer-b0 with 150 classes: leave out the width and the"
                + " prefix.");
  }

  @Test
  void aCheckpointToStartFromSaysWhichNetworkItIsOf() {
    Network network = Networks.of("segformer-b1", NetworkOptions.ofClasses(3));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.startingFrom(network, checkpoint("segformer-b0", 150), 1))
        .withMessageEndingWith(
            " It is a checkpoint of segformer-b0 with 150 classes: train that network, or start"
                + " without the checkpoint.");
  }

  @Test
  void aPositionTableOfAnotherLengthIsNamed() {
    Layer image = Layer.input(3, InputSpec.builder("input", SizeRule.fixed(8, 8)).build());
    Network network =
        Network.of("own", image.plus(image.constant("positions", new Shape(3, 8, 8))));
    Map<String, WeightTensor> tensors =
        Map.of("positions.value", WeightTensor.of(List.of(1, 3, 14, 14), () -> new float[588]));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageContaining("positions.value is [1, 3, 14, 14] but should be [1, 3, 8, 8]");
  }

  /** The names in mmsegmentation's upernet_convnext_tiny. */
  @Test
  void uperNetHasTheNamesOfMmsegmentationToo() {
    Map<String, WeightTensor> tensors =
        checkpoint("upernet-convnext-tiny", 150, KnownNetworkTest::openMmLab);

    assertThat(tensors)
        .containsKeys(
            "backbone.downsample_layers.0.0.weight",
            "backbone.downsample_layers.3.1.bias",
            "backbone.stages.2.8.depthwise_conv.weight",
            "backbone.stages.2.8.gamma",
            "backbone.norm3.weight",
            "decode_head.psp_modules.3.1.bn.running_var",
            "decode_head.conv_seg.weight",
            "auxiliary_head.convs.0.bn.weight");
    Weights weights =
        Weights.of(Networks.of("upernet-convnext-tiny", NetworkOptions.ofClasses(150)), tensors);
    assertThat(weights.values("backbone.encoder.stages.2.layers.8.layer_scale_parameter"))
        .hasSize(384);
  }

  private static String openMmLab(String name) {
    String layer = "backbone\\.encoder\\.stages\\.(\\d)\\.layers\\.(\\d)\\.";
    return name.replaceFirst("embeddings\\.patch_embeddings", "downsample_layers.0.0")
        .replaceFirst("embeddings\\.layernorm", "downsample_layers.0.1")
        .replaceFirst("encoder\\.stages\\.(\\d)\\.downsampling_layer", "downsample_layers.$1")
        .replaceFirst(layer + "dwconv", "backbone.stages.$1.$2.depthwise_conv")
        .replaceFirst(layer + "layernorm", "backbone.stages.$1.$2.norm")
        .replaceFirst(layer + "pwconv", "backbone.stages.$1.$2.pointwise_conv")
        .replaceFirst(layer + "layer_scale_parameter", "backbone.stages.$1.$2.gamma")
        .replaceFirst("hidden_states_norms\\.stage1", "norm0")
        .replaceFirst("hidden_states_norms\\.stage2", "norm1")
        .replaceFirst("hidden_states_norms\\.stage3", "norm2")
        .replaceFirst("hidden_states_norms\\.stage4", "norm3")
        .replaceFirst("batch_norm", "bn")
        .replaceFirst("head\\.classifier", "head.conv_seg");
  }
}
