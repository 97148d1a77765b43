package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.postprocess.Regions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final String BACKGROUND = "background";

  private final Thresholds thresholds;
  private final Map<String, String> relabeling;
  private final int minRegion;
  private final List<String> classes;
  private final Background background;
  private final int feather;
  private final boolean outline;
  private final Set<Product> products;

  private Recipe(Builder builder) {
    thresholds = builder.thresholds;
    relabeling = builder.relabeling;
    minRegion = builder.minRegion;
    classes = builder.classes;
    background = builder.background;
    feather = builder.feather;
    outline = builder.outline;
    products = builder.products;
  }

  /**
   * Starts a recipe: each pixel of its likeliest class, and a cutout that keeps all but the
   * background, on nothing, with edges softened by 3 pixels.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns what this recipe writes for photographs that a model of these classes segments: what
   * was asked for, or else all there is. A cutout is possible if its classes are named, or one of
   * the model's is called background.
   *
   * @param labels the model's own classes
   * @return an unmodifiable set in the order of {@link Product}
   * @throws IllegalArgumentException if a cutout was asked for that is not possible
   */
  public Set<Product> products(LabelMap labels) {
    LabelMap found = relabeling.isEmpty() ? labels : Relabeling.of(labels, relabeling).labels();
    boolean cutsOut = !classes.isEmpty() || found.find(BACKGROUND).isPresent();
    if (products.isEmpty()) {
      Set<Product> possible = EnumSet.allOf(Product.class);
      if (!cutsOut) {
        possible.remove(Product.CUTOUT);
      }
      return Collections.unmodifiableSet(possible);
    }
    if (!cutsOut && products.contains(Product.CUTOUT)) {
      throw new IllegalArgumentException(
          "no class is named \"%s\", so nothing tells what a cutout keeps. Name its classes, of %s."
              .formatted(BACKGROUND, String.join(", ", found.names())));
    }
    return products;
  }

  /**
   * Segments a photograph. What is transparent in it is on white for the network.
   *
   * @param segmenter the segmenter; not closed
   * @param photo the photograph
   * @return what can be written of it
   * @throws IllegalArgumentException if the model lacks a class that this recipe names, or as
   *     {@link Segmenter#segment(io.github.pixelwise.RgbImage, SegmentationOptions)} does
   * @throws io.github.pixelwise.InferenceException if the engine fails
   * @throws IllegalStateException if the segmenter is closed
   */
  public Products apply(Segmenter segmenter, Picture photo) {
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withThresholds(thresholds);
    LabelMap labels = segmenter.model().labels();
    if (!relabeling.isEmpty()) {
      Relabeling classesAnew = Relabeling.of(labels, relabeling);
      options = options.withRelabeling(classesAnew);
      labels = classesAnew.labels();
    }
    classes.forEach(labels::category); // fails before the network runs
    SegmentationResult result = segmenter.segment(photo.onWhite(), options);
    if (minRegion > 1) {
      result = result.withMask(Regions.dropSmall(result.mask(), result.labels(), minRegion));
    }
    return new Products(this, photo, result, segmenter.model(), segmenter.runtime());
  }

  List<String> classes() {
    return classes;
  }

  Background background() {
    return background;
  }

  int feather() {
    return feather;
  }

  boolean outline() {
    return outline;
  }

  /** Builds a {@link Recipe}. Not safe for use by several threads. */
  public static final class Builder {
    private Thresholds thresholds = Thresholds.NONE;
    private Map<String, String> relabeling = Map.of();
    private int minRegion = 1;
    private List<String> classes = List.of();
    private Background background = Background.TRANSPARENT;
    private int feather = 3;
    private boolean outline;
    private Set<Product> products = Set.of();

    private Builder() {}

    /**
     * Sets how sure the network must be, {@link Thresholds#NONE} unless called.
     *
     * @param thresholds the thresholds, of classes as they are after a relabeling
     * @return this builder
     */
    public Builder thresholds(Thresholds thresholds) {
      this.thresholds = Objects.requireNonNull(thresholds, "thresholds");
      return this;
    }

    /**
     * Gives the model's classes other names, or merges some.
     *
     * @param names new names by old ones, as {@link Relabeling#of} takes them; copied
     * @return this builder
     */
    public Builder relabeling(Map<String, String> names) {
      relabeling = Map.copyOf(names);
      return this;
    }

    /**
     * Lets small regions become part of what surrounds them.
     *
     * @param pixels the fewest pixels of a region that stays; 1, which keeps all, unless called
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder minRegion(int pixels) {
      if (pixels < 1) {
        throw new IllegalArgumentException(
            "the smallest region must have at least 1 pixel, found " + pixels);
      }
      minRegion = pixels;
      return this;
    }

    /**
     * Says which classes a cutout keeps, all but the background unless called.
     *
     * @param names the names of the classes, in whatever case
     * @return this builder
     */
    public Builder classes(String... names) {
      classes = List.of(names);
      return this;
    }

    /**
     * Sets what a cutout is put on, {@link Background#TRANSPARENT} unless called.
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
     * @param pixels a radius, 0 to 1000; 3 unless called
     * @return this builder
     * @throws IllegalArgumentException if it lies outside 0..1000
     */
    public Builder feather(int pixels) {
      if (pixels < 0 || pixels > 1000) {
        throw new IllegalArgumentException("the feather must be 0 to 1000 pixels, found " + pixels);
      }
      feather = pixels;
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
     * Says what is written, all that is possible unless called.
     *
     * @param products the products, one or more; copied
     * @return this builder
     * @throws IllegalArgumentException if there is none
     */
    public Builder products(Set<Product> products) {
      if (products.isEmpty()) {
        throw new IllegalArgumentException("a recipe must write something, found no product");
      }
      this.products = Collections.unmodifiableSet(EnumSet.copyOf(products));
      return this;
    }

    /** {@return the recipe} */
    public Recipe build() {
      return new Recipe(this);
    }
  }
}
