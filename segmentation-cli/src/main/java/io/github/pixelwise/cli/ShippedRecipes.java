package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.training.TrainingRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The training recipes that come with the command. */
final class ShippedRecipes {
  private static final List<String> NAMES =
      List.of(
          "fcn-resnet18-voc",
          "unet-voc",
          "deeplabv3plus-xception-voc",
          "deeplabv3plus-resnet101-voc",
          "deeplabv3plus-mobilenetv2-voc",
          "camvid-separable-residual");

  /** Another name for the last one. */
  private static final String TUTORIAL_CAMVID = "tutorial-camvid";

  private ShippedRecipes() {}

  static List<String> names() {
    return NAMES;
  }

  static boolean contains(String name) {
    return NAMES.contains(name) || name.equals(TUTORIAL_CAMVID);
  }

  /** Reads one of the recipes. */
  static TrainingRecipe recipe(String name) {
    String file = name.equals(TUTORIAL_CAMVID) ? "camvid-separable-residual" : name;
    try (InputStream in =
        Objects.requireNonNull(
            ShippedRecipes.class.getResourceAsStream("recipes/" + file + ".properties"), file)) {
      return TrainingRecipe.parse(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the jar is damaged
    }
  }
}
