package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitialWeightsTest {
  /** Written by zoo_golden.py; there the last layer has what it was initialised with. */
  private static final Path FCN =
      Path.of(
          "../integration-tests/src/test/resources/io/github/pixelwise/integration/zoo/fcn_resnet18.pth");

  @Test
  void theLastLayerOfFcnInterpolatesBilinearlyAsInPyTorch() throws IOException {
    WeightTensor expected =
        Objects.requireNonNull(Checkpoint.read(FCN).tensors().get("transpose_conv.weight"));
    Network network =
        Networks.of("fcn-resnet18", NetworkOptions.ofClasses(expected.shape().get(0)));

    float[] values = Weights.initial(network, 1).values("transpose_conv.weight");

    // The file has float16.
    assertThat(values).containsExactly(expected.values(), within(0x1p-11f));
  }

  @ParameterizedTest
  @MethodSource("io.github.pixelwise.network.Networks#names")
  void everyNetworkHasThem(String name) {
    Network network = Networks.of(name, NetworkOptions.ofClasses(3).withWidth(0.125));
    Weights weights = Weights.initial(network, 1);

    for (Parameter parameter : network.parameters()) {
      assertThat(weights.values(parameter.name())).hasSize((int) parameter.size());
    }
  }

  @Test
  void kernelsKeepTheirInputsVarianceAndBatchNormChangesNothing() {
    Network network = Networks.of("unet", NetworkOptions.ofClasses(3));
    Weights weights = Weights.initial(network, 7);

    float[] kernel = weights.values("down1.maxpool_conv.1.double_conv.0.weight");
    double square = 0;
    for (float value : kernel) {
      square += value * value;
    }
    assertThat(square / kernel.length).isCloseTo(2.0 / (64 * 9), within(1e-4));
    assertThat(weights.values("inc.double_conv.1.weight")).containsOnly(1);
    assertThat(weights.values("inc.double_conv.1.running_var")).containsOnly(1);
    assertThat(weights.values("inc.double_conv.1.running_mean")).containsOnly(0);
    assertThat(weights.values("outc.conv.bias")).containsOnly(0);
  }

  @Test
  void linearLayersHaveADeviationOfTwoHundredths() {
    Network network = Networks.of("segformer-b0", NetworkOptions.ofClasses(3));
    String name = "segformer.encoder.block.3.0.mlp.dense1.";
    Weights weights = Weights.initial(network, 7);

    float[] values = weights.values(name + "weight");
    double sum = 0;
    double square = 0;
    for (float value : values) {
      sum += value;
      square += value * value;
    }
    assertThat(sum / values.length).isCloseTo(0, within(2e-4));
    assertThat(Math.sqrt(square / values.length)).isCloseTo(0.02, within(2e-4));
    assertThat(weights.values(name + "bias")).containsOnly(0);
  }

  @Test
  void layerNormsChangeNothing() {
    Network network = Networks.of("segformer-b0", NetworkOptions.ofClasses(3).withWidth(0.125));
    Weights weights = Weights.initial(network, 7);

    assertThat(weights.values("segformer.encoder.layer_norm.0.weight")).containsOnly(1);
    assertThat(weights.values("segformer.encoder.layer_norm.0.bias")).containsOnly(0);
  }

  @Test
  void blocksWithLayerScalesAddAlmostNothing() {
    Network network =
        Networks.of("upernet-convnext-tiny", NetworkOptions.ofClasses(3).withWidth(0.125));

    assertThat(
            Weights.initial(network, 7)
                .values("backbone.encoder.stages.0.layers.0.layer_scale_parameter"))
        .hasSize(12)
        .containsOnly(1e-6f);
  }

  @Test
  void aSeedGivesTheSameWeightsAlways() {
    Network network = Networks.of("unet", NetworkOptions.ofClasses(3).withWidth(0.125));
    String name = "inc.double_conv.3.weight";

    assertThat(Weights.initial(network, 1).values(name))
        .isEqualTo(Weights.initial(network, 1).values(name))
        .isNotEqualTo(Weights.initial(network, 2).values(name))
        .isNotEqualTo(Weights.initial(network, 1).values("up1.conv.double_conv.3.weight"));
  }

  /** Seeds that are neighbors must not begin with nearly the same numbers, as Random does. */
  @Test
  void seedsThatAreNeighborsHaveNothingInCommon() {
    Network network = Networks.of("unet", NetworkOptions.ofClasses(3).withWidth(0.125));
    double sum = 0;
    double square = 0;
    for (int seed = 0; seed < 100; seed++) {
      float first = Weights.initial(network, seed).values("inc.double_conv.0.weight")[0];
      sum += first;
      square += first * first;
    }
    double mean = sum / 100;
    double variance = square / 100 - mean * mean;

    assertThat(mean).isCloseTo(0, within(0.1));
    assertThat(variance).isCloseTo(2.0 / 27, within(0.03));
  }
}
