package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a photo is segmented and what its products look like. */
final class RecipeOptions {
  private static final String TRANSPARENT = "transparent";

  @Option(
      names = "--threshold",
      paramLabel = "[CLASS=]P",
      converter = ThresholdOption.Converter.class,
      description =
          "The lowest probability, 0 to 1, to accept for a class, or for all classes. Pixels below"
              + " it become void. Repeatable.")
  private List<ThresholdOption> thresholds = List.of();

  @Option(
      names = "--sharpen",
      description = "Let the edges of masks follow those of the photo. Needs a model with scores.")
  private boolean sharpen;

  @Option(
      names = "--min-region",
      paramLabel = "PX",
      description =
          "Merge regions of fewer pixels into their surroundings (default: 1, which keeps all).")
  private int minRegion = 1;

  @Option(names = "--outline", description = "Draw class outlines, 3 pixels wide, in the overlay.")
  private boolean outline;

  @Option(
      names = "--legend",
      description = "Put a legend below the overlay: the color, name, and share of its classes.")
  private boolean legend;

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
  private String background = TRANSPARENT;

  @Option(
      names = "--feather",
      paramLabel = "PX",
      description =
          "Radius in pixels by which the cutout's edge is softened (default: 3, or 0 if it is soft"
              + " or refined; 0 for a hard edge).")
  private @Nullable Integer feather;

  @Option(
      names = "--soft",
      description =
          "Take the cutout's alpha from the probabilities of its classes, not from the mask. Models"
              + " for cutouts, such as u2net, do this without the option. --threshold has no effect"
              + " on it.")
  private boolean soft;

  @Option(
      names = "--refine",
      description =
          "Refine the cutout's edge by the photo's colors: hairs and gaps that the network is too"
              + " coarse for.")
  private boolean refine;

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
  private double simplify;

  @Option(
      names = "--smooth",
      paramLabel = "N",
      description =
          "Round the corners of shapes N times, 0 to 3 (default: 0). Use it with --simplify.")
  private int smooth;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  void check() {
    if (feather != null && (feather < 0 || feather > 1000)) {
      throw new IllegalArgumentException("--feather must be 0 to 1000 pixels, found " + feather);
    }
    if (!(simplify >= 0 && simplify <= 10_000)) {
      throw new IllegalArgumentException("--simplify must be 0 to 10000 pixels, found " + simplify);
    }
    if (smooth < 0 || smooth > 3) {
      throw new IllegalArgumentException("--smooth must be 0 to 3, found " + smooth);
    }
    if (overlap != null && tiles == null) {
      throw new IllegalArgumentException("--overlap is for --tiles: choose their size");
    }
    if (tiles().isPresent() && sharpen) {
      throw new IllegalArgumentException(
          "--sharpen needs the whole photo, which --tiles divides: use one of the two");
    }
    if (quality != null && (quality < 1 || quality > 100)) {
      throw new IllegalArgumentException("--quality must be 1 to 100, found " + quality);
    }
    if (minRegion < 1) {
      throw new IllegalArgumentException(
          "--min-region must be at least 1 pixel, found " + minRegion);
    }
  }

  /**
   * The tiles of all photos.
   *
   * @return empty if photos are not divided
   * @throws IllegalArgumentException if the numbers are out of range
   */
  Optional<Tiles> tiles() {
    if (tiles == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Tiles(tiles, overlap == null ? tiles / 8 : overlap));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--tiles, --overlap: " + e.getMessage(), e);
    }
  }

  /** Whether small regions are removed. */
  boolean dropsSmallRegions() {
    return minRegion > 1;
  }

  /**
   * Checks that the products are possible.
   *
   * @throws IllegalArgumentException if one is not
   */
  void check(Set<Product> products) {
    if (tiles().isPresent() && soft && products.contains(Product.CUTOUT)) {
      throw new IllegalArgumentException(
          "--soft needs the whole photo, which --tiles divides: use one of the two");
    }
    if (!format().hasAlpha()
        && products.contains(Product.CUTOUT)
        && background.equals(TRANSPARENT)) {
      throw new IllegalArgumentException(
          "--format jpg cannot be transparent. For the cutout, choose a --background, such as"
              + " '#ffffff' or blur, or --format webp; or leave the cutout out with --write"
              + " overlay");
    }
  }

  /**
   * The format of overlays and cutouts.
   *
   * @throws IllegalArgumentException if there is no such format
   */
  PictureFormat format() {
    try {
      return PictureFormat.parse(format == null ? "png" : format, Optional.ofNullable(quality));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid value for option '--format': " + e.getMessage(), e);
    }
  }

  /**
   * Starts the recipe with everything but the thresholds.
   *
   * @param labels the model's classes
   * @param reader reads the background, if it is a picture
   * @throws IllegalArgumentException if a class or the background does not exist
   */
  Recipe.Builder recipe(LabelMap labels, PhotographReader reader) {
    Recipe.Builder recipe =
        Recipe.builder().minRegion(minRegion).simplify(simplify).smooth(smooth).format(format());
    tiles().ifPresent(recipe::tiles);
    if (feather != null) {
      recipe.feather(feather);
    }
    if (soft) {
      recipe.soft();
    }
    if (sharpen) {
      recipe.sharpen();
    }
    if (refine) {
      recipe.refine();
    }
    if (classes != null) {
      recipe.classes(classes(classes, labels));
    }
    if (outline) {
      recipe.outline();
    }
    if (legend) {
      recipe.legend();
    }
    try {
      return recipe.background(
          Background.parse(background).orElseGet(() -> picture(Path.of(background), reader)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid value for option '--background': " + e.getMessage(), e);
    }
  }

  /** The options that were set but have no effect on these products. */
  List<String> withoutEffect(Set<Product> products) {
    boolean cutsOut = products.contains(Product.CUTOUT);
    boolean shapes = products.stream().anyMatch(Product::isShapes);
    List<String> options = new ArrayList<>();
    addIf(classes != null && !cutsOut && !shapes, "--class", options);
    addIf(!background.equals(TRANSPARENT) && !cutsOut, "--background", options);
    addIf(feather != null && !cutsOut, "--feather", options);
    addIf(soft && !cutsOut, "--soft", options);
    addIf(refine && !cutsOut, "--refine", options);
    addIf(legend && !products.contains(Product.OVERLAY), "--legend", options);
    addIf(outline && !products.contains(Product.OVERLAY), "--outline", options);
    boolean pictures = cutsOut || products.contains(Product.OVERLAY);
    addIf(format != null && !pictures, "--format", options);
    addIf(quality != null && !(pictures && format().hasQuality()), "--quality", options);
    addIf(simplify > 0 && !shapes, "--simplify", options);
    addIf(smooth > 0 && !shapes, "--smooth", options);
    return options;
  }

  private static void addIf(boolean condition, String option, List<String> options) {
    if (condition) {
      options.add(option);
    }
  }

  /**
   * Combines the thresholds.
   *
   * @throws IllegalArgumentException as {@link ThresholdOption#combined} does
   */
  Thresholds thresholds(LabelMap labels) {
    return ThresholdOption.combined(thresholds, labels);
  }

  private static String[] classes(List<String> values, LabelMap labels) {
    List<String> found = ClassOption.names(values, labels);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("--class is empty");
    }
    return found.toArray(String[]::new);
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
}
