package io.github.pixelwise.evaluation.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A set of an image's pixels, as runs down its columns: COCO's order. Immutable.
 *
 * @param bounds where runs begin and end, alternately and rising, as {@code x * height + y}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Runs(int[] bounds) {
  /** Coordinates farther out are no annotation, and would take forever to follow. */
  static final double FARTHEST = 1e6;

  /** Pixels are a fifth as large while an outline is followed. */
  private static final double SCALE = 5;

  /** How many pixels there are. */
  long area() {
    long area = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      area += bounds[i + 1] - bounds[i];
    }
    return area;
  }

  /**
   * Sets the pixels in an array of rows.
   *
   * @param pixels the array
   * @param width the image's width
   * @param value what they become
   */
  void paint(int[] pixels, int width, int value) {
    int height = pixels.length / width;
    for (int i = 0; i < bounds.length; i += 2) {
      int x = bounds[i] / height;
      int y = bounds[i] % height;
      for (int left = bounds[i + 1] - bounds[i]; left > 0; left--) {
        pixels[y * width + x] = value;
        if (++y == height) {
          y = 0;
          x++;
        }
      }
    }
  }

  /** Pixels that are in one of several sets. */
  static Runs union(List<Runs> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<int[]> runs = new ArrayList<>();
    for (Runs part : parts) {
      for (int i = 0; i < part.bounds.length; i += 2) {
        runs.add(new int[] {part.bounds[i], part.bounds[i + 1]});
      }
    }
    runs.sort(Comparator.comparingInt(run -> run[0]));
    int[] bounds = new int[2 * runs.size()];
    int length = 0;
    for (int[] run : runs) {
      if (length > 0 && run[0] <= bounds[length - 1]) {
        bounds[length - 1] = Math.max(bounds[length - 1], run[1]);
      } else {
        bounds[length++] = run[0];
        bounds[length++] = run[1];
      }
    }
    return new Runs(Arrays.copyOf(bounds, length));
  }

  /**
   * Fills a polygon as COCO's own tools do: its outline is drawn on a grid five times as fine; a
   * pixel is inside if the outline crosses the middle of its column an odd number of times at or
   * above it. What lies outside the image is cut off.
   *
   * @param points x and y of each corner, in pixels from the image's top left corner
   * @throws IllegalArgumentException if they are no polygon; the message completes "it"
   */
  static Runs polygon(double[] points, int width, int height) {
    return polygon(List.of(points), width, height);
  }

  /**
   * Fills a polygon with holes, which may cross itself: pixels within an odd number of rings.
   *
   * @param rings x and y of each corner of each ring
   * @throws IllegalArgumentException if they are no polygon; the message completes "it"
   */
  static Runs polygon(List<double[]> rings, int width, int height) {
    return polygon(rings, width, height, true);
  }

  /**
   * Fills a polygon by one of the two rules.
   *
   * @param rings x and y of each corner of each ring
   * @param isEvenOdd whether pixels within an odd number of rings are inside; otherwise, those that
   *     the rings run around, counting those in each direction against each other
   * @throws IllegalArgumentException if they are no polygon; the message completes "it"
   */
  static Runs polygon(List<double[]> rings, int width, int height, boolean isEvenOdd) {
    Crossings crossings = new Crossings(width, height);
    for (double[] ring : rings) {
      int[] fine = fine(ring);
      crossings.begin();
      for (int i = 0; i < fine.length; i += 2) {
        int next = (i + 2) % fine.length;
        crossings.follow(fine[i], fine[i + 1], fine[next], fine[next + 1]);
      }
    }
    return crossings.runs(isEvenOdd);
  }

  private static int[] fine(double[] points) {
    if (points.length % 2 != 0) {
      throw new IllegalArgumentException(
          "has %d numbers, which are no pairs of x and y".formatted(points.length));
    }
    if (points.length < 6) {
      throw new IllegalArgumentException(
          "has %d points, fewer than 3".formatted(points.length / 2));
    }
    int[] fine = new int[points.length];
    for (int i = 0; i < points.length; i++) {
      if (!(Math.abs(points[i]) <= FARTHEST)) {
        throw new IllegalArgumentException("has the coordinate %s".formatted(points[i]));
      }
      fine[i] = (int) (SCALE * points[i] + 0.5);
    }
    return fine;
  }

  /**
   * The pixels of a box that are set.
   *
   * @param inside whether each pixel of the box is set, row by row
   * @param left the box's first column
   * @param top its first row
   * @param width its width
   * @param imageHeight the height of the image, in which the box lies
   */
  static Runs box(boolean[] inside, int left, int top, int width, int imageHeight) {
    int height = inside.length / width;
    int[] bounds = new int[width * (height + 1)];
    int length = 0;
    for (int x = 0; x < width; x++) {
      boolean before = false;
      for (int y = 0; y <= height; y++) {
        boolean now = y < height && inside[y * width + x];
        if (now != before) {
          bounds[length++] = (left + x) * imageHeight + top + y;
        }
        before = now;
      }
    }
    return new Runs(Arrays.copyOf(bounds, length));
  }

  /** The pixels whose centers are within a circle. */
  static Runs circle(double x, double y, double radius, int width, int height) {
    if (!(Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST && radius <= FARTHEST)) {
      throw new IllegalArgumentException(
          "has its center at %s, %s and the radius %s".formatted(x, y, radius));
    }
    int[] bounds = new int[2 * width];
    int length = 0;
    for (int column = 0; column < width; column++) {
      double aside = column + 0.5 - x;
      double half = Math.sqrt(radius * radius - aside * aside); // NaN outside
      int top = (int) Math.max(0, Math.ceil(y - half - 0.5));
      int bottom = (int) Math.min(height, Math.floor(y + half - 0.5) + 1);
      if (half >= 0 && top < bottom) {
        bounds[length++] = column * height + top;
        bounds[length++] = column * height + bottom;
      }
    }
    return new Runs(Arrays.copyOf(bounds, length));
  }

  /**
   * Turns run lengths into runs.
   *
   * @param counts how many pixels are outside, inside, outside... down the columns
   * @throws IllegalArgumentException if they are not those of the image; completes "it"
   */
  static Runs counts(long[] counts, int width, int height) {
    long pixels = (long) width * height;
    int[] bounds = new int[counts.length / 2 * 2];
    long at = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0 || counts[i] > pixels - at) {
        throw new IllegalArgumentException(
            "has run lengths beyond the %d pixels of %d x %d".formatted(pixels, width, height));
      }
      at += counts[i];
      if (i < bounds.length) {
        bounds[i] = (int) at;
      }
    }
    if (at != pixels) {
      throw new IllegalArgumentException(
          "has run lengths of %d pixels in all, not the %d of %d x %d"
              .formatted(at, pixels, width, height));
    }
    return new Runs(bounds);
  }

  /**
   * Reads compressed run lengths: from the fourth on the difference to the one before the last, in
   * groups of five bits from the lowest, each a character from {@code 0} on, with a sixth bit where
   * more follow.
   *
   * @throws IllegalArgumentException if they are no run lengths of the image; completes "it"
   */
  static Runs compressed(String text, int width, int height) {
    long[] counts = new long[text.length()];
    int length = 0;
    for (int at = 0; at < text.length(); length++) {
      long count = 0;
      int group;
      int shift = 0;
      do {
        group = at < text.length() ? text.charAt(at++) - '0' : -1;
        if (group < 0 || group > 63 || shift > 35) {
          throw new IllegalArgumentException("has compressed run lengths that are broken");
        }
        count |= (long) (group & 31) << shift;
        shift += 5;
      } while ((group & 32) != 0);
      if ((group & 16) != 0) {
        count |= -1L << shift;
      }
      counts[length] = length > 2 ? count + counts[length - 2] : count;
    }
    return counts(Arrays.copyOf(counts, length), width, height);
  }

  /** Where an outline on the fine grid crosses the middles of columns. */
  private static final class Crossings {
    private final int width;
    private final int height;

    /** Places as {@code x * height + y}, times 2, plus 1 if the edge runs to the right. */
    private long[] found = new long[64];

    private int length;
    private boolean begun;
    private int lastX;
    private int lastY;

    Crossings(int width, int height) {
      this.width = width;
      this.height = height;
    }

    /** Begins a ring. */
    void begin() {
      begun = false;
    }

    /** Follows an edge point by point, in the same points whichever way it runs. */
    void follow(int fromX, int fromY, int toX, int toY) {
      int stepsX = Math.abs(toX - fromX);
      int stepsY = Math.abs(toY - fromY);
      int steps = Math.max(stepsX, stepsY);
      if (steps == 0) {
        return;
      }
      boolean flat = stepsX >= stepsY;
      boolean turned = flat ? fromX > toX : fromY > toY;
      int startX = turned ? toX : fromX;
      int startY = turned ? toY : fromY;
      int sign = turned ? -1 : 1;
      double slope = sign * (flat ? (double) (toY - fromY) : (double) (toX - fromX)) / steps;
      for (int i = 0; i <= steps; i++) {
        int step = turned ? steps - i : i;
        if (flat) {
          reach(startX + step, (int) (startY + slope * step + 0.5));
        } else {
          reach((int) (startX + slope * step + 0.5), startY + step);
        }
      }
    }

    private void reach(int x, int y) {
      if (begun && x != lastX) {
        cross(Math.min(x, lastX), Math.min(y, lastY), x > lastX);
      }
      begun = true;
      lastX = x;
      lastY = y;
    }

    private void cross(int fineX, int fineY, boolean isRight) {
      double x = (fineX + 0.5) / SCALE - 0.5;
      if (x != Math.floor(x) || x < 0 || x > width - 1) {
        return;
      }
      double y = Math.ceil(Math.min(Math.max((fineY + 0.5) / SCALE - 0.5, 0), height));
      if (length == found.length) {
        found = Arrays.copyOf(found, 2 * length);
      }
      long place = (long) x;
      found[length++] = 2 * (place * height + (long) y) + (isRight ? 1 : 0);
    }

    Runs runs(boolean isEvenOdd) {
      Arrays.sort(found, 0, length);
      int[] bounds = new int[length + 1];
      int kept = 0;
      int winding = 0;
      for (int i = 0; i < length; ) {
        long place = found[i] / 2;
        int count = 0;
        for (; i < length && found[i] / 2 == place; i++, count++) {
          winding += found[i] % 2 == 0 ? -1 : 1;
        }
        boolean wasInside = kept % 2 != 0;
        boolean isInside = isEvenOdd ? wasInside != (count % 2 != 0) : winding != 0;
        if (isInside != wasInside) {
          bounds[kept++] = (int) place;
        }
      }
      if (kept % 2 != 0) {
        bounds[kept++] = width * height;
      }
      return new Runs(Arrays.copyOf(bounds, kept));
    }
  }
}
