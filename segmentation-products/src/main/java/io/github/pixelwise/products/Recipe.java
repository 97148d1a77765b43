package io.github.pixelwise.products;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.shape.Shapes;
import io.github.pixelwise.tile.Tiles;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How photographs are segmented, and what is written for each.
 *
 * <pre>{@code
 * Recipe recipe = Recipe.builder().classes("cat").background(Background.ofColor(0xffffff)).build();
 * Products products = recipe.apply(segmenter, Images.readPicture(path, Images.MAX_PIXELS));
 * products.write(Product.CUTOUT, out);
 * }</pre>
 *
 * <p>A recipe names classes and so fits every model that has them. Immutable; safe for use by
 * several threads.
 */
public final class Recipe {
  static final String BACKGROUND = "background";
  static final int MOST_TOLERANCE = 10_000;

  private final MaskRecipe masks;
  private final Background background;
  private final CutoutEdge edge;
  private final ShapeRecipe shapes;
  private final boolean outline;
  private final boolean legend;
  private final PictureFormat format;
  private final ProductChoice products;

  private Recipe(Builder from) {
    masks =
        new MaskRecipe(
            from.thresholds, from.relabeling, from.sharpened, from.tiles, from.minRegion);
    background = from.background;
    edge =
        new CutoutEdge(
            from.classes, from.relabeling, from.minRegion, from.feather, from.soft, from.refined);
    shapes = new ShapeRecipe(from.classes, from.tolerance, from.smoothing);
    outline = from.outline;
    legend = from.legend;
    format = from.format;
    products = new ProductChoice(from.products, masks, edge);
  }

  /**
   * Starts a recipe. By default, each pixel gets its most likely class, and a cutout keeps
   * everything but the background, is transparent elsewhere, and has edges softened by 3 pixels, or
   * the model's own soft edges if its card says so.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the products that this recipe writes with a model of these classes: those set in the
   * builder, or else all possible ones up to {@link Product#JSON}. A cutout is possible if the
   * recipe names classes to keep, or if the model has a class named background.
   *
   * @param labels the model's own classes
   * @return an unmodifiable set in the order of {@link Product}
   * @throws IllegalArgumentException if the recipe requires a cutout but none is possible
   */
  public Set<Product> products(LabelMap labels) {
    return products.of(labels);
  }

  /**
   * Returns the products that this recipe writes with a model, and checks that the model can follow
   * the recipe.
   *
   * @param model the model
   * @return an unmodifiable set in the order of {@link Product}
   * @throws IllegalArgumentException if the model lacks a class that this recipe names, or cannot
   *     give the cutout or the confidence that it requires
   */
  public Set<Product> products(ModelCard model) {
    return products.of(model);
  }

  /**
   * Segments a photograph. The network sees transparent parts as white.
   *
   * @param segmenter the segmenter; not closed
   * @param photo the photograph
   * @return the products, to be written
   * @throws IllegalArgumentException as {@link #products(ModelCard)} and {@link
   *     Segmenter#segment(RgbImage, SegmentationOptions)} do
   * @throws io.github.pixelwise.InferenceException if the engine fails
   * @throws IllegalStateException if the segmenter is closed
   */
  public Products apply(Segmenter segmenter, Picture photo) {
    ModelCard model = segmenter.model();
    SegmentationResult result = segmenter.segment(photo.onWhite(), products.options(model));
    return new Products(this, photo, masks.cleaned(result), model, segmenter.runtime());
  }

  /** How a mask is made. Fails if the model lacks a class. */
  SegmentationOptions options(ModelCard model) {
    products.requireClasses(model);
    return masks.options(model);
  }

  /** The foreground of a result. */
  AlphaMask alpha(SegmentationResult result, ModelCard model, RgbImage photo) {
    return edge.alpha(result, model, photo);
  }

  /** {@return how photographs are divided into tiles; empty if the network sees them whole} */
  public Optional<Tiles> tiles() {
    return masks.tiles();
  }

  /** {@return the smallest region that is kept, in pixels} */
  public int minRegion() {
    return masks.minRegion();
  }

  /** {@return the format of overlays and cutouts} */
  public PictureFormat format() {
    return format;
  }

  boolean sharpened() {
    return masks.sharpened();
  }

  Background background() {
    return background;
  }

  boolean outline() {
    return outline;
  }

  boolean legend() {
    return legend;
  }

  ShapeRecipe shapes() {
    return shapes;
  }

  /** Builds a {@link Recipe}. Not safe for use by several threads. */
  public static final class Builder {
    private Thresholds thresholds = Thresholds.NONE;
    private Map<String, String> relabeling = Map.of();
    private boolean sharpened;
    private Optional<Tiles> tiles = Optional.empty();
    private int minRegion = 1;
    private List<String> classes = List.of();
    private Background background = Background.TRANSPARENT;
    private OptionalInt feather = OptionalInt.empty();
    private boolean soft;
    private boolean refined;
    private boolean outline;
    private boolean legend;
    private PictureFormat format = PictureFormat.PNG;
    private double tolerance;
    private int smoothing;
    private Set<Product> products = Set.of();

    private Builder() {}

    /**
     * Sets how confident the network must be. The default is {@link Thresholds#NONE}.
     *
     * @param thresholds the thresholds, with class names as they are after relabeling
     * @return this builder
     */
    public Builder thresholds(Thresholds thresholds) {
      this.thresholds = Objects.requireNonNull(thresholds, "thresholds");
      return this;
    }

    /**
     * Renames or merges the model's classes.
     *
     * @param names new names by old ones, as for {@link Relabeling#of}; copied
     * @return this builder
     */
    public Builder relabeling(Map<String, String> names) {
      relabeling = Map.copyOf(names);
      return this;
    }

    /**
     * Lets the edges of masks follow those of the photograph.
     *
     * @return this builder
     * @see SegmentationOptions#withSharpening
     */
    public Builder sharpen() {
      sharpened = true;
      return this;
    }

    /**
     * Divides photographs into tiles, each of which the network sees alone; for photographs that
     * are much larger than the network's input. By default, the network sees them whole.
     *
     * @param tiles how large the tiles are
     * @return this builder
     */
    public Builder tiles(Tiles tiles) {
      this.tiles = Optional.of(tiles);
      return this;
    }

    /**
     * Merges small regions into their surroundings.
     *
     * @param pixels the smallest region to keep, in pixels; the default 1 keeps all
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder minRegion(int pixels) {
      require(pixels >= 1, "the smallest region must have at least 1 pixel, found " + pixels);
      minRegion = pixels;
      return this;
    }

    /**
     * Sets the classes that a cutout keeps, and whose shapes are written. The default is all but
     * the background.
     *
     * @param names the names of the classes; case is ignored
     * @return this builder
     */
    public Builder classes(String... names) {
      classes = List.of(names);
      return this;
    }

    /**
     * Sets the background of a cutout. The default is {@link Background#TRANSPARENT}.
     *
     * @param background the background
     * @return this builder
     */
    public Builder background(Background background) {
      this.background = Objects.requireNonNull(background, "background");
      return this;
    }

    /**
     * Sets by how much a cutout's edges are softened.
     *
     * @param pixels a radius, 0 to 1000; the default is 3, or 0 for edges that are {@linkplain
     *     #soft soft} or {@linkplain #refine refined}
     * @return this builder
     * @throws IllegalArgumentException if it is outside 0..1000
     */
    public Builder feather(int pixels) {
      require(
          pixels >= 0 && pixels <= 1000, "the feather must be 0 to 1000 pixels, found " + pixels);
      feather = OptionalInt.of(pixels);
      return this;
    }

    /**
     * Takes a cutout's alpha from the probabilities of the classes it keeps, not from the mask.
     * Thresholds then have no effect on it. Models whose card says {@code output.edge = soft}, such
     * as U2-Net, do this without being asked.
     *
     * @return this builder
     * @see io.github.pixelwise.postprocess.Alpha#ofProbability(io.github.pixelwise.ScoreMap,
     *     int...)
     */
    public Builder soft() {
      soft = true;
      return this;
    }

    /**
     * Refines a cutout's uncertain edges by the photograph's colors.
     *
     * @return this builder
     * @see io.github.pixelwise.postprocess.Alpha#refine
     */
    public Builder refine() {
      refined = true;
      return this;
    }

    /**
     * Draws the outlines of classes in the overlay, 3 pixels wide.
     *
     * @return this builder
     */
    public Builder outline() {
      outline = true;
      return this;
    }

    /**
     * Puts a legend below the overlay: the color, name, and share of each class that it shows.
     *
     * @return this builder
     */
    public Builder legend() {
      legend = true;
      return this;
    }

    /**
     * Sets the format of overlays and cutouts. The default is {@link PictureFormat#PNG}.
     *
     * @param format the format; JPEG is possible for cutouts on opaque backgrounds only
     * @return this builder
     */
    public Builder format(PictureFormat format) {
      this.format = Objects.requireNonNull(format, "format");
      return this;
    }

    /**
     * Leaves points out of shapes.
     *
     * @param pixels how far a point that is left out may be from the new border; the default 0
     *     keeps the steps of pixels
     * @return this builder
     * @throws IllegalArgumentException if it is not a number of at least 0
     * @see Shapes#simplified
     */
    public Builder simplify(double pixels) {
      require(
          pixels >= 0 && pixels <= MOST_TOLERANCE,
          "the tolerance must be 0 to %d pixels, found %s".formatted(MOST_TOLERANCE, pixels));
      tolerance = pixels;
      return this;
    }

    /**
     * Rounds the corners of shapes.
     *
     * @param rounds how often, 0 to 3; the default is 0
     * @return this builder
     * @throws IllegalArgumentException if it is outside 0..3
     * @see Shapes#smoothed
     */
    public Builder smooth(int rounds) {
      require(rounds >= 0 && rounds <= 3, "corners can be rounded 0 to 3 times, found " + rounds);
      smoothing = rounds;
      return this;
    }

    /**
     * Sets the products to write. The default is all that are possible, up to {@link Product#JSON}.
     *
     * @param products the products, one or more; copied
     * @return this builder
     * @throws IllegalArgumentException if there are none
     */
    public Builder products(Set<Product> products) {
      require(!products.isEmpty(), "a recipe must write something, found no product");
      this.products = Collections.unmodifiableSet(EnumSet.copyOf(products));
      return this;
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }

    /** {@return the recipe} */
    public Recipe build() {
      return new Recipe(this);
    }
  }
}
