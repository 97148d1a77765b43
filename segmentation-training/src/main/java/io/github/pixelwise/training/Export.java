package io.github.pixelwise.training;

import io.github.pixelwise.Palette;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.CheckpointWriter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes what a run leaves: the model with its card, and its weights for PyTorch under the usual
 * names.
 */
final class Export {
  private static final String MODEL = "model";
  private static final String SAFETENSORS = "weights.safetensors";

  /** The model's card. */
  static final String CARD = MODEL + ".properties";

  /** The weights as a state dict of PyTorch. */
  static final String STATE_DICT = "weights.pth";

  private final Network network;
  private final Dataset dataset;
  private final String license;

  /**
   * How good the weights are.
   *
   * @param meanIou the mean intersection over union, 0 to 1
   * @param rule the rule by which classes that never occur count
   * @param dataset the name of the data set
   * @param photographs the number of its photographs
   */
  record Score(double meanIou, EmptyClasses rule, String dataset, int photographs) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "mIoU %.4f (empty classes: %s) on %d photographs of %s",
          meanIou,
          rule.word(),
          photographs,
          dataset);
    }
  }

  /**
   * Prepares an export, and checks before the training what can go wrong after it.
   *
   * @param network the network
   * @param dataset what it is trained on: its name, classes and colors go on the card
   * @param license the model's license, an SPDX identifier where there is one; may be empty
   * @throws IllegalArgumentException if a class's name cannot be written on a card
   */
  Export(Network network, Dataset dataset, String license) {
    this.network = network;
    this.dataset = dataset;
    this.license = license;
    for (String name : dataset.labels().names()) {
      if (name.contains(",") || !oneLine(name).equals(name)) {
        throw new IllegalArgumentException(
            "the class \"%s\" of the data set %s cannot be written on a model's card: rename it, without commas, line breaks, or spaces around it"
                .formatted(name, dataset.name()));
      }
    }
  }

  /**
   * Writes all files. The weights come first, and each file is complete or not there.
   *
   * @param folder the folder of the run
   * @param weights the tensors by the names of the network's parameters, statistics included
   * @param epoch the epoch that they are of, from 1
   * @param score how good they are; empty without validation
   * @return the model's card
   * @throws IOException if a file cannot be written
   */
  ModelCard write(
      Path folder, Map<String, ? extends WeightTensor> weights, int epoch, Optional<Score> score)
      throws IOException {
    CheckpointWriter writer = new CheckpointWriter();
    network
        .stateDict()
        .forEach((name, own) -> writer.add(name, Objects.requireNonNull(weights.get(own))));
    writer.writeStateDict(folder.resolve(STATE_DICT));
    writer.writeSafetensors(folder.resolve(SAFETENSORS));
    return Conversion.of(network, Weights.of(network, weights))
        .name(MODEL)
        .description(
            oneLine(
                "%s, trained on %s for %s%s"
                    .formatted(
                        network.name(),
                        dataset.name(),
                        epoch == 1 ? "1 epoch" : epoch + " epochs",
                        score.map(found -> ": " + found).orElse(""))))
        .license(oneLine(license))
        .source("trained with Pixelwise on " + oneLine(dataset.name()))
        .labels(dataset.labels())
        .palette(palette())
        .write(folder);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\R", " ");
  }

  /** The colors of the data set, as a card can have them. */
  private Palette palette() {
    Palette palette = dataset.palette();
    return List.of(Palette.voc(), Palette.cityscapes(), Palette.camVid(), Palette.ade20k())
            .contains(palette)
        ? palette
        : Palette.of(
            IntStream.range(0, dataset.labels().size()).map(palette::rgb).boxed().toList());
  }
}
