package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weights that a checkpoint has in part. */
class PartialWeightsTest {
  private static final String FROM_INITIAL = ", so it starts from initial values";

  private final Network network = network(2);

  private static Network network(int classes) {
    return Network.of("tiny", stem().convolution("classifier", classes, Kernel.of(1).withBias()));
  }

  private static Layer stem() {
    return LayerTest.image()
        .convolution("backbone.stem", 8, Kernel.of(3))
        .batchNorm("backbone.bn")
        .relu();
  }

  /** Values that initial ones never are. */
  private static Map<String, WeightTensor> checkpoint(Network network, String prefix) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    InitialWeights.of(network, 9)
        .forEach(
            (name, tensor) ->
                tensors.put(
                    prefix + name,
                    WeightTensor.of(
                        tensor.shape(),
                        () -> {
                          float[] values = tensor.values();
                          Arrays.fill(values, prefix.startsWith("ema") ? 99 : 77);
                          return values;
                        })));
    return tensors;
  }

  @Test
  void areThoseOfACheckpointThatFits() {
    Weights weights = Weights.startingFrom(network, checkpoint(network, ""), 5);

    assertThat(weights.values("classifier.weight")).containsOnly(77);
    assertThat(weights.notes()).containsExactly("kept all 7 tensors");
  }

  @Test
  void haveANewClassifierForOtherClasses() {
    Map<String, WeightTensor> checkpoint = checkpoint(network(21), "");
    checkpoint.put(
        "backbone.bn.num_batches_tracked", WeightTensor.of(List.of(), () -> new float[1]));

    Weights weights = Weights.startingFrom(network, checkpoint, 5);

    assertThat(weights.notes())
        .containsExactly(
            "classifier.weight has 21 classes in the checkpoint and 2 here" + FROM_INITIAL,
            "kept 5 of 7 tensors");
    assertThat(weights.values("backbone.bn.running_mean")).containsOnly(77);
    assertThat(weights.values("classifier.weight"))
        .isEqualTo(Weights.initial(network, 5).values("classifier.weight"));
    assertThat(weights.values("classifier.bias")).containsExactly(0, 0);
  }

  @Test
  void haveANewHeadForABackboneAlone() {
    Map<String, WeightTensor> backbone = new LinkedHashMap<>();
    checkpoint(network, "")
        .forEach(
            (name, tensor) ->
                backbone.put(name.replace("backbone.", "").replace("classifier.", "fc."), tensor));

    Weights weights = Weights.startingFrom(network, backbone, 5);

    assertThat(weights.notes())
        .containsExactly(
            "the checkpoint lacks classifier.* (2), whose layers start from initial values",
            "added \"backbone.\" to the names in the checkpoint",
            "skipped tensors that the network does not use: fc.* (2)",
            "kept 5 of 7 tensors");
    assertThat(weights.values("backbone.stem.weight")).containsOnly(77);
  }

  @Test
  void mayHaveTorchvisionsNamesOfResNet18() {
    Network fcn = Networks.of("fcn-resnet18", NetworkOptions.ofClasses(2).withWidth(0.125));
    List<String> parts =
        List.of("conv1.", "bn1.", "", "", "layer1.", "layer2.", "layer3.", "layer4.");
    Map<String, WeightTensor> backbone = new LinkedHashMap<>();
    checkpoint(fcn, "")
        .forEach(
            (name, tensor) -> {
              if (Character.isDigit(name.charAt(0))) {
                backbone.put(parts.get(name.charAt(0) - '0') + name.substring(2), tensor);
              }
            });
    assertThat(backbone)
        .hasSize(100)
        .containsKeys(
            "conv1.weight",
            "bn1.running_mean",
            "layer1.0.conv1.weight",
            "layer2.0.downsample.0.weight",
            "layer4.1.bn2.running_var");
    backbone.put("fc.weight", WeightTensor.of(List.of(1), () -> new float[1]));
    backbone.put("fc.bias", WeightTensor.of(List.of(1), () -> new float[1]));

    Weights weights = Weights.startingFrom(fcn, backbone, 5);

    assertThat(weights.notes())
        .containsExactly(
            "read the names bn1.* as 1.*, conv1.* as 0.*, layer1.* as 4.*, layer2.* as 5.*,"
                + " layer3.* as 6.*, layer4.* as 7.*",
            "the checkpoint lacks final_conv.* (2), transpose_conv.* (2), whose layers start from"
                + " initial values",
            "skipped tensors that the network does not use: fc.* (2)",
            "kept 100 of 104 tensors");
    for (String name :
        List.of("0.weight", "1.running_mean", "5.0.downsample.1.weight", "7.1.bn2.bias")) {
      assertThat(weights.values(name)).containsOnly(77);
    }
  }

  @Test
  void haveANewClassifierForOtherClassesInSegFormer() {
    NetworkOptions three = NetworkOptions.ofClasses(3).withWidth(0.125);
    NetworkOptions ade20k = NetworkOptions.ofClasses(150).withWidth(0.125);
    Network segformer = Networks.of("segformer-b0", three);

    Weights weights =
        Weights.startingFrom(segformer, checkpoint(Networks.of("segformer-b0", ade20k), ""), 5);

    assertThat(weights.notes())
        .containsExactly(
            "decode_head.classifier.weight has 150 classes in the checkpoint and 3 here"
                + FROM_INITIAL,
            "kept 205 of 207 tensors");
    assertThat(weights.values("decode_head.linear_fuse.weight")).containsOnly(77);
    assertThat(weights.values("decode_head.classifier.bias")).containsExactly(0, 0, 0);
  }

  @Test
  void haveTwoNewClassifiersForOtherClassesInUperNet() {
    NetworkOptions three = NetworkOptions.ofClasses(3).withWidth(0.125);
    NetworkOptions ade20k = NetworkOptions.ofClasses(150).withWidth(0.125);
    Network upernet = Networks.of("upernet-convnext-tiny", three);

    Weights weights =
        Weights.startingFrom(
            upernet, checkpoint(Networks.of("upernet-convnext-tiny", ade20k), ""), 5);

    assertThat(weights.notes())
        .containsExactly(
            "decode_head.classifier.weight has 150 classes in the checkpoint and 3 here"
                + FROM_INITIAL,
            "auxiliary_head.classifier.weight has 150 classes in the checkpoint and 3 here"
                + FROM_INITIAL,
            "kept 251 of 255 tensors");
  }

  @Test
  void haveANewHeadForTransformersEncoderOfSegFormer() {
    Network segformer = Networks.of("segformer-b0", NetworkOptions.ofClasses(3).withWidth(0.125));
    Map<String, WeightTensor> encoder = checkpoint(segformer, "");
    encoder.keySet().removeIf(name -> !name.startsWith("segformer.encoder."));
    encoder.put("classifier.weight", WeightTensor.of(List.of(1000, 32), () -> new float[32000]));
    encoder.put("classifier.bias", WeightTensor.of(List.of(1000), () -> new float[1000]));

    assertThat(Weights.startingFrom(segformer, encoder, 5).notes())
        .containsExactly(
            "decode_head.classifier.weight is [1000, 32] in the checkpoint and [3, 32, 1, 1] here"
                + FROM_INITIAL,
            "the checkpoint lacks decode_head.* (13), whose layers start from initial values",
            "added \"decode_head.\" to the names in the checkpoint",
            "kept 192 of 207 tensors");
  }

  @Test
  void haveANewHeadForTransformersConvNext() {
    Network upernet =
        Networks.of("upernet-convnext-tiny", NetworkOptions.ofClasses(3).withWidth(0.125));
    Map<String, WeightTensor> backbone = new LinkedHashMap<>();
    checkpoint(upernet, "")
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("backbone.") && !name.contains("hidden_states_norms")) {
                backbone.put(name.replace("backbone.", "convnext."), tensor);
              }
            });
    backbone.put("convnext.layernorm.weight", WeightTensor.of(List.of(96), () -> new float[96]));
    backbone.put("classifier.weight", WeightTensor.of(List.of(1000, 96), () -> new float[96000]));
    backbone.put("classifier.bias", WeightTensor.of(List.of(1000), () -> new float[1000]));

    assertThat(Weights.startingFrom(upernet, backbone, 5).notes())
        .containsExactly(
            "the checkpoint lacks auxiliary_head.* (7), backbone.* (8), decode_head.* (62), whose"
                + " layers start from initial values",
            "removed the prefix \"convnext.\" from the names in the checkpoint",
            "added \"backbone.\" to the names in the checkpoint",
            "skipped tensors that the network does not use: classifier.* (2),"
                + " convnext.layernorm.weight",
            "kept 178 of 255 tensors");
  }

  @Test
  void haveANewAuxiliaryOutput() {
    Layer stem = stem();
    Network trained =
        Network.of("tiny", stem.convolution("classifier", 2, Kernel.of(1).withBias()))
            .withAuxiliary(stem.convolution("aux", 2, Kernel.of(1)));

    assertThat(Weights.startingFrom(trained, checkpoint(network, ""), 5).notes())
        .containsExactly(
            "the checkpoint lacks aux.weight, whose layers start from initial values",
            "kept 7 of 8 tensors");
  }

  @Test
  void takeALayerAsAWholeOrNotAtAll() {
    Map<String, WeightTensor> checkpoint = checkpoint(network, "");
    checkpoint.remove("backbone.bn.running_var");

    Weights weights = Weights.startingFrom(network, checkpoint, 5);

    assertThat(weights.notes())
        .containsExactly(
            "the checkpoint lacks backbone.bn.running_var, whose layers start from initial values",
            "kept 3 of 7 tensors");
    assertThat(weights.values("backbone.bn.running_mean")).containsOnly(0);
  }

  @Test
  void areNotAnAverageIfThereAreOthers() {
    Map<String, WeightTensor> both = checkpoint(network(21), "ema.");
    both.putAll(checkpoint(network(21), "model."));

    Weights weights = Weights.startingFrom(network, both, 5);

    assertThat(weights.values("backbone.bn.weight")).containsOnly(77);
    assertThat(weights.notes())
        .contains(
            "removed the prefix \"model.\" from the names in the checkpoint",
            "skipped tensors that the network does not use: ema.* (7)");
  }

  @Test
  void areRefusedFromAnotherNetworkWhichIsNamed() {
    Network unet = Networks.of("unet", NetworkOptions.ofClasses(2).withWidth(0.125));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.startingFrom(network, checkpoint(unet, "module."), 5))
        .withMessageStartingWith(
            "the checkpoint is of another network: it has only 0 of the 7 tensors of network tiny,"
                + " 250 parameters. Missing, 5: backbone.stem.weight, ")
        .withMessageEndingWith(
            " Its names are those of unet: train that network, or start without the checkpoint.");
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.startingFrom(unet, checkpoint(network, ""), 5))
        .withMessageEndingWith(
            " Train the network that it belongs to, or start without the checkpoint.");
  }

  @Test
  void areRefusedFromANetworkOfAnotherWidth() {
    Network narrow = Networks.of("fcn-resnet18", NetworkOptions.ofClasses(2).withWidth(0.25));
    Network wide = Networks.of("fcn-resnet18", NetworkOptions.ofClasses(2).withWidth(0.5));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.startingFrom(wide, checkpoint(narrow, ""), 5))
        .withMessageStartingWith("the checkpoint is of another network: it has only ")
        .withMessageEndingWith(" Its names are those of this network, so check the width.");
  }
}
