package io.github.pixelwise;

import io.github.pixelwise.internal.util.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * The class of every pixel, as an index into a {@link LabelMap}. Immutable, compared by content.
 *
 * <p>Categories are 0 to 65535; masks whose categories all fit into 8 bits are stored as bytes.
 */
public final class CategoryMask {
  private final int width;
  private final int height;
  private final byte[] low;

  /** The upper eight bits of each category; empty if all are zero. */
  private final byte[] high;

  private CategoryMask(int width, int height, byte[] low, byte[] high) {
    int expected = Sizes.samples(width, height, 1);
    if (low.length != expected) {
      throw new IllegalArgumentException(
          "%d x %d categories need an array of %d, found %d"
              .formatted(width, height, expected, low.length));
    }
    this.width = width;
    this.height = height;
    this.low = low;
    this.high = high;
  }

  /**
   * Wraps an array of 8-bit categories without a copy. The array belongs to the mask from then on:
   * the caller must not write to it again.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param categories {@code width * height} unsigned bytes, row by row
   * @return the mask
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static CategoryMask of(int width, int height, byte[] categories) {
    return new CategoryMask(width, height, categories, new byte[0]);
  }

  /**
   * Wraps two arrays with the halves of 16-bit categories without a copy. The arrays belong to the
   * mask from then on: the caller must not write to them again.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param low the categories' lower eight bits, {@code width * height}, row by row
   * @param high their upper eight bits, in an array of the same length
   * @return the mask
   * @throws IllegalArgumentException if a side is below 1 or an array has the wrong length
   */
  public static CategoryMask of(int width, int height, byte[] low, byte[] high) {
    if (high.length != low.length) {
      throw new IllegalArgumentException(
          "categories need as many upper bytes as lower ones, found %d and %d"
              .formatted(high.length, low.length));
    }
    int all = 0;
    for (byte bits : high) {
      all |= bits;
    }
    return new CategoryMask(width, height, low, all != 0 ? high : new byte[0]);
  }

  /**
   * Copies an array of categories.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param categories {@code width * height} values of 0 to 65535, row by row
   * @return the mask
   * @throws IllegalArgumentException if a side is below 1, the array has the wrong length or a
   *     category is outside 0 to 65535
   */
  public static CategoryMask copyOf(int width, int height, int[] categories) {
    byte[] low = new byte[categories.length];
    byte[] high = new byte[categories.length];
    int all = 0;
    for (int i = 0; i < categories.length; i++) {
      all |= categories[i];
      low[i] = (byte) categories[i];
      high[i] = (byte) (categories[i] >> 8);
    }
    if (all >>> 16 != 0) {
      int wrong = Arrays.stream(categories).filter(c -> c >>> 16 != 0).findFirst().orElseThrow();
      throw new IllegalArgumentException("categories must lie in 0..65535, found " + wrong);
    }
    return new CategoryMask(width, height, low, all > 255 ? high : new byte[0]);
  }

  /**
   * Returns the width.
   *
   * @return the width in pixels, at least 1
   */
  public int width() {
    return width;
  }

  /**
   * Returns the height.
   *
   * @return the height in pixels, at least 1
   */
  public int height() {
    return height;
  }

  /**
   * Returns the number of bits per category.
   *
   * @return 8 if all categories are at most 255, else 16
   */
  public int bits() {
    return high.length == 0 ? 8 : 16;
  }

  /**
   * Returns one pixel's category.
   *
   * @param x the column, from 0 at the left
   * @param y the row, from 0 at the top
   * @return 0 to 65535
   * @throws IndexOutOfBoundsException if the pixel is outside the image
   */
  public int category(int x, int y) {
    return category(Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width));
  }

  /**
   * Copies one row of categories.
   *
   * @param y the row, from 0 at the top
   * @param target where the row goes
   * @param offset the index in {@code target} of the first category
   * @throws IndexOutOfBoundsException if the row does not exist or {@code target} is too short
   */
  public void copyRow(int y, int[] target, int offset) {
    int from = Objects.checkIndex(y, height) * width;
    Objects.checkFromIndexSize(offset, width, target.length);
    for (int x = 0; x < width; x++) {
      target[offset + x] = category(from + x);
    }
  }

  /**
   * Copies one row of 8-bit categories as unsigned bytes, which is faster than copying ints.
   *
   * @param y the row, from 0 at the top
   * @param target where the row goes
   * @param offset the index in {@code target} of the first category
   * @throws IndexOutOfBoundsException if the row does not exist or {@code target} is too short
   * @throws IllegalStateException if {@link #bits()} is 16
   */
  public void copyRow(int y, byte[] target, int offset) {
    if (bits() > 8) {
      throw new IllegalStateException(
          "the mask has categories above 255, which do not fit into bytes");
    }
    System.arraycopy(low, Objects.checkIndex(y, height) * width, target, offset, width);
  }

  /** {@return a new array of all categories, row by row from the top} */
  public int[] toIntArray() {
    int[] categories = new int[low.length];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = category(i);
    }
    return categories;
  }

  private int category(int index) {
    int category = low[index] & 0xff;
    return high.length == 0 ? category : (high[index] & 0xff) << 8 | category;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CategoryMask that
        && width == that.width
        && height == that.height
        && Arrays.equals(low, that.low)
        && Arrays.equals(high, that.high);
  }

  @Override
  public int hashCode() {
    return Objects.hash(width, height, Arrays.hashCode(low), Arrays.hashCode(high));
  }

  @Override
  public String toString() {
    return "CategoryMask[" + width + " x " + height + "]";
  }
}
