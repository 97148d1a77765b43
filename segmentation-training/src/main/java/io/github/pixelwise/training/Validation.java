package io.github.pixelwise.training;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.Evaluation;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures the weights of the moment just as {@code segment evaluate} measures the final model:
 * they are converted to a file, which is opened as any other.
 */
final class Validation {
  private static final String MODEL = "validation";

  private final Network network;
  private final Dataset data;
  private final List<Sample> shown;
  private final Device device;
  private final Path folder;

  /**
   * @param shown the samples whose predictions are wanted
   * @param folder where the model of the moment is written
   */
  Validation(Network network, Dataset data, List<Sample> shown, Device device, Path folder) {
    this.network = network;
    this.data = data;
    this.shown = shown;
    this.device = device;
    this.folder = folder;
  }

  /** The metrics, and the predictions for the shown samples. */
  record Outcome(SegmentationMetrics metrics, List<CategoryMask> shown) {}

  Outcome measure(Map<String, WeightTensor> parameters) throws IOException, InterruptedException {
    try {
      return measure(write(parameters));
    } finally {
      delete();
    }
  }

  /** Deletes the folder with all that is in it, also of a process that was killed. */
  private void delete() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private ModelCard write(Map<String, WeightTensor> parameters) throws IOException {
    return Conversion.of(network, Weights.of(network, parameters))
        .name(MODEL)
        .labels(data.labels())
        .palette(data.palette())
        .formats(ModelFormat.TORCHSCRIPT)
        .write(folder);
  }

  private Outcome measure(ModelCard card) throws IOException, InterruptedException {
    try (Segmenter segmenter =
        Segmenter.builder().model(card).backend("djl").device(device).open()) {
      SegmentationMetrics metrics = Evaluation.of(segmenter, data).run().metrics();
      List<CategoryMask> masks = new ArrayList<>();
      for (Sample sample : shown) {
        masks.add(segmenter.segment(sample.photograph()).mask());
      }
      return new Outcome(metrics, masks);
    }
  }
}
