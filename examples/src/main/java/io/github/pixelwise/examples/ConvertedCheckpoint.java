package io.github.pixelwise.examples;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.Path;

/** Converts a PyTorch checkpoint to a model and runs it. */
public final class ConvertedCheckpoint {
  private ConvertedCheckpoint() {}

  /**
   * Runs the example.
   *
   * @param args the checkpoint, its network's name, the folder for the model, the photo, and the
   *     color map to write; the network has the VOC classes
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Network network = Networks.of(args[1], NetworkOptions.ofClasses(21));
    System.out.println(network.table(512, 512));
    ModelCard model =
        Conversion.of(network, Path.of(args[0])).labels(LabelMap.voc()).write(Path.of(args[2]));
    RgbImage photo = Images.read(Path.of(args[3]));
    try (Segmenter segmenter = Segmenter.builder().model(model).open()) {
      SegmentationResult result = segmenter.segment(photo);
      Images.write(Coloring.colorize(result), Path.of(args[4]));
    }
  }
}
