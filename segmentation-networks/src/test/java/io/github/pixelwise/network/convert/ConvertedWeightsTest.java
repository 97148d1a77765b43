package io.github.pixelwise.network.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertedWeightsTest {
  private static final Kernel POINT = Kernel.of(1).withBias();

  @TempDir private Path folder;

  private static Layer image() {
    return Layer.input(3, InputSpec.builder("image", SizeRule.longEdge(64)).build());
  }

  /** A network whose last convolution is split in three. */
  private static Network split(int classes) {
    Layer stem = image().convolution("0.stem", 8, Kernel.of(3).stride(8).withBias()).relu();
    Layer whole = stem.globalAveragePool();
    Layer joined =
        Layer.concatenate(
            whole.convolution("first", 3, POINT).upsampleTo(stem, GridAlignment.HALF_PIXEL),
            stem.convolution("near", 4, POINT).relu(),
            whole.convolution("last", 2, POINT).upsampleTo(stem, GridAlignment.HALF_PIXEL),
            stem.convolution("far", 5, POINT).relu());
    return Network.of("split", joined.convolution("head.project", classes, POINT));
  }

  private Map<String, WeightTensor> written(Network network, Map<String, WeightTensor> tensors)
      throws IOException {
    Conversion.of(network, Weights.of(network, tensors))
        .name("written")
        .formats(ModelFormat.TORCHSCRIPT)
        .write(folder);
    return Checkpoint.read(folder.resolve("written.pt")).tensors();
  }

  @Test
  void areThoseOfTheCheckpoint() throws IOException {
    Network network = split(2);
    Map<String, WeightTensor> original = Numbers.of(network, 3);
    Map<String, WeightTensor> written = written(network, original);
    assertThat(written).containsKeys("_0_stem_weight", "head_project_weight_7");

    Map<String, WeightTensor> found = ConvertedWeights.of(network, written);

    assertThat(found).containsOnlyKeys(original.keySet());
    for (Parameter parameter : network.parameters()) {
      WeightTensor tensor = Objects.requireNonNull(found.get(parameter.name()));
      WeightTensor expected = Objects.requireNonNull(original.get(parameter.name()));
      assertThat(tensor.shape()).isEqualTo(parameter.shape());
      assertThat(tensor.values()).isEqualTo(expected.values());
    }
  }

  @Test
  void mayBeOfOtherClasses() throws IOException {
    Map<String, WeightTensor> written = written(split(4), Numbers.of(split(4), 3));

    assertThat(Weights.startingFrom(split(2), ConvertedWeights.of(split(2), written), 1).notes())
        .containsExactly(
            "head.project.weight has 4 classes in the checkpoint and 2 here, so it starts from"
                + " initial values",
            "kept 10 of 12 tensors");
  }

  @Test
  void haveTheWrongShapeIfAPartIsMissing() throws IOException {
    Map<String, WeightTensor> written = new HashMap<>(written(split(2), Numbers.of(split(2), 3)));
    written.remove("head_project_weight_7");

    assertThat(ConvertedWeights.of(split(2), written))
        .hasEntrySatisfying(
            "head.project.weight",
            tensor -> assertThat(tensor.shape()).isEqualTo(List.of(2, 9, 1, 1)));
  }

  @Test
  void ofAnOrdinaryCheckpointAreUnchanged() {
    Map<String, WeightTensor> tensors = Numbers.of(split(2), 3);

    assertThat(ConvertedWeights.of(split(2), tensors)).isEqualTo(tensors);
  }

  @Test
  void areRefusedIfBatchNormIsFolded() throws IOException {
    Network network =
        Network.of(
            "normalized",
            image()
                .convolution("stem.conv", 8, Kernel.of(3).stride(8))
                .batchNorm("stem.bn")
                .relu()
                .convolution("head.scores", 2, POINT));
    Map<String, WeightTensor> written = written(network, Numbers.of(network, 3));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> ConvertedWeights.of(network, written))
        .withMessage(
            "it was written for inference, with batch norm folded into the convolutions, and cannot"
                + " be trained; use the checkpoint that it was converted from");
  }
}
