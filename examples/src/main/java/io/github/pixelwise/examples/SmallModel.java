package io.github.pixelwise.examples;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.quantization.Quantization;
import io.github.pixelwise.quantization.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes an int8 copy of the embedded model. */
public final class SmallModel {
  private SmallModel() {}

  /**
   * Runs the example.
   *
   * @param args a folder of photos, and the folder to write to
   * @throws IOException if a photo cannot be read, or the model cannot be written
   */
  public static void main(String[] args) throws IOException {
    List<Path> photos;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      photos = files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
    ModelCard model = Catalog.load().model(Segmenter.DEFAULT_MODEL);
    QuantizedModel small = Quantization.of(model).photos(photos).quantize();
    System.out.println(small.agreement());
    ModelCard card = small.write(Path.of(args[1])); // refuses if too many pixels change
    System.out.println(card.name());
  }
}
