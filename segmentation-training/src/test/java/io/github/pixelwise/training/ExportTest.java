package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run leaves. {@code exported_weights.py} has shown that PyTorch's own networks load such
 * weights strictly.
 */
class ExportTest {
  static final Export.Score SCORE = new Export.Score(0.62125, EmptyClasses.SKIP, "cells-val", 200);

  @TempDir private Path folder;

  static Dataset dataset(Palette palette, String... labels) {
    Sample sample =
        new Sample() {
          @Override
          public String name() {
            return "a";
          }

          @Override
          public RgbImage photograph() {
            throw new UnsupportedOperationException();
          }

          @Override
          public CategoryMask truth() {
            throw new UnsupportedOperationException();
          }
        };
    return Dataset.of("cells", LabelMap.of(List.of(labels)), palette, List.of(sample));
  }

  private static Dataset cells() {
    return dataset(category -> 0x102030 + category, "background", "Größe");
  }

  private static float[] values(Map<String, WeightTensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name)).values();
  }

  @Test
  void isTheModelWithItsCardAndItsWeights() throws IOException {
    Network network = Tiny.network(2);
    Map<String, WeightTensor> weights = Tiny.tensors(network, 3);

    ModelCard card =
        new Export(network, cells(), "MIT").write(folder, weights, 12, Optional.of(SCORE));

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder(
              "model.onnx", "model.pt", "model.properties", "weights.pth", "weights.safetensors");
    }
    assertThat(ModelCard.read(folder.resolve("model.properties"))).isEqualTo(card);
    assertThat(card.description())
        .isEqualTo(
            "tiny, trained on cells for 12 epochs: mIoU 0.6213 (empty classes: skip) on 200"
                + " photographs of cells-val");
    assertThat(card.license()).isEqualTo("MIT");
    assertThat(card.source()).isEqualTo("trained with Pixelwise on cells");
    assertThat(card.labels().names()).containsExactly("background", "Größe");
    assertThat(card.palette()).isEqualTo(Palette.of(List.of(0x102030, 0x102031)));
    for (String name : List.of("weights.pth", "weights.safetensors")) {
      Map<String, WeightTensor> written = Checkpoint.read(folder.resolve(name)).tensors();
      assertThat(written).containsOnlyKeys(weights.keySet());
      weights.forEach((key, tensor) -> assertThat(values(written, key)).isEqualTo(tensor.values()));
    }
  }

  @Test
  void isAModelThatABackendOpens() throws IOException {
    Network network = Tiny.network(2);
    new Export(network, cells(), "")
        .write(folder, Tiny.tensors(network, 3), 12, Optional.of(SCORE));

    try (Segmenter segmenter =
        Segmenter.builder().model(folder.resolve("model.properties")).open()) {
      assertThat(segmenter.segment(RgbImage.of(32, 16, new byte[32 * 16 * 3])).mask().width())
          .isEqualTo(32);
    }
  }

  @Test
  void hasEveryNameThatPyTorchsNetworkHas() throws IOException {
    Network network =
        Networks.of("deeplabv3plus-mobilenetv2", NetworkOptions.ofClasses(2).withWidth(1.0 / 16));

    new Export(network, cells(), "")
        .write(folder, Tiny.tensors(network, 3), 12, Optional.of(SCORE));

    Map<String, WeightTensor> written = Checkpoint.read(folder.resolve("weights.pth")).tensors();
    assertThat(written).containsOnlyKeys(network.stateDict().keySet());
    assertThat(values(written, "backbone.high_level_features.5.conv.0.weight"))
        .isEqualTo(values(written, "backbone.features.5.conv.0.weight"));
  }

  @Test
  void keepsTheColorsOfADataSetsName() throws IOException {
    Network network = Tiny.network(2);
    new Export(network, dataset(Palette.camVid(), "a", "b"), "")
        .write(folder, Tiny.tensors(network, 3), 12, Optional.of(SCORE));

    assertThat(Files.readString(folder.resolve("model.properties"))).contains("palette = camvid");
  }

  @Test
  void isRefusedBeforeTheTrainingIfTheCardCannotBeWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Export(Tiny.network(2), dataset(Palette.voc(), "sky", "cat, dog"), ""))
        .withMessage(
            "the class \"cat, dog\" of the data set cells cannot be written on a model's card: rename it, without commas, line breaks, or spaces around it");
  }
}
