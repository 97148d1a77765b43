package io.github.pixelwise;

import io.github.pixelwise.internal.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * A network's scores for one image on the network's own grid: one plane a channel. Immutable,
 * compared by content.
 */
public final class ScoreMap {
  private final OutputSpec spec;
  private final ImageGeometry geometry;
  private final int channels;
  private final int width;
  private final int height;
  private final float[] scores;

  private ScoreMap(
      OutputSpec spec,
      ImageGeometry geometry,
      int channels,
      int width,
      int height,
      float[] scores) {
    this.spec = Objects.requireNonNull(spec, "spec");
    this.geometry = Objects.requireNonNull(geometry, "geometry");
    int expected = Sizes.samples(width, height, channels);
    if (channels < 1 || scores.length != expected) {
      throw new IllegalArgumentException(
          "%d planes of %d x %d scores need an array of %d, found %d"
              .formatted(channels, width, height, expected, scores.length));
    }
    this.channels = channels;
    this.width = width;
    this.height = height;
    this.scores = scores;
  }

  /**
   * Wraps an array of scores without a copy. The array belongs to the map from then on: the caller
   * must not write to it again.
   *
   * @param spec the output that the scores come from
   * @param geometry where the source image lies in the network's input
   * @param channels the number of planes
   * @param width the grid's width
   * @param height the grid's height
   * @param scores {@code channels * height * width} scores, plane by plane, row by row
   * @return the map
   * @throws IllegalArgumentException if a side is below 1 or the array has another length
   */
  public static ScoreMap of(
      OutputSpec spec,
      ImageGeometry geometry,
      int channels,
      int width,
      int height,
      float[] scores) {
    return new ScoreMap(spec, geometry, channels, width, height, scores);
  }

  /**
   * Takes one image's scores out of a network's output. A batch of one in NCHW is wrapped without a
   * copy.
   *
   * @param output the output tensor: {@code [n, c, h, w]} or {@code [n, h, w, c]} by the layout of
   *     {@code spec}; categories may also come without a channel axis
   * @param image the image's index in the batch
   * @param classes the number of classes
   * @param spec what the output is
   * @param geometry where the source image lies in the network's input
   * @return the scores
   * @throws IndexOutOfBoundsException if the batch has no such image
   * @throws IllegalArgumentException if the tensor's shape is not what {@code spec} says; the
   *     message carries both
   */
  public static ScoreMap from(
      FloatTensor output, int image, int classes, OutputSpec spec, ImageGeometry geometry) {
    int channels = spec.channels(classes);
    int width = spec.gridSide(geometry.inputWidth());
    int height = spec.gridSide(geometry.inputHeight());
    boolean planar = spec.layout() == TensorLayout.NCHW;
    int batch = output.rank() == 0 ? 1 : output.side(0);
    int[] expected =
        planar
            ? new int[] {batch, channels, height, width}
            : new int[] {batch, height, width, channels};
    boolean noChannelAxis =
        spec.kind() == OutputKind.CATEGORIES
            && Arrays.equals(output.shape(), new int[] {batch, height, width});
    if (!noChannelAxis && !Arrays.equals(output.shape(), expected)) {
      throw new IllegalArgumentException(
          "output \"%s\" should be %s %s for an input of %d x %d, found %s. Correct %s."
              .formatted(
                  spec.name(),
                  spec.layout(),
                  FloatTensor.describe(expected),
                  geometry.inputWidth(),
                  geometry.inputHeight(),
                  FloatTensor.describe(output.shape()),
                  wrongKeys(output.shape(), expected, planar)));
    }
    float[] scores = output.image(image);
    if (!planar && channels > 1) {
      float[] planes = new float[scores.length];
      for (int i = 0, pixels = height * width; i < pixels; i++) {
        for (int c = 0; c < channels; c++) {
          planes[c * pixels + i] = scores[i * channels + c];
        }
      }
      scores = planes;
    }
    return new ScoreMap(spec, geometry, channels, width, height, scores);
  }

  /** Which keys of a model card are wrong, by the shape found instead of the one expected. */
  private static String wrongKeys(int[] found, int[] expected, boolean planar) {
    int[] e = expected;
    int[] otherLayout =
        planar ? new int[] {e[0], e[2], e[3], e[1]} : new int[] {e[0], e[3], e[1], e[2]};
    if (Arrays.equals(found, otherLayout)) {
      return "output.layout";
    }
    int channelAxis = planar ? 1 : 3;
    if (found.length != 4 || (e[channelAxis] == 1 && found[channelAxis] != 1)) {
      return "output.kind";
    }
    return found[channelAxis] == e[channelAxis] ? "output.stride" : "labels or output.kind";
  }

  /**
   * These scores, as if the network's input had been the source image.
   *
   * @return the same scores with another geometry, not copied
   */
  public ScoreMap onInput() {
    return new ScoreMap(
        spec,
        ImageGeometry.stretched(
            geometry.inputWidth(),
            geometry.inputHeight(),
            geometry.inputWidth(),
            geometry.inputHeight()),
        channels,
        width,
        height,
        scores);
  }

  /**
   * Returns what the scores mean.
   *
   * @return the output that they come from
   */
  public OutputSpec spec() {
    return spec;
  }

  /**
   * Returns where the source image lies in the network's input, on which the grid lies by the rule
   * of {@link OutputSpec#alignment()}.
   *
   * @return the geometry
   */
  public ImageGeometry geometry() {
    return geometry;
  }

  /**
   * Returns the number of planes.
   *
   * @return one a class, or 1 where the network has a single channel
   */
  public int channels() {
    return channels;
  }

  /**
   * Returns the grid's width.
   *
   * @return the number of nodes in a row
   */
  public int width() {
    return width;
  }

  /**
   * Returns the grid's height.
   *
   * @return the number of rows
   */
  public int height() {
    return height;
  }

  /**
   * Returns one score.
   *
   * @param channel the plane: the category, or 0 where there is a single channel
   * @param x the grid column
   * @param y the grid row
   * @return the score, as the network gave it
   * @throws IndexOutOfBoundsException if the node lies outside
   */
  public float score(int channel, int x, int y) {
    Objects.checkIndex(channel, channels);
    Objects.checkIndex(y, height);
    return scores[(channel * height + y) * width + Objects.checkIndex(x, width)];
  }

  /**
   * Copies one row of one plane.
   *
   * @param channel the plane
   * @param y the grid row
   * @param target where the row goes
   * @param offset the index in {@code target} of the first score
   * @throws IndexOutOfBoundsException if the row does not exist or {@code target} is too short
   */
  public void copyRow(int channel, int y, float[] target, int offset) {
    Objects.checkIndex(channel, channels);
    Objects.checkIndex(y, height);
    System.arraycopy(scores, (channel * height + y) * width, target, offset, width);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreMap that
        && spec.equals(that.spec)
        && geometry.equals(that.geometry)
        && channels == that.channels
        && width == that.width
        && height == that.height
        && Arrays.equals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, geometry, channels, width, height, Arrays.hashCode(scores));
  }

  @Override
  public String toString() {
    return "ScoreMap[%d x %d x %d]".formatted(channels, width, height);
  }
}
