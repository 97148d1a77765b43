package io.github.pixelwise.spark;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.RecipeFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A recipe on its way from the driver to the executors, with the picture that it puts behind
 * cutouts.
 *
 * @param text the recipe, as {@link RecipeFile} reads it
 * @param pictures the files that the recipe names
 */
record ShippedRecipe(String text, Map<String, byte[]> pictures) implements Serializable {

  /**
   * Reads what a recipe needs, on the driver.
   *
   * @throws IllegalArgumentException if the recipe is wrong, or the model lacks one of its classes
   */
  static ShippedRecipe of(String text, LabelMap labels, Configuration configuration) {
    Map<String, byte[]> pictures = new HashMap<>();
    RecipeFile.parse(text)
        .recipe(labels, name -> background(read(name, pictures, configuration), name));
    return new ShippedRecipe(text, pictures);
  }

  /** The recipe, on an executor. */
  Recipe recipe(LabelMap labels) {
    return RecipeFile.parse(text)
        .recipe(labels, name -> background(Objects.requireNonNull(pictures.get(name)), name));
  }

  private static byte[] read(
      String name, Map<String, byte[]> pictures, Configuration configuration) {
    try {
      byte[] picture = HadoopFiles.read(new Path(name), configuration);
      pictures.put(name, picture);
      return picture;
    } catch (IOException e) {
      throw wrong(name, e);
    }
  }

  private static Background background(byte[] file, String name) {
    try {
      return Background.ofPicture(Images.readPicture(file, Images.MAX_PIXELS));
    } catch (IOException e) {
      throw wrong(name, e);
    }
  }

  private static IllegalArgumentException wrong(String name, IOException e) {
    return new IllegalArgumentException(
        "background: expected transparent, a color as #rrggbb, blur, blur:PX, or an image file, found \"%s\": %s"
            .formatted(name, e.getMessage()),
        e);
  }
}
