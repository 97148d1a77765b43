package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.CheckpointWriter;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingWeightsTest {
  private static final Path EMBEDDED =
      Path.of("../segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth");

  @TempDir private Path folder;

  private static Network embedded(int classes) {
    return Networks.of("deeplabv3plus-mobilenetv2-refined", NetworkOptions.ofClasses(classes));
  }

  @Test
  void areThoseOfTheEmbeddedModel() throws IOException {
    Network network = embedded(21);

    Weights named = StartingWeights.of(network, "deeplabv3plus-mobilenetv2-voc", 1);
    Weights read = StartingWeights.of(network, EMBEDDED.toString(), 1);

    assertThat(named.notes()).isEqualTo(read.notes()).containsExactly("kept all 136 tensors");
    for (Parameter parameter : network.parameters()) {
      assertThat(named.values(parameter.name())).isEqualTo(read.values(parameter.name()));
    }
  }

  @Test
  void haveANewClassifierForOtherClasses() throws IOException {
    assertThat(StartingWeights.of(embedded(2), "deeplabv3plus-mobilenetv2-voc", 1).notes())
        .containsExactly(
            "coarse.weight has 21 classes in the checkpoint and 2 here, so it starts from initial"
                + " values",
            "fine.weight has 21 classes in the checkpoint and 2 here, so it starts from initial"
                + " values",
            "kept 132 of 136 tensors");
  }

  @Test
  void areThoseOfAnyCheckpoint() throws IOException {
    Network network = Tiny.network(3);
    CheckpointWriter writer = new CheckpointWriter().addAll(Tiny.tensors(network, 7));
    writer.writeStateDict(folder.resolve("a.pth"));
    writer.writeSafetensors(folder.resolve("a.safetensors"));

    for (String name : new String[] {"a.pth", "a.safetensors"}) {
      Weights weights = StartingWeights.of(network, folder.resolve(name).toString(), 1);
      assertThat(weights.values("stem.conv.weight"))
          .isEqualTo(Weights.initial(network, 7).values("stem.conv.weight"));
    }
  }

  @Test
  void areNotThoseOfAModelForInference() throws IOException {
    Network network = Tiny.network(3);
    Conversion.of(network, Weights.initial(network, 1)).write(folder);
    Path model = folder.resolve("tiny.pt");

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> StartingWeights.of(network, model.toString(), 1))
        .withMessage(
            "cannot start from %s: it was written for inference, with batch norm folded into the"
                + " convolutions, and cannot be trained; use the checkpoint that it was converted"
                + " from",
            model);
  }

  @Test
  void areNotThoseOfAnotherNetwork() {
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> StartingWeights.of(Tiny.network(3), EMBEDDED.toString(), 1))
        .withMessageStartingWith(
            "cannot start from "
                + EMBEDDED
                + ": the checkpoint is of another network: it has only 0 of the 7 tensors of"
                + " network tiny, 152,003 parameters. Missing, 5: stem.conv.weight, ")
        .withMessageEndingWith(
            "It is a checkpoint of deeplabv3plus-mobilenetv2-refined with 21 classes: train that"
                + " network, or start without the checkpoint.");
  }

  @Test
  void haveToBeThere() throws IOException {
    Network network = Tiny.network(3);
    assertThatIOException()
        .isThrownBy(() -> StartingWeights.of(network, "deeplabv3plus-mobilenetv2", 1))
        .withMessage(
            "cannot start from deeplabv3plus-mobilenetv2: there is no file and no model with that"
                + " name (did you mean \"deeplabv3plus-mobilenetv2-voc\"?). Available models:"
                + " deeplabv3plus-mobilenetv2-voc");
    assertThatIOException()
        .isThrownBy(() -> StartingWeights.of(network, folder.toString(), 1))
        .withMessage(
            "cannot start from %s: it is a folder; choose a file in it, such as the weights.pth of"
                + " a run",
            folder);
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
    assertThatIOException()
        .isThrownBy(() -> StartingWeights.of(network, text.toString(), 1))
        .withMessageStartingWith("cannot read the checkpoint " + text + ": ");
  }
}
