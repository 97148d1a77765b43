package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a photograph is segmented and what its products look like. */
final class RecipeOptions {
  @Option(
      names = "--threshold",
      paramLabel = "[CLASS=]P",
      converter = ThresholdOption.Converter.class,
      description =
          "The probability, 0 to 1, that a class, or any, needs to be believed: pixels below it become"
              + " void. May be given several times.")
  private List<ThresholdOption> thresholds = List.of();

  @Option(
      names = "--min-region",
      paramLabel = "PX",
      description =
          "Regions of fewer pixels become part of what surrounds them; 1, which keeps all, unless"
              + " given.")
  private int minRegion = 1;

  @Option(
      names = "--outline",
      description = "Draws the outlines of classes in the overlay, 3 pixels wide.")
  private boolean outline;

  @Option(
      names = "--class",
      paramLabel = "NAME[,NAME...]",
      description =
          "Classes that the cutout keeps; all but the background unless given. A name may have commas:"
              + " 'road, route', or road\\, route among others.")
  private @Nullable List<String> classes;

  @Option(
      names = "--background",
      paramLabel = "transparent|#rrggbb|FILE|blur[:PX]",
      description =
          "What the cutout is put on: nothing (the default), a color, a picture, scaled to cover,"
              + " which keeps its alpha, or the photograph's own background, blurred by PX pixels (1"
              + " to 500; an 80th of its longer side unless given).")
  private String background = "transparent";

  @Option(
      names = "--feather",
      paramLabel = "PX",
      description = "Pixels by which the cutout's edge is softened; 3 unless given, 0 for none.")
  private int feather = 3;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  void check() {
    if (feather < 0 || feather > 1000) {
      throw new IllegalArgumentException("--feather must be 0 to 1000 pixels, found " + feather);
    }
    if (minRegion < 1) {
      throw new IllegalArgumentException(
          "--min-region must be at least 1 pixel, found " + minRegion);
    }
  }

  /**
   * Starts the recipe, which still lacks the thresholds.
   *
   * @param labels the model's classes
   * @param reader reads the background, if it is a picture
   * @throws IllegalArgumentException if there is no such class or background
   */
  Recipe.Builder recipe(LabelMap labels, PhotographReader reader) {
    Recipe.Builder recipe = Recipe.builder().minRegion(minRegion).feather(feather);
    if (classes != null) {
      recipe.classes(classes(classes, labels));
    }
    if (outline) {
      recipe.outline();
    }
    try {
      return recipe.background(
          Background.parse(background).orElseGet(() -> picture(Path.of(background), reader)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid value for option '--background': " + e.getMessage(), e);
    }
  }

  /**
   * Puts the thresholds together.
   *
   * @throws IllegalArgumentException as {@link ThresholdOption#combined} does
   */
  Thresholds thresholds(LabelMap labels) {
    return ThresholdOption.combined(thresholds, labels);
  }

  private static String[] classes(List<String> values, LabelMap labels) {
    List<String> found = ClassOption.names(values, labels);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("--class names nothing");
    }
    return found.toArray(String[]::new);
  }

  private static Background picture(Path file, PhotographReader reader) {
    if (file.equals(Photograph.STANDARD_STREAM)) {
      throw new IllegalArgumentException("a background is not read from standard input");
    }
    try {
      return Background.ofPicture(reader.read(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected transparent, a color as #rrggbb, blur, blur:PX or a picture: " + e.getMessage(),
          e);
    }
  }
}
