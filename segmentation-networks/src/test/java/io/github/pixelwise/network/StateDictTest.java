package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.network.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The names of the networks' state dicts, against those saved by PyTorch and transformers. */
class StateDictTest {
  /** That of the golden files of MobileNetV3, whose layers depend on it. */
  private static final double WIDTH = 1.0 / 32;

  private static final Path GOLDEN =
      Path.of("../integration-tests/src/test/resources/io/github/pixelwise/integration/zoo");

  @ParameterizedTest
  @MethodSource("io.github.pixelwise.network.Networks#names")
  void hasPyTorchsNames(String name) throws IOException {
    Path golden =
        name.equals("deeplabv3plus-mobilenetv2-refined")
            ? Path.of("../segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth")
            : golden(name.replace('-', '_'));
    Set<String> expected =
        Checkpoint.read(golden).tensors().keySet().stream()
            .map(key -> key.replaceFirst("^module\\.", ""))
            .filter(key -> !key.endsWith(".num_batches_tracked"))
            .collect(Collectors.toSet());

    Network network = Networks.of(name, NetworkOptions.ofClasses(5).withWidth(WIDTH));

    assertThat(network.stateDict()).containsOnlyKeys(expected);
  }

  private static Path golden(String name) {
    Path published = GOLDEN.resolve(name + ".safetensors");
    return Files.exists(published) ? published : GOLDEN.resolve(name + ".pth");
  }

  @Test
  void hasPartsThatAreThereTwice() {
    Network network =
        Networks.of("deeplabv3plus-mobilenetv2", NetworkOptions.ofClasses(5).withWidth(WIDTH));

    assertThat(network.stateDict())
        .containsEntry("decoder.conv1.weight", "decoder.conv1.weight")
        .containsEntry(
            "backbone.low_level_features.3.conv.0.weight", "backbone.features.3.conv.0.weight")
        .containsEntry(
            "backbone.high_level_features.4.conv.0.weight", "backbone.features.4.conv.0.weight");
  }
}
