package io.github.pixelwise;

import io.github.pixelwise.internal.decode.ProbabilityRows;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * A network's scores for one image on the network's own grid: one plane per channel. Immutable,
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
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
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

  /** Receives the confidence of every class, row by row. */
  @FunctionalInterface
  public interface ConfidenceRows {
    /**
     * Receives one row.
     *
     * @param y the row of the photograph, from 0
     * @param confidences an array for each class: the probability of each pixel in steps of 1/255,
     *     unsigned; valid only during this call
     */
    void take(int y, byte[][] confidences);
  }

  /**
   * Returns the probability of one class at the photograph's size.
   *
   * @param category the class
   * @return the softmax or sigmoid of the interpolated scores, or the interpolated probabilities; 0
   *     for pixels outside a crop
   * @throws IllegalArgumentException if the network outputs categories, or has no such class
   */
  public ConfidenceMap confidence(int category) {
    requireProbabilities();
    int classes = spec.kind().isBinary() ? 2 : channels;
    if (category < 0 || category >= classes) {
      throw new IllegalArgumentException(
          "the class must be 0 to %d, found %d".formatted(classes - 1, category));
    }
    BitSet wanted = new BitSet();
    wanted.set(category);
    AlphaMask probability = ProbabilityRows.decode(this, wanted);
    return ConfidenceMap.of(probability.width(), probability.height(), probability.toByteArray());
  }

  /**
   * Computes the probability of every class at the photograph's size, holding only one row of each
   * at a time.
   *
   * @param rows receives each row once, from the top
   * @throws IllegalArgumentException if the network outputs categories
   */
  public void confidences(ConfidenceRows rows) {
    requireProbabilities();
    ProbabilityRows.decodeAll(this, rows);
  }

  private void requireProbabilities() {
    if (spec.kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "output \"%s\" gives categories without scores, so there is no confidence"
              .formatted(spec.name()));
    }
  }

  /**
   * Returns these scores for an image that lies elsewhere in the network's input.
   *
   * @param geometry where the image lies
   * @return the same scores with another geometry, not copied
   */
  public ScoreMap withGeometry(ImageGeometry geometry) {
    return new ScoreMap(spec, geometry, channels, width, height, scores);
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
   * Returns where the source image lies in the network's input. {@link OutputSpec#alignment()} says
   * how the grid lies on that input.
   *
   * @return the geometry
   */
  public ImageGeometry geometry() {
    return geometry;
  }

  /**
   * Returns the number of planes.
   *
   * @return one per class, or 1 if the network has a single channel
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
   * @param channel the plane: the category, or 0 if there is a single channel
   * @param x the grid column
   * @param y the grid row
   * @return the score, as the network gave it
   * @throws IndexOutOfBoundsException if the node is outside the grid
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
