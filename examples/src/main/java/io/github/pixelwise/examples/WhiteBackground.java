package io.github.pixelwise.examples;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts cats on white and writes a report, like the command {@code segment run}. */
public final class WhiteBackground {
  private WhiteBackground() {}

  /**
   * Runs the example.
   *
   * @param args the photo, the PNG file to write, and the JSON file to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    try (Segmenter segmenter = Segmenter.open();
        OutputStream cutout = Files.newOutputStream(Path.of(args[1]));
        OutputStream report = Files.newOutputStream(Path.of(args[2]))) {
      Recipe recipe =
          Recipe.builder()
              .classes("cat")
              .minRegion(400)
              .background(Background.ofColor(0xffffff))
              .build();
      Picture photo = Images.readPicture(Path.of(args[0]), Images.MAX_PIXELS);
      Products products = recipe.apply(segmenter, photo);
      products.write(Product.CUTOUT, cutout);
      products.write(Product.JSON, report);
    }
  }
}
