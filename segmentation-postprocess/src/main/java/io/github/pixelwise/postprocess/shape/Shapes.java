package io.github.pixelwise.postprocess.shape;

import io.github.pixelwise.CategoryMask;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The shapes of all regions of a mask, as polygons that cover the picture without gaps or overlaps.
 * Immutable.
 *
 * <pre>{@code
 * for (Shape shape : Shapes.of(result.mask()).simplified(1).list()) {
 *   System.out.println(result.labels().name(shape.category()) + ": " + shape.area() + " pixels");
 * }
 * }</pre>
 *
 * <p>Void and background have shapes, too.
 */
public final class Shapes {
  /**
   * Coordinates are stored as multiples of this share of a pixel, so that all comparisons of points
   * are exact. Three rounds of smoothing need it.
   */
  static final int PARTS = 64;

  /** The longest side of a mask: coordinates, as ints, and products of two, as longs, are exact. */
  private static final int MAX_SIDE = 1 << 24;

  private final CategoryMask mask;
  private final Layout layout;

  private final Lines rings;

  Shapes(CategoryMask mask, Layout layout, Lines rings) {
    this.mask = mask;
    this.layout = layout;
    this.rings = rings;
  }

  /**
   * Follows the borders of a mask's regions, along the sides of its pixels. Takes memory in
   * proportion to the number of corners.
   *
   * @param mask the mask
   * @return its shapes, in the order of their first pixels, row by row
   * @throws IllegalArgumentException if a side of the mask is longer than 16,777,216 pixels
   */
  public static Shapes of(CategoryMask mask) {
    Objects.requireNonNull(mask, "mask");
    if (Math.max(mask.width(), mask.height()) > MAX_SIDE) {
      throw new IllegalArgumentException(
          "masks with sides of up to %d pixels have shapes, found %d x %d; divide it into smaller ones"
              .formatted(MAX_SIDE, mask.width(), mask.height()));
    }
    return new Tracing(mask).shapes();
  }

  /**
   * Leaves out points, by the algorithm of Douglas and Peucker (1973), applied to the borders
   * between shapes. Shapes on both sides of a border get the same new border, so that there are
   * still neither gaps nor overlaps. Points where three shapes meet stay where they are. A point
   * also stays if borders would cross without it. So no shape and no hole disappears, and polygons
   * stay valid.
   *
   * @param tolerance the largest distance in pixels between a point that is left out and the new
   *     border; 1 removes the steps of pixels
   * @return the simplified shapes, in the same order
   * @throws IllegalArgumentException if the tolerance is not a number from 0 to 16,777,216
   */
  public Shapes simplified(double tolerance) {
    if (!(tolerance >= 0 && tolerance <= MAX_SIDE)) {
      throw new IllegalArgumentException(
          "the tolerance must lie in 0..%d pixels, found %s".formatted(MAX_SIDE, tolerance));
    }
    Borders borders = Borders.of(this);
    return borders.shapes(Simplification.of(borders.lines(), tolerance * PARTS, this));
  }

  /**
   * Rounds corners, by Chaikin's algorithm (1974), which cuts each off at a quarter of its sides.
   * Like {@link #simplified}, it keeps borders shared and polygons valid. Smooth after simplifying:
   * otherwise, the steps of pixels remain visible.
   *
   * @param rounds how often to cut corners, 0 to 3; each round doubles the number of points
   * @return the smoothed shapes, in the same order
   * @throws IllegalArgumentException if the number of rounds lies outside 0..3
   * @throws IllegalStateException if corners would be cut more than three times in all
   */
  public Shapes smoothed(int rounds) {
    if (rounds < 0 || rounds > 3) {
      throw new IllegalArgumentException("the number of rounds must lie in 0..3, found " + rounds);
    }
    if (!rings.areMultiplesOf(1 << (2 * rounds))) {
      throw new IllegalStateException(
          "corners can be cut three times in all, and these shapes were smoothed before; smooth them once");
    }
    Borders borders = Borders.of(this);
    Lines lines = borders.lines();
    for (int round = 0; round < rounds; round++) {
      lines = Smoothing.of(lines, borders, this);
    }
    return borders.shapes(lines);
  }

  /** {@return the shapes, in the order of their first pixels} */
  public List<Shape> list() {
    return new AbstractList<>() {
      @Override
      public Shape get(int index) {
        return new Shape(Shapes.this, Objects.checkIndex(index, size()));
      }

      @Override
      public int size() {
        return layout.size();
      }
    };
  }

  /**
   * Fills the shapes again: a pixel gets the category of the shape that its center lies in.
   *
   * @return a mask of the picture's size; the original one, unless these shapes are simplified or
   *     smoothed
   */
  public CategoryMask toMask() {
    int[] categories = new int[width() * height()];
    Filling filling = new Filling(width(), height());
    for (Shape shape : list()) {
      shape.visitEdges(filling::add);
      filling.visitRuns(
          (row, from, to) ->
              Arrays.fill(categories, row * width() + from, row * width() + to, shape.category()));
    }
    return CategoryMask.copyOf(width(), height(), categories);
  }

  /** {@return the picture's width in pixels} */
  public int width() {
    return mask.width();
  }

  /** {@return the picture's height in pixels} */
  public int height() {
    return mask.height();
  }

  CategoryMask mask() {
    return mask;
  }

  Layout layout() {
    return layout;
  }

  Ring ring(int number) {
    return new Ring(rings, number);
  }

  Lines rings() {
    return rings;
  }
}
