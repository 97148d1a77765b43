package io.github.pixelwise;

import io.github.pixelwise.internal.OutputAdvice;
import io.github.pixelwise.internal.OutputShape;
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
   * Takes one image's scores out of a network's output. A single image's scores in NCHW are wrapped
   * without a copy.
   *
   * @param output the output tensor: {@code [n, c, h, w]} or {@code [n, h, w, c]} by the layout of
   *     {@code spec}, without {@code n} for a single image; categories may also come without {@code
   *     c}. For a stride of 1 the grid may be finer than the input, by one whole factor both ways.
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
    OutputShape shape =
        OutputShape.of(output, spec)
            .filter(
                found ->
                    found.channels() == channels
                        && found.isGridOf(geometry.inputWidth(), geometry.inputHeight(), spec))
            .orElseThrow(() -> unfit(output, classes, spec, geometry));
    float[] scores = output.image(image, shape.images());
    if (spec.layout() == TensorLayout.NHWC && channels > 1) {
      float[] planes = new float[scores.length];
      for (int i = 0, pixels = shape.height() * shape.width(); i < pixels; i++) {
        for (int c = 0; c < channels; c++) {
          planes[c * pixels + i] = scores[i * channels + c];
        }
      }
      scores = planes;
    }
    return new ScoreMap(spec, geometry, channels, shape.width(), shape.height(), scores);
  }

  private static IllegalArgumentException unfit(
      FloatTensor output, int classes, OutputSpec spec, ImageGeometry geometry) {
    int channels = spec.channels(classes);
    int width = spec.gridSide(geometry.inputWidth());
    int height = spec.gridSide(geometry.inputHeight());
    int images = output.rank() == 4 ? output.side(0) : 1;
    int[] expected =
        spec.layout() == TensorLayout.NCHW
            ? new int[] {images, channels, height, width}
            : new int[] {images, height, width, channels};
    return new IllegalArgumentException(
        "output \"%s\" should be %s %s for an input of %d x %d, found %s. %s"
            .formatted(
                spec.name(),
                spec.layout(),
                FloatTensor.describe(expected),
                geometry.inputWidth(),
                geometry.inputHeight(),
                FloatTensor.describe(output.shape()),
                OutputAdvice.of(output, classes, spec, geometry)));
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
