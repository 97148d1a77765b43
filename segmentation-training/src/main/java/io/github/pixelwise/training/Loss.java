package io.github.pixelwise.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What training minimizes: how far the scores of a batch are from its masks. Immutable.
 *
 * <p>Pixels with the ignore index do not count. A batch that has no other pixel has the loss 0 and
 * no gradient, where PyTorch's means would be NaN. "Over the batch" means that all pixels of the
 * batch count as one picture.
 *
 * <p>A network with one channel has two classes, 0 and 1: its score is the logit of class 1. {@link
 * #dice()} and {@link #lovasz()} then look only at class 1.
 */
public abstract sealed class Loss {
  private Loss() {}

  /**
   * Cross-entropy, like {@code CrossEntropyLoss}: the mean of {@code -log p} over the pixels, where
   * p is the probability of the true class. For one channel, it is {@code BCEWithLogitsLoss}.
   *
   * @return the loss, without class weights or label smoothing
   */
  public static CrossEntropy crossEntropy() {
    return new CrossEntropy(List.of(), 0);
  }

  /**
   * Focal loss (Lin and others, 2017): the mean of {@code -(1 - p)^gamma log p} over the pixels,
   * where p is the probability of the true class. Easy pixels count less.
   *
   * @param gamma the power, 0 or more; 2 is usual, and 0 is cross-entropy
   * @return the loss, without class weights
   * @throws IllegalArgumentException if gamma is negative or not finite
   */
  public static Focal focal(double gamma) {
    return new Focal(gamma, List.of());
  }

  /**
   * Cross-entropy of the hard pixels only (online hard example mining), with the rule of
   * mmsegmentation's {@code OHEMPixelSampler}: a pixel is hard if the probability of its true class
   * is less than the threshold. If there are too few, the least probable pixels are taken. If there
   * are no more pixels than that, all but the most probable are taken. The loss is the mean over
   * the pixels taken.
   *
   * @param threshold the probability, from 0 to 1; 0.7 is usual
   * @param minKept the least number of pixels to take, times the number of pictures in the batch, 0
   *     or more; 100,000 is usual
   * @return the loss
   * @throws IllegalArgumentException if an argument is out of its range, or both are 0, so that no
   *     pixel would ever be taken
   */
  public static Loss ohem(double threshold, int minKept) {
    return new Ohem(threshold, minKept);
  }

  /**
   * Dice loss over the batch: the mean of {@code 1 - 2 sum(p t) / (sum(p) + sum(t))} over the
   * classes, where p is the probability of the class, and t is 1 where it is true and 0 elsewhere.
   * Classes that are not in the masks of the batch are left out.
   *
   * @return the loss
   */
  public static Loss dice() {
    return new Dice();
  }

  /**
   * Lovász-softmax (Berman and others, 2018) over the batch: a loss whose minimum is the highest
   * mean IoU. It is the mean over the classes. Classes that are not in the masks of the batch are
   * left out. For one channel, probabilities are the sigmoid of the scores.
   *
   * @return the loss
   */
  public static Loss lovasz() {
    return new Lovasz();
  }

  /**
   * Returns the sum of this loss and another one.
   *
   * @param other the other loss
   * @return the sum
   */
  public Loss plus(Loss other) {
    List<Term> terms = new ArrayList<>(terms());
    terms.addAll(other.terms());
    return new Sum(terms);
  }

  /**
   * Returns this loss times a number.
   *
   * @param factor the number, more than 0
   * @return the product
   * @throws IllegalArgumentException if the factor is not more than 0, or not finite
   */
  public Loss times(double factor) {
    Range.positive("the factor of a loss", factor);
    return new Sum(terms().stream().map(t -> new Term(t.factor() * factor, t.loss())).toList());
  }

  /** {@return the losses that this one is the sum of; for most, itself} */
  public List<Term> terms() {
    return List.of(new Term(1, this));
  }

  /** Returns whether the other loss has the same settings. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof Loss loss && toString().equals(loss.toString());
  }

  @Override
  public final int hashCode() {
    return toString().hashCode();
  }

  /** Returns the settings, as in {@code focal(gamma 2.0) + 0.5 * dice}. */
  @Override
  public abstract String toString();

  private static List<Double> checkedWeights(double... weights) {
    for (double weight : weights) {
      Range.notNegative("a class weight", weight);
    }
    if (weights.length > 0 && Arrays.stream(weights).sum() == 0) {
      throw new IllegalArgumentException(
          "no class has a weight above 0, found %s; give one weight per class"
              .formatted(Arrays.toString(weights)));
    }
    return Arrays.stream(weights).boxed().toList();
  }

  private static String weightsText(List<Double> weights) {
    return weights.isEmpty()
        ? ""
        : ", class weights "
            + weights.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /**
   * A part of a sum.
   *
   * @param factor what the loss is multiplied by
   * @param loss a loss that is not a sum
   */
  public record Term(double factor, Loss loss) {}

  /** Cross-entropy. */
  public static final class CrossEntropy extends Loss {
    private final List<Double> classWeights;
    private final double labelSmoothing;

    private CrossEntropy(List<Double> classWeights, double labelSmoothing) {
      this.classWeights = classWeights;
      this.labelSmoothing = labelSmoothing;
    }

    /**
     * Returns this loss with a weight for each class. As in PyTorch, the mean is weighted, too: the
     * sum is divided by the sum of the weights of the pixels.
     *
     * @param weights the weights in the order of the classes, 0 or more, not all 0; two for a
     *     network with one channel; none if all are 1
     * @return the loss
     * @throws IllegalArgumentException if a weight is out of its range
     */
    public CrossEntropy withClassWeights(double... weights) {
      return new CrossEntropy(checkedWeights(weights), labelSmoothing);
    }

    /**
     * Returns this loss with smooth targets: this share of each target is spread evenly over all
     * classes.
     *
     * @param smoothing the share, from 0 to 1
     * @return the loss
     * @throws IllegalArgumentException if the share is not from 0 to 1
     */
    public CrossEntropy withLabelSmoothing(double smoothing) {
      return new CrossEntropy(classWeights, Range.share("the label smoothing", smoothing));
    }

    /** {@return the weights of the classes, or an empty list if all are 1} */
    public List<Double> classWeights() {
      return classWeights;
    }

    /** {@return the share of each target that is spread over all classes} */
    public double labelSmoothing() {
      return labelSmoothing;
    }

    @Override
    public String toString() {
      return "cross-entropy(label smoothing %s%s)"
          .formatted(labelSmoothing, weightsText(classWeights));
    }
  }

  /** Focal loss. */
  public static final class Focal extends Loss {
    private final double gamma;
    private final List<Double> classWeights;

    private Focal(double gamma, List<Double> classWeights) {
      this.gamma = Range.notNegative("the gamma of the focal loss", gamma);
      this.classWeights = classWeights;
    }

    /**
     * Returns this loss with a weight for each class, the alpha of the paper. Unlike in
     * cross-entropy, the sum is still divided by the number of pixels.
     *
     * @param weights the weights in the order of the classes, 0 or more, not all 0; two for a
     *     network with one channel; none if all are 1
     * @return the loss
     * @throws IllegalArgumentException if a weight is out of its range
     */
    public Focal withClassWeights(double... weights) {
      return new Focal(gamma, checkedWeights(weights));
    }

    /** {@return the power} */
    public double gamma() {
      return gamma;
    }

    /** {@return the weights of the classes, or an empty list if all are 1} */
    public List<Double> classWeights() {
      return classWeights;
    }

    @Override
    public String toString() {
      return "focal(gamma %s%s)".formatted(gamma, weightsText(classWeights));
    }
  }

  /** Cross-entropy of the hard pixels. */
  public static final class Ohem extends Loss {
    private final double threshold;
    private final int minKept;

    private Ohem(double threshold, int minKept) {
      this.threshold = Range.share("the threshold of OHEM", threshold);
      this.minKept = Range.atLeast(0, "the least number of pixels of OHEM", minKept);
      if (threshold == 0 && minKept == 0) {
        throw new IllegalArgumentException(
            "OHEM with threshold 0 and 0 pixels takes no pixel; raise one of them");
      }
    }

    /** {@return the probability below which a pixel is hard} */
    public double threshold() {
      return threshold;
    }

    /** {@return the least number of pixels for each picture} */
    public int minKept() {
      return minKept;
    }

    @Override
    public String toString() {
      return "ohem(threshold %s, pixels %s)".formatted(threshold, minKept);
    }
  }

  /** Dice loss. */
  public static final class Dice extends Loss {
    private Dice() {}

    @Override
    public String toString() {
      return "dice";
    }
  }

  /** Lovász-softmax. */
  public static final class Lovasz extends Loss {
    private Lovasz() {}

    @Override
    public String toString() {
      return "lovasz";
    }
  }

  /** A weighted sum of losses. */
  public static final class Sum extends Loss {
    private final List<Term> terms;

    private Sum(List<Term> terms) {
      this.terms = List.copyOf(terms);
    }

    @Override
    public List<Term> terms() {
      return terms;
    }

    @Override
    public String toString() {
      return terms.stream()
          .map(t -> t.factor() == 1 ? t.loss().toString() : t.factor() + " * " + t.loss())
          .collect(Collectors.joining(" + "));
    }
  }
}
