package io.github.pixelwise.model;

import io.github.pixelwise.Segmenter;
import java.util.Objects;

/**
 * A network's output: which tensor it is, what its numbers mean, and how its grid lies on the
 * input.
 *
 * <p>An input of w x h gives a grid of {@code ceil(w / stride) x ceil(h / stride)} nodes.
 */
public final class OutputSpec {

  private final String name;
  private final TensorLayout layout;
  private final OutputKind kind;
  private final int stride;
  private final GridAlignment alignment;
  private final double threshold;

  private OutputSpec(
      String name,
      TensorLayout layout,
      OutputKind kind,
      int stride,
      GridAlignment alignment,
      double threshold) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(alignment, "alignment");
    if (stride < 0) {
      throw new IllegalArgumentException(
          "stride must be at least 1, or 0 if it is not known, found " + stride);
    }
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "threshold must be above 0 and at most 1, found " + threshold);
    }
    this.name = name;
    this.layout = layout;
    this.kind = kind;
    this.stride = stride;
    this.alignment = alignment;
    this.threshold = threshold;
  }

  /**
   * Creates an NCHW output of logits with half-pixel alignment, as most PyTorch exports have.
   *
   * @param name the output's name in the model file
   * @param stride the number of input pixels from one grid node to the next, or 0 if unknown
   * @return the specification
   */
  public static OutputSpec logits(String name, int stride) {
    return new OutputSpec(
        name, TensorLayout.NCHW, OutputKind.LOGITS, stride, GridAlignment.HALF_PIXEL, 0.5);
  }

  /**
   * Returns this output with another kind, for example {@code OutputSpec.logits("out",
   * 1).withKind(OutputKind.BINARY_LOGITS)} for a single channel without its sigmoid.
   *
   * @param kind what its numbers mean
   * @return the new specification
   */
  public OutputSpec withKind(OutputKind kind) {
    return new OutputSpec(name, layout, kind, stride, alignment, threshold);
  }

  /**
   * Returns this output with its axes in another order.
   *
   * @param layout the order of its axes
   * @return the new specification
   */
  public OutputSpec withLayout(TensorLayout layout) {
    return new OutputSpec(name, layout, kind, stride, alignment, threshold);
  }

  /**
   * Returns this output with another stride.
   *
   * @param stride the number of input pixels from one grid node to the next, or 0 if unknown
   * @return the new specification
   * @throws IllegalArgumentException if it is negative
   */
  public OutputSpec withStride(int stride) {
    return new OutputSpec(name, layout, kind, stride, alignment, threshold);
  }

  /**
   * Returns this output with another alignment of the grid.
   *
   * @param alignment how grid nodes lie on the input
   * @return the new specification
   */
  public OutputSpec withAlignment(GridAlignment alignment) {
    return new OutputSpec(name, layout, kind, stride, alignment, threshold);
  }

  /**
   * Returns this output with another threshold.
   *
   * @param threshold for a {@linkplain OutputKind#isBinary() binary} kind, the probability from
   *     which a pixel is class 1, above 0 and at most 1
   * @return the new specification
   * @throws IllegalArgumentException if it is outside this range
   */
  public OutputSpec withThreshold(double threshold) {
    return new OutputSpec(name, layout, kind, stride, alignment, threshold);
  }

  /**
   * Returns the number of channels that the output has for a number of classes.
   *
   * @param classes the size of the label map
   * @return the number of classes, or 1 if the kind has a single channel
   */
  public int channels(int classes) {
    return switch (kind) {
      case LOGITS, PROBABILITIES -> classes;
      case SIGMOID, BINARY_LOGITS, CATEGORIES -> 1;
    };
  }

  /**
   * Returns the length of the grid's side for a side of the input.
   *
   * @param inputSide the input's width or height
   * @return the grid's width or height
   * @throws IllegalStateException if the stride is 0
   */
  public int gridSide(int inputSide) {
    if (stride == 0) {
      throw new IllegalStateException(
          "the stride of output \"%s\" is not known before the model is opened; Segmenter.model() has it"
              .formatted(name));
    }
    return (inputSide + stride - 1) / stride;
  }

  /** {@return the output's name in the model file; empty stands for the only one} */
  public String name() {
    return name;
  }

  /** {@return the order of its axes} */
  public TensorLayout layout() {
    return layout;
  }

  /** {@return what its numbers mean} */
  public OutputKind kind() {
    return kind;
  }

  /**
   * {@return the number of input pixels from one grid node to the next; 0 to detect it with one run
   * when the model is opened, see {@link Segmenter#model()}}
   */
  public int stride() {
    return stride;
  }

  /** {@return how grid nodes lie on the input} */
  public GridAlignment alignment() {
    return alignment;
  }

  /**
   * {@return for a {@linkplain OutputKind#isBinary() binary} kind, the probability from which a
   * pixel is class 1, above 0 and at most 1; ignored for other kinds}
   */
  public double threshold() {
    return threshold;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputSpec that
        && name.equals(that.name)
        && layout.equals(that.layout)
        && kind.equals(that.kind)
        && stride == that.stride
        && alignment.equals(that.alignment)
        && Double.compare(threshold, that.threshold) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, layout, kind, stride, alignment, threshold);
  }

  @Override
  public String toString() {
    return "OutputSpec[name=%s, layout=%s, kind=%s, stride=%s, alignment=%s, threshold=%s]"
        .formatted(name, layout, kind, stride, alignment, threshold);
  }
}
