package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  private static final NetworkOptions VOC = NetworkOptions.ofClasses(21);

  /** As torchvision publishes them in the meta data of its weights. */
  @ParameterizedTest
  @CsvSource({
    "deeplabv3-resnet50, 42004074",
    "deeplabv3-resnet101, 60996202",
    "fcn-resnet50, 35322218",
    "fcn-resnet101, 54314346",
    "deeplabv3-mobilenet-v3-large, 11029328",
    "lraspp-mobilenet-v3-large, 3221538",
  })
  void haveTheNumberOfParametersThatTorchvisionPublishes(String name, long parameters) {
    assertThat(Networks.of(name, VOC).parameterCount()).isEqualTo(parameters);
  }

  /**
   * Those of transformers' own modules with 150 classes, printed by transformers_golden.py. The
   * paper gives 3.8, 13.7, 27.5, 47.3, 64.1, and 84.7 million for SegFormer.
   */
  @ParameterizedTest
  @CsvSource({
    "segformer-b0, 3752694",
    "segformer-b1, 13715798",
    "segformer-b2, 27461974",
    "segformer-b3, 47337814",
    "segformer-b4, 64108374",
    "segformer-b5, 84708694",
    "upernet-convnext-tiny, 60242636",
  })
  void haveTheNumberOfParametersOfTransformers(String name, long parameters) {
    assertThat(Networks.of(name, NetworkOptions.ofClasses(150)).parameterCount())
        .isEqualTo(parameters);
  }

  /** As mmsegmentation's code builds it for Cityscapes. */
  @Test
  void bisenetv2HasTheNumberOfParametersOfMmsegmentation() {
    Network network = Networks.of("bisenetv2", NetworkOptions.ofClasses(19));

    assertThat(network.parameterCount()).isEqualTo(14_804_255);
  }

  @Test
  void bisenetv2NeedsAQuarterOfItsParametersAfterTraining() {
    Network network = Networks.of("bisenetv2", NetworkOptions.ofClasses(19));

    assertThat(Network.of("bisenetv2", network.output()).parameterCount()).isEqualTo(3_358_883);
    assertThat(network.auxiliaryParameters()).allMatch(name -> name.startsWith("auxiliary_head."));
  }

  @Test
  void bisenetv2HasAnAuxiliaryHeadOnEachGridOfItsSemanticBranch() {
    Network network = Networks.of("bisenetv2", VOC);

    assertThat(network.auxiliary()).map(Layer::stride).containsExactly(4, 8, 16, 32);
    assertThat(network.auxiliary())
        .map(Layer::name)
        .containsExactly(
            "auxiliary_head.0.conv_seg",
            "auxiliary_head.1.conv_seg",
            "auxiliary_head.2.conv_seg",
            "auxiliary_head.3.conv_seg");
  }

  @Test
  void lrasppJoinsGridsWithoutAConstantFactorAtThePublishedSize() {
    Network network = Networks.of("lraspp-mobilenet-v3-large", VOC);
    Map<Layer, Shape> shapes = network.shapes(780, 520);

    Layer low = layer(network, "classifier.low_classifier").inputs().get(0);
    Layer high = layer(network, "classifier.cbr.0").inputs().get(0);

    assertThat(shapes).containsEntry(low, new Shape(40, 98, 65));
    assertThat(shapes).containsEntry(high, new Shape(960, 49, 33));
    assertThat(low.factorOf(high)).isEmpty();
    assertThat(low.stride()).isEqualTo(8);
    assertThat(high.stride()).isEqualTo(16);
  }

  @Test
  void multiplesOfTheStrideMakeLrasppsFactorsConstant() {
    SizeRule size = SizeRule.shortEdge(520).withMultiple(16, 0);
    Network network = Networks.of("lraspp-mobilenet-v3-large", VOC.withSize(size));

    Layer low = layer(network, "classifier.low_classifier");
    Layer high = layer(network, "classifier.cbr.0");

    assertThat(network.input().size()).isEqualTo(size);
    assertThat(low.factorOf(high)).hasValue(2);
    assertThat(network.output().factorOf(low)).hasValue(8);
  }

  @Test
  void aFixedSizeMakesEveryFactorThereIsConstant() {
    NetworkOptions options = VOC.withSize(SizeRule.fixed(780, 520));
    Network network = Networks.of("lraspp-mobilenet-v3-large", options);

    Layer low = layer(network, "classifier.low_classifier");

    assertThat(network.output().stride()).isOne();
    assertThat(network.shapes(780, 520)).containsEntry(low, new Shape(21, 98, 65));
  }

  @ParameterizedTest
  @CsvSource({
    "deeplabv3-resnet101, classifier.4, 8",
    "fcn-resnet50, classifier.4, 8",
    "deeplabv3plus-resnet101, decoder.last_conv.8, 4",
    "deeplabv3plus-mobilenetv2-refined, fine, 4",
    "fcn-resnet18, final_conv, 32",
    "bisenetv2, decode_head.conv_seg, 8",
  })
  void haveScoresOnTheirOwnGrid(String name, String scores, int stride) {
    assertThat(layer(Networks.of(name, VOC), scores).stride()).isEqualTo(stride);
  }

  @ParameterizedTest
  @CsvSource({
    "deeplabv3-resnet50, classifier.0.project.0, 8",
    "deeplabv3-resnet50, classifier.0.project.0, 16",
    "fcn-resnet101, classifier.0, 16",
    "deeplabv3plus-xception, aspp.conv1, 8",
    "deeplabv3plus-resnet101, aspp.conv1, 8",
    "deeplabv3plus-mobilenetv2, aspp.conv1, 8",
    "deeplabv3plus-mobilenetv2, aspp.conv1, 16",
  })
  void haveTheOutputStrideThatIsAskedFor(String name, String layer, int stride) {
    Network network = Networks.of(name, VOC.withOutputStride(stride));

    assertThat(layer(network, layer).stride()).isEqualTo(stride);
  }

  @Test
  void doNotCountTheAuxiliaryHeadAsNecessary() {
    assertThat(Networks.of("deeplabv3-mobilenet-v3-large", VOC).auxiliaryParameters())
        .hasSize(7)
        .allMatch(name -> name.startsWith("aux_classifier."));
  }

  @Test
  void separableResidualTakesSixChannelsOfBgrAround0() {
    InputSpec input = Networks.of("separable-residual", NetworkOptions.ofClasses(12)).input();

    assertThat(input.channelOrder()).isEqualTo(ChannelOrder.BGR);
    assertThat(input.scale()).isEqualTo(1 / 127.5);
    assertThat(input.mean()).containsOnly(1.0);
    assertThat(input.size()).isEqualTo(SizeRule.fixed(224, 224));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.5, 2})
  void canBeNarrowAndWide(double width) {
    assertThat(Networks.names())
        .allSatisfy(
            name ->
                assertThat(Networks.of(name, VOC.withWidth(width)).output().channels())
                    .isEqualTo(21));
  }

  @Test
  void listTheNamesIfThereIsNoneOfThatName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Networks.of("deeplabv3-resnet5", VOC))
        .withMessage(
            "there is no network \"deeplabv3-resnet5\" (did you mean \"deeplabv3-resnet50\"?);"
                + " available networks: "
                + String.join(", ", Networks.names()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unet", "lraspp-mobilenet-v3-large", "fcn-resnet18", "bisenetv2"})
  void refuseAnOutputStrideWhereThereIsNoChoice(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Networks.of(name, VOC.withOutputStride(8)))
        .withMessage("network %s has a fixed output stride, found 8; leave the option out", name);
  }

  @Test
  void refuseASizeThatALayerDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Networks.of("unet", VOC.withSize(SizeRule.longEdge(512))))
        .withMessage(
            "network unet does not support an input of long-edge 512:"
                + " Concatenate after [relu, TransposedConvolution up1.up], for an input of 64 x "
                + "95:"
                + " cannot concatenate 512 x 11 x 8 and 512 x 10 x 8: their sides differ. Its "
                + "default is"
                + " long-edge 512, sides 16k.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Networks.of("unet", VOC.withSize(SizeRule.fixed(100, 96))))
        .withMessageContaining("for an input of 100 x 96");
  }

  private static Layer layer(Network network, String name) {
    return Objects.requireNonNull(
        network.layers().stream()
            .filter(layer -> layer.name().equals(name))
            .findFirst()
            .orElse(null),
        name);
  }
}
