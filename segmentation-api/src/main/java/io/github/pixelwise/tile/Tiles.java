package io.github.pixelwise.tile;

/**
 * How a picture is divided into square tiles, each of which the network sees alone.
 *
 * <p>Neighbors share {@code overlap} pixels. The outer quarter of these, next to a tile's border,
 * only gives context. In the middle half, the scores of one tile pass into those of the next by a
 * Hann window. So the mask is that of the whole picture, to the bit, if a pixel's scores depend on
 * no more than {@code overlap / 4} pixels in each direction.
 *
 * @param size the side of a tile in pixels of the picture, at least 16. A smaller picture has tiles
 *     of its own size.
 * @param overlap how many pixels two neighbors share, 0 to half of {@code size}
 */
public record Tiles(int size, int overlap) {
  private static final int SMALLEST = 16;

  /**
   * Creates a division.
   *
   * @param size the side of a tile in pixels of the picture, at least 16
   * @param overlap how many pixels two neighbors share, 0 to half of {@code size}
   * @throws IllegalArgumentException if a number is out of range
   */
  public Tiles {
    if (size < SMALLEST) {
      throw new IllegalArgumentException(
          "tiles must be at least %d pixels wide, found %d".formatted(SMALLEST, size));
    }
    if (overlap < 0 || overlap > size / 2) {
      throw new IllegalArgumentException(
          "tiles of %d pixels can overlap by 0 to %d pixels, found %d"
              .formatted(size, size / 2, overlap));
    }
  }
}
