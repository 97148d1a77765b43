package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.Interpolation;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Shows the classes of a photograph side by side: one panel for each, and a sheet of them.
 *
 * <p>The photograph, its mask, and a panel for every class, three in a row:
 *
 * <pre>{@code
 * RgbImage sheet =
 *     Panels.grid(
 *         Stream.concat(
 *             Stream.of(photo, Coloring.colorize(result)),
 *             ClassStatistics.of(result.mask(), result.labels()).stream()
 *                 .map(found -> Panels.ofClass(photo, result.mask(), found.category()))),
 *         3,
 *         640);
 * }</pre>
 *
 * <p>{@link Captions#below} puts a text below a panel. {@link ClassStatistics} gives the names in
 * the order of the panels.
 */
public final class Panels {
  private static final int WHITE = 255;

  /** The distance between a grid's pictures in pixels. */
  private static final int GAP = 8;

  private Panels() {}

  /**
   * Shows one class: its pixels as they are, all others in dark gray.
   *
   * <p>The gray is two fifths of the luma of ITU-R BT.601, rounded: {@code 0.4 * (0.299 R + 0.587 G
   * + 0.114 B)}.
   *
   * @param image the photograph
   * @param mask its mask
   * @param category the class, 0 to 65535; it need not occur in the mask
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ or the category lies outside 0..65535
   */
  public static RgbImage ofClass(RgbImage image, CategoryMask mask, int category) {
    Checks.pair(image, mask);
    Checks.category(category);
    return Painting.on(
        image,
        mask,
        (found, rgb, from, to) -> {
          if (found != category) {
            dim(rgb, from, to);
          }
        });
  }

  private static void dim(byte[] rgb, int from, int to) {
    for (int i = from; i < to; i += 3) {
      int luma = 299 * (rgb[i] & 0xff) + 587 * (rgb[i + 1] & 0xff) + 114 * (rgb[i + 2] & 0xff);
      byte gray = (byte) ((luma * 2 + 2500) / 5000);
      rgb[i] = gray;
      rgb[i + 1] = gray;
      rgb[i + 2] = gray;
    }
  }

  /**
   * Joins pictures into one, row by row, 8 white pixels apart; unused space in the last row is
   * white.
   *
   * <p>Each picture is scaled as soon as the stream yields it. So a lazy stream, like the one
   * above, never holds two pictures at full size.
   *
   * @param pictures the pictures, all of one size; the caller closes the stream if it must be
   *     closed
   * @param columns how many pictures a row has, 1 or more; fewer pictures make a narrower grid
   * @param width the width in pixels to which each picture is scaled, 1 or more; the height keeps
   *     the proportions
   * @return the grid
   * @throws IllegalArgumentException if there is no picture, if one has a different size than the
   *     first, if the columns or the width are below 1, or if the grid would not fit an array
   */
  public static RgbImage grid(Stream<RgbImage> pictures, int columns, int width) {
    Objects.requireNonNull(pictures, "pictures");
    Checks.atLeast(1, "the columns of a grid", columns);
    Checks.atLeast(1, "the width of a grid's pictures", width);
    Cells cells = new Cells(width);
    List<RgbImage> scaled = pictures.sequential().map(cells::fit).toList();
    if (scaled.isEmpty()) {
      throw new IllegalArgumentException("a grid needs at least 1 picture, found none");
    }
    return join(scaled, Math.min(columns, scaled.size()));
  }

  /** Scales pictures of one size. */
  private static final class Cells {
    private final int width;
    private int sourceWidth;
    private int sourceHeight;

    Cells(int width) {
      this.width = width;
    }

    RgbImage fit(RgbImage picture) {
      if (sourceWidth == 0) {
        sourceWidth = picture.width();
        sourceHeight = picture.height();
      }
      if (picture.width() != sourceWidth || picture.height() != sourceHeight) {
        throw new IllegalArgumentException(
            "a grid's pictures must all have the first one's size, %d x %d, found %d x %d"
                .formatted(sourceWidth, sourceHeight, picture.width(), picture.height()));
      }
      // A double becomes the nearest int.
      int height = (int) Math.max(1, Math.rint((double) sourceHeight * width / sourceWidth));
      Sizes.samples(width, height, 3); // its error says why
      return Resampler.resize(picture, width, height, Interpolation.BILINEAR);
    }
  }

  private static RgbImage join(List<RgbImage> cells, int columns) {
    int cellWidth = cells.get(0).width();
    int cellHeight = cells.get(0).height();
    int rows = (cells.size() + columns - 1) / columns;
    int width = side(columns, cellWidth);
    int height = side(rows, cellHeight);
    byte[] rgb = new byte[Sizes.samples(width, height, 3)];
    Arrays.fill(rgb, (byte) WHITE);
    for (int i = 0; i < cells.size(); i++) {
      int left = i % columns * (cellWidth + GAP);
      int top = i / columns * (cellHeight + GAP);
      for (int y = 0; y < cellHeight; y++) {
        cells.get(i).copyRow(y, rgb, ((top + y) * width + left) * 3);
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  private static int side(int cells, int cell) {
    return (int) Math.min(Integer.MAX_VALUE, (long) cells * (cell + GAP) - GAP);
  }
}
