package io.github.pixelwise.model;

import io.github.pixelwise.Segmenter;
import java.util.Objects;
import java.util.function.Consumer;

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
  private final boolean minMax;
  private final Interpolation interpolation;
  private final boolean softEdge;

  private OutputSpec(Values values) {
    Objects.requireNonNull(values.name, "name");
    Objects.requireNonNull(values.layout, "layout");
    Objects.requireNonNull(values.kind, "kind");
    Objects.requireNonNull(values.alignment, "alignment");
    Objects.requireNonNull(values.interpolation, "interpolation");
    if (values.stride < 0) {
      throw new IllegalArgumentException(
          "stride must be at least 1, or 0 if it is not known, found " + values.stride);
    }
    if (!(values.threshold > 0 && values.threshold <= 1)) {
      throw new IllegalArgumentException(
          "threshold must be above 0 and at most 1, found " + values.threshold);
    }
    if (values.interpolation != Interpolation.BILINEAR
        && values.interpolation != Interpolation.LANCZOS) {
      throw new IllegalArgumentException(
          "an output's interpolation must be BILINEAR or LANCZOS, found " + values.interpolation);
    }
    this.name = values.name;
    this.layout = values.layout;
    this.kind = values.kind;
    this.stride = values.stride;
    this.alignment = values.alignment;
    this.threshold = values.threshold;
    this.minMax = values.minMax;
    this.interpolation = values.interpolation;
    this.softEdge = values.softEdge;
  }

  /** What a specification holds, not checked yet. */
  private static final class Values {
    private String name = "";
    private TensorLayout layout = TensorLayout.NCHW;
    private OutputKind kind = OutputKind.LOGITS;
    private int stride;
    private GridAlignment alignment = GridAlignment.HALF_PIXEL;
    private double threshold = 0.5;
    private boolean minMax;
    private Interpolation interpolation = Interpolation.BILINEAR;
    private boolean softEdge;
  }

  /** This specification with some values changed. */
  private OutputSpec with(Consumer<Values> change) {
    Values values = new Values();
    values.name = name;
    values.layout = layout;
    values.kind = kind;
    values.stride = stride;
    values.alignment = alignment;
    values.threshold = threshold;
    values.minMax = minMax;
    values.interpolation = interpolation;
    values.softEdge = softEdge;
    change.accept(values);
    return new OutputSpec(values);
  }

  /**
   * Creates an NCHW output of logits with half-pixel alignment, as most PyTorch exports have.
   *
   * @param name the output's name in the model file
   * @param stride the number of input pixels from one grid node to the next, or 0 if unknown
   * @return the specification
   */
  public static OutputSpec logits(String name, int stride) {
    Values values = new Values();
    values.name = name;
    values.stride = stride;
    return new OutputSpec(values);
  }

  /**
   * Returns this output under another name.
   *
   * @param name its name in the model file
   * @return the new specification
   */
  public OutputSpec withName(String name) {
    return with(values -> values.name = name);
  }

  /**
   * Returns this output with another kind, for example {@code OutputSpec.logits("out",
   * 1).withKind(OutputKind.BINARY_LOGITS)} for a single channel without its sigmoid.
   *
   * @param kind what its numbers mean
   * @return the new specification
   */
  public OutputSpec withKind(OutputKind kind) {
    return with(values -> values.kind = kind);
  }

  /**
   * Returns this output with its axes in another order.
   *
   * @param layout the order of its axes
   * @return the new specification
   */
  public OutputSpec withLayout(TensorLayout layout) {
    return with(values -> values.layout = layout);
  }

  /**
   * Returns this output with another stride.
   *
   * @param stride the number of input pixels from one grid node to the next, or 0 if unknown
   * @return the new specification
   * @throws IllegalArgumentException if it is negative
   */
  public OutputSpec withStride(int stride) {
    return with(values -> values.stride = stride);
  }

  /**
   * Returns this output with another alignment of the grid.
   *
   * @param alignment how grid nodes lie on the input
   * @return the new specification
   */
  public OutputSpec withAlignment(GridAlignment alignment) {
    return with(values -> values.alignment = alignment);
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
    return with(values -> values.threshold = threshold);
  }

  /**
   * Returns this output, normalized by its own minimum and maximum or not.
   *
   * @param minMax whether {@code (x - minimum) / (maximum - minimum)} replaces each probability x
   *     of an image, as saliency networks such as U2-Net expect; an output that is the same
   *     everywhere becomes 0. Only for {@linkplain OutputKind#isBinary() binary} kinds; the sigmoid
   *     of {@link OutputKind#BINARY_LOGITS} comes first
   * @return the new specification
   */
  public OutputSpec withMinMax(boolean minMax) {
    return with(values -> values.minMax = minMax);
  }

  /**
   * Returns this output with another way to enlarge probabilities to the source's size.
   *
   * @param interpolation {@link Interpolation#BILINEAR}; or {@link Interpolation#LANCZOS}, which
   *     rounds probabilities down to steps of 1/255 and resizes them as Pillow resizes an 8-bit
   *     gray image. That is only for {@linkplain OutputKind#isBinary() binary} kinds, and inputs
   *     that are stretched over the whole image
   * @return the new specification
   * @throws IllegalArgumentException if it is another one
   */
  public OutputSpec withInterpolation(Interpolation interpolation) {
    return with(values -> values.interpolation = interpolation);
  }

  /**
   * Returns this output with another kind of edge for cutouts.
   *
   * @param softEdge whether cutouts take their alpha from the probabilities, as matting and
   *     saliency networks are trained for, and not from the mask
   * @return the new specification
   */
  public OutputSpec withSoftEdge(boolean softEdge) {
    return with(values -> values.softEdge = softEdge);
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

  /** {@return whether probabilities are normalized by their own minimum and maximum} */
  public boolean minMax() {
    return minMax;
  }

  /** {@return how probabilities are enlarged to the source's size: bilinearly, or by Lanczos} */
  public Interpolation interpolation() {
    return interpolation;
  }

  /** {@return whether cutouts take their alpha from the probabilities instead of the mask} */
  public boolean softEdge() {
    return softEdge;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputSpec that
        && name.equals(that.name)
        && layout.equals(that.layout)
        && kind.equals(that.kind)
        && stride == that.stride
        && alignment.equals(that.alignment)
        && Double.compare(threshold, that.threshold) == 0
        && minMax == that.minMax
        && interpolation.equals(that.interpolation)
        && softEdge == that.softEdge;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        name, layout, kind, stride, alignment, threshold, minMax, interpolation, softEdge);
  }

  @Override
  public String toString() {
    return "OutputSpec[name=%s, layout=%s, kind=%s, stride=%s, alignment=%s, threshold=%s, minMax=%s, interpolation=%s, softEdge=%s]"
        .formatted(
            name, layout, kind, stride, alignment, threshold, minMax, interpolation, softEdge);
  }
}
