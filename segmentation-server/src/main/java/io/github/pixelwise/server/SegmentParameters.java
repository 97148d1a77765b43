package io.github.pixelwise.server;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.RecipeFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of a photo.
 *
 * @param segmenter the model and its backend
 * @param recipe how the photo is segmented, and what is written
 * @param products what is written
 */
record SegmentParameters(Segmenter segmenter, RecipeFile recipe, Set<Product> products) {
  private static final String MODEL = "model";
  private static final String BACKEND = "backend";

  /** Stands for the file part of this name. */
  private static final String BACKGROUND_PART = "part background";

  /** Parameters that may be given several times, or as one list. */
  private static final Set<String> LISTS = Set.of("write", "class", "threshold");

  /** The names of all parameters. */
  static List<String> names() {
    List<String> names = new ArrayList<>(List.of(MODEL, BACKEND));
    names.addAll(RecipeFile.keys());
    return names;
  }

  /**
   * Reads parameters: those of the query override the fields of a form, and these the recipe.
   *
   * @throws Problem if the model is not served
   * @throws IllegalArgumentException if a parameter is unknown or wrong, or the model cannot do it
   */
  static SegmentParameters of(Map<String, List<String>> query, Upload upload, ServedModels models) {
    Map<String, String> values = new LinkedHashMap<>();
    if (upload.recipe() != null) {
      values.putAll(recipe(upload.recipe()));
    }
    putAll(upload.fields(), values);
    putAll(query, values);
    if (upload.background() != null) {
      if (values.containsKey("background")) {
        throw new Problem(400, "there are two backgrounds, a file and a parameter; send one");
      }
      values.put("background", BACKGROUND_PART);
    }
    Segmenter segmenter = models.choose(values.remove(MODEL), values.remove(BACKEND));
    RecipeFile recipe = RecipeFile.parse("");
    for (Map.Entry<String, String> value : values.entrySet()) {
      if (!names().contains(value.getKey())) {
        throw unknown(value.getKey(), names());
      }
      recipe = recipe.with(value.getKey(), value.getValue());
    }
    Recipe checked = recipe(recipe, segmenter, () -> Background.TRANSPARENT);
    return new SegmentParameters(segmenter, recipe, checked.products(segmenter.model()));
  }

  static Problem unknown(String name, List<String> names) {
    if (name.isBlank()) {
      return new Problem(400, "a parameter has no name");
    }
    return new Problem(
        400,
        "unknown parameter %s%s; parameters are %s"
            .formatted(name, Names.suggestion(name, names), String.join(", ", names)));
  }

  private static Map<String, String> recipe(String text) {
    return text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[")
        ? JsonRecipe.values(text)
        : RecipeFile.parse(text).values();
  }

  private static void putAll(Map<String, List<String>> parameters, Map<String, String> values) {
    parameters.forEach((name, given) -> values.put(name, single(name, given)));
  }

  static String single(String name, List<String> given) {
    if (given.size() > 1 && !LISTS.contains(name)) {
      throw new Problem(400, "parameter %s occurs %d times".formatted(name, given.size()));
    }
    return String.join(",", given);
  }

  /**
   * Makes the recipe.
   *
   * @param picture reads the background, if it is a picture
   */
  Recipe recipe(Supplier<Background> picture) {
    return recipe(recipe, segmenter, picture);
  }

  private static Recipe recipe(
      RecipeFile recipe, Segmenter segmenter, Supplier<Background> picture) {
    return recipe.recipe(segmenter.model().labels(), name -> background(name, picture));
  }

  private static Background background(@Nullable String name, Supplier<Background> picture) {
    if (!BACKGROUND_PART.equals(name)) {
      throw new IllegalArgumentException(
          ("expected transparent, a color as #rrggbb, blur, or blur:PX, found \"%s\". Send a"
                  + " picture as the file part background")
              .formatted(name));
    }
    return picture.get();
  }
}
