package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.RecipeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that say how a photo is segmented and what is written for it: a recipe file, and
 * values that override those of the file.
 */
final class RecipeOptions {
  /** How a message about a value begins. */
  private static final Pattern VALUE = Pattern.compile("^key ([a-z-]+): ");

  private static final Pattern KEY = Pattern.compile("\\bkey ([a-z-]+)");

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      description =
          "A file with lines KEY = VALUE, such as 'write = mask, json'. Keys are the names of the"
              + " options from --write to --smooth, which override its values; --no-soft and the"
              + " like override true.")
  private @Nullable Path file;

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "WHAT",
      description =
          "What to write: mask, color, overlay, cutout, json (default: these), confidence, geojson,"
              + " yolo, labelme, svg, coco, cvat, summary.")
  private @Nullable List<String> products;

  @Option(
      names = "--threshold",
      paramLabel = "[CLASS=]P",
      description =
          "The lowest probability, 0 to 1, to accept for a class, or for all classes. Pixels below"
              + " it become void. Repeatable.")
  private @Nullable List<String> thresholds;

  @Option(
      names = "--sharpen",
      negatable = true,
      description = "Let the edges of masks follow those of the photo. Needs a model with scores.")
  private @Nullable Boolean sharpen;

  @Option(
      names = "--min-region",
      paramLabel = "PX",
      description =
          "Merge regions of fewer pixels into their surroundings (default: 1, which keeps all).")
  private @Nullable Integer minRegion;

  @Option(
      names = "--outline",
      negatable = true,
      description = "Draw class outlines, 3 pixels wide, in the overlay.")
  private @Nullable Boolean outline;

  @Option(
      names = "--legend",
      negatable = true,
      description = "Put a legend below the overlay: the color, name, and share of its classes.")
  private @Nullable Boolean legend;

  @Option(
      names = "--format",
      paramLabel = "png|jpg|webp",
      description = "The format of overlays and cutouts (default: png).")
  private @Nullable String format;

  @Option(
      names = "--quality",
      paramLabel = "N",
      description =
          "The quality of jpg and webp, from 1 for small files to 100 for good pictures (default:"
              + " 90).")
  private @Nullable Integer quality;

  @Option(
      names = "--class",
      paramLabel = "NAME[,NAME...]",
      description =
          "Classes that the cutout keeps, and whose shapes are written (default: all but the"
              + " background). A name may contain commas: 'road, route'. If its parts are class"
              + " names themselves, escape the comma: 'road\\, route'.")
  private @Nullable List<String> classes;

  @Option(
      names = "--background",
      paramLabel = "transparent|#rrggbb|FILE|blur[:PX]",
      description =
          "What to put behind the cutout: nothing (transparent, the default), a color, an image"
              + " file (scaled to cover; its alpha is kept), or the photo's own background, blurred"
              + " by PX pixels (1 to 500; default: 1/80 of the longer side).")
  private @Nullable String background;

  @Option(
      names = "--feather",
      paramLabel = "PX",
      description =
          "Radius in pixels by which the cutout's edge is softened (default: 3, or 0 if it is soft"
              + " or refined; 0 for a hard edge).")
  private @Nullable Integer feather;

  @Option(
      names = "--soft",
      negatable = true,
      description =
          "Take the cutout's alpha from the probabilities of its classes, not from the mask. Models"
              + " for cutouts, such as u2net, always do this. --threshold has no effect"
              + " on it.")
  private @Nullable Boolean soft;

  @Option(
      names = "--refine",
      negatable = true,
      description =
          "Refine the cutout's edge by the photo's colors: hairs and gaps that the network is too"
              + " coarse for.")
  private @Nullable Boolean refine;

  @Option(
      names = "--tiles",
      paramLabel = "PX",
      description =
          "Divide photos into tiles of this many pixels, each of which the network sees alone. For"
              + " photos that are much larger than the network's input.")
  private @Nullable Integer tiles;

  @Option(
      names = "--overlap",
      paramLabel = "PX",
      description =
          "How many pixels neighboring tiles share, up to half a tile (default: an eighth).")
  private @Nullable Integer overlap;

  @Option(
      names = "--simplify",
      paramLabel = "PX",
      description =
          "Leave points out of shapes: the new border may be this many pixels away from them"
              + " (default: 0, which keeps the steps of pixels; 1 removes them). Shapes stay free"
              + " of gaps and overlaps.")
  private @Nullable Double simplify;

  @Option(
      names = "--smooth",
      paramLabel = "N",
      description =
          "Round the corners of shapes N times, 0 to 3 (default: 0). Use it with --simplify.")
  private @Nullable Integer smooth;

  @Option(names = "--cutout", description = "Write only the cutout: short for --write cutout.")
  private boolean cutout;

  /**
   * Reads the recipe file, if there is one, and overrides its values.
   *
   * @throws ParameterException if it cannot be read, or a value is wrong by itself
   */
  RecipeFile recipe() {
    RecipeFile recipe = file == null ? RecipeFile.parse("") : read(file);
    for (Map.Entry<String, String> value : values().entrySet()) {
      try {
        recipe = recipe.with(value.getKey(), value.getValue());
      } catch (IllegalArgumentException e) {
        throw wrong(e);
      }
    }
    return recipe;
  }

  private RecipeFile read(Path recipe) {
    try {
      return RecipeFile.read(recipe);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** The values that options set, by their keys. */
  private Map<String, String> values() {
    if (cutout && products != null) {
      throw wrong("--cutout is short for --write cutout; use one of the two options");
    }
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("write", cutout ? "cutout" : joined(products));
    options.put("threshold", joined(thresholds));
    options.put("sharpen", sharpen);
    options.put("min-region", minRegion);
    options.put("outline", outline);
    options.put("legend", legend);
    options.put("format", format);
    options.put("quality", quality);
    options.put("class", joined(classes));
    options.put("background", background);
    options.put("feather", feather);
    options.put("soft", soft);
    options.put("refine", refine);
    options.put("tiles", tiles);
    options.put("overlap", overlap);
    options.put("simplify", simplify);
    options.put("smooth", smooth);
    Map<String, String> values = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          if (value != null) {
            values.put(key, value.toString());
          }
        });
    return values;
  }

  private static @Nullable String joined(@Nullable List<String> values) {
    return values == null ? null : String.join(",", values);
  }

  /**
   * Starts the recipe for a model.
   *
   * @param recipe that of {@link #recipe()}
   * @param reader reads the background, if it is a picture
   * @throws ParameterException if a class or the background does not exist, or values contradict
   *     each other
   */
  Recipe.Builder builder(RecipeFile recipe, LabelMap labels, PhotographReader reader) {
    try {
      return recipe.builder(labels, name -> picture(Path.of(name), reader));
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  /**
   * Checks that the products are possible.
   *
   * @param file what the recipe was made from
   * @throws ParameterException if one is not
   */
  void check(RecipeFile file, Recipe recipe, Set<Product> products, ModelCard model) {
    boolean cutsOut = products.contains(Product.CUTOUT);
    Map<String, String> values = file.values();
    if (cutsOut
        && recipe.tiles().isPresent()
        && values.getOrDefault("soft", "false").equals("true")) {
      throw wrong("--soft needs the whole photo, which --tiles divides: use one of the two");
    }
    if (cutsOut
        && !recipe.format().hasAlpha()
        && values.getOrDefault("background", "transparent").equals("transparent")) {
      throw wrong(
          "--format jpg cannot be transparent. For the cutout, choose a --background, such as"
              + " '#ffffff' or blur, or --format webp; or leave the cutout out with --write"
              + " overlay");
    }
    try {
      recipe.products(model);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private static Background picture(Path file, PhotographReader reader) {
    if (file.equals(Photograph.STANDARD_STREAM)) {
      throw new IllegalArgumentException("a background cannot be read from standard input");
    }
    try {
      return Background.ofPicture(reader.read(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected transparent, a color as #rrggbb, blur, blur:PX, or an image file: "
              + e.getMessage(),
          e);
    }
  }

  /** Says what is wrong with the values of keys, as picocli would say it of options. */
  private ParameterException wrong(IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    Matcher value = VALUE.matcher(message);
    if (value.find()) {
      OptionSpec option = spec().findOption(value.group(1));
      String label = option.isMultiValue() ? " (" + option.paramLabel() + ")" : "";
      return wrong(
          "Invalid value for option '%s'%s: %s"
              .formatted(option.longestName(), label, message.substring(value.end())));
    }
    return wrong(KEY.matcher(message).replaceAll("--$1"));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "injected by picocli");
  }
}
