package io.github.pixelwise.postprocess.shape;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.postprocess.internal.Components;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows the borders of a mask's regions along the sides of pixels, with the region on the right.
 *
 * <p>Where two pixels of a region touch only at a corner, the line stays with the pixel that it
 * came along. It may come back to this corner along the other one. Then what lies between the two
 * visits becomes a ring of its own, so that no ring touches itself.
 */
final class Tracing {
  private static final int NORTH = 0;
  private static final int EAST = 1;
  private static final int SOUTH = 2;
  private static final int[] STEP_X = {0, 1, 0, -1};
  private static final int[] STEP_Y = {-1, 0, 1, 0};

  private final CategoryMask mask;
  private final int width;
  private final int height;

  /** The pixels whose left sides were followed. */
  private final BitSet followed = new BitSet();

  /** x and y of the corners of the ring that is followed, in pixels. */
  private final Ints corners = new Ints();

  /** Where the corners at which pixels of one category touch are among the ring's. */
  private final Map<Long, Integer> touched = new HashMap<>();

  /** The finished rings. */
  private final Lines rings = new Lines();

  /** The piece of each ring, and whether it is a border (0) or a hole (1). */
  private final Ints pieceOfRing = new Ints();

  private final Ints holes = new Ints();

  Tracing(CategoryMask mask) {
    this.mask = mask;
    this.width = mask.width();
    this.height = mask.height();
  }

  Shapes shapes() {
    // Parts of a region touch each other only at corners. Each becomes a polygon.
    Components pieces = components(false);
    Components regions = components(true);
    pieces.visitRuns(
        (piece, y, from, to) -> {
          if (!followed.get(y * width + from)) {
            follow(piece, from, y);
          }
        });
    Grouping polygons = Grouping.of(regionOfPiece(pieces, regions), regions.count());
    int[] polygonOfPiece = polygons.positions();
    int[] keys = new int[holes.size()];
    for (int ring = 0; ring < keys.length; ring++) {
      keys[ring] =
          2 * polygonOfPiece[pieceOfRing.get(ring)] + holes.get(ring); // the border comes first
    }
    Grouping sides = Grouping.of(keys, 2 * pieces.count());
    int[] firstRings = new int[pieces.count() + 1];
    Arrays.setAll(firstRings, polygon -> sides.firsts()[2 * polygon]);
    Layout layout =
        new Layout(regions.categories(), regions.sizes(), polygons.firsts(), firstRings);
    return new Shapes(mask, layout, sorted(sides.order()));
  }

  private Components components(boolean diagonal) {
    return Components.of(width, height, (y, row) -> mask.copyRow(y, row, 0), diagonal);
  }

  private static int[] regionOfPiece(Components pieces, Components regions) {
    int[] regionOfPiece = new int[pieces.count()];
    for (int run = 0; run < pieces.runs(); run++) {
      regionOfPiece[pieces.region(run)] = regions.region(run);
    }
    return regionOfPiece;
  }

  private Lines sorted(int[] order) {
    Lines sorted = new Lines();
    for (int ring : order) {
      sorted.begin();
      for (int point = rings.start(ring); point < rings.end(ring); point++) {
        sorted.add(rings.x(point), rings.y(point));
      }
    }
    return sorted;
  }

  /** Follows the ring along the left side of a pixel. */
  private void follow(int piece, int left, int top) {
    int category = mask.category(left, top);
    int x = left;
    int y = top + 1;
    int heading = NORTH;
    corners.truncate(0);
    touched.clear();
    do {
      x += STEP_X[heading];
      y += STEP_Y[heading];
      if (heading == NORTH) {
        followed.set(y * width + x);
      }
      // The pixel ahead on the right of a line going north is the one to the north-east, and so on.
      boolean right = isAt(x, y, heading, category);
      boolean aheadLeft = isAt(x, y, (heading + 3) & 3, category);
      if (!right) {
        if (aheadLeft) {
          touch(piece, x, y);
        }
        turn(x, y);
        heading = (heading + 1) & 3;
      } else if (aheadLeft) {
        turn(x, y);
        heading = (heading + 3) & 3;
      }
    } while (heading != NORTH || x != left || y != top + 1);
    finish(piece, 0);
  }

  /**
   * Whether the pixel to the north-east (0), south-east (1), south-west, or north-west is of a
   * category.
   */
  private boolean isAt(int cornerX, int cornerY, int quarter, int category) {
    int x = quarter == NORTH || quarter == EAST ? cornerX : cornerX - 1;
    int y = quarter == EAST || quarter == SOUTH ? cornerY : cornerY - 1;
    return x >= 0 && x < width && y >= 0 && y < height && mask.category(x, y) == category;
  }

  private void turn(int x, int y) {
    corners.add(x);
    corners.add(y);
  }

  private void touch(int piece, int x, int y) {
    Integer before = touched.put(((long) y << 32) | x, corners.size());
    if (before != null) {
      finish(piece, before);
    }
  }

  /** Makes the corners from an index on a ring. */
  private void finish(int piece, int from) {
    long doubledArea = 0;
    rings.begin();
    for (int i = from, last = corners.size() - 2; i < corners.size(); last = i, i += 2) {
      int x = corners.get(i);
      int y = corners.get(i + 1);
      doubledArea += (long) corners.get(last) * y - (long) x * corners.get(last + 1);
      rings.add(x * Shapes.PARTS, y * Shapes.PARTS);
    }
    pieceOfRing.add(piece);
    holes.add(doubledArea > 0 ? 0 : 1);
    corners.truncate(from);
  }
}
