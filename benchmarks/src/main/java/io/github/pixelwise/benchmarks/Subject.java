package io.github.pixelwise.benchmarks;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.convert.Scores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network for the pipelines, in the forms that they read.
 *
 * @param name its name in torchvision
 * @param checkpoint its weights for PyTorch; empty if they are random
 * @param size how photos are resized for it
 * @param card scores on the network's grid, for ONNX Runtime, DJL and OpenCV
 * @param reduced the same in bfloat16, for DJL
 * @param atInputSize scores of the input's size, for DJL's own translator
 */
record Subject(
    String name,
    Optional<Path> checkpoint,
    SizeRule size,
    Path card,
    Path reduced,
    Path atInputSize) {
  /**
   * Writes the forms.
   *
   * @param name the network's name in torchvision
   * @param checkpoint its weights; random ones if empty
   * @param folder the folder to write to
   */
  static Subject write(String name, Optional<Path> checkpoint, Path folder) throws IOException {
    Network network = Networks.of(name.replace('_', '-'), NetworkOptions.ofClasses(21));
    Conversion conversion =
        checkpoint.isPresent()
            ? Conversion.of(network, checkpoint.get())
            : Conversion.of(network, Weights.initial(network, 1));
    conversion.labels(LabelMap.voc());
    ModelCard model = conversion.write(folder.resolve("grid"));
    conversion
        .formats(ModelFormat.TORCHSCRIPT)
        .precision(Precision.BFLOAT16)
        .write(folder.resolve("bfloat16"));
    conversion.precision(Precision.FLOAT32).scores(Scores.INPUT).write(folder.resolve("input"));
    String card = model.name() + ".properties";
    return new Subject(
        name,
        checkpoint,
        model.input().size(),
        folder.resolve("grid").resolve(card),
        folder.resolve("bfloat16").resolve(card),
        folder.resolve("input").resolve(card));
  }
}
