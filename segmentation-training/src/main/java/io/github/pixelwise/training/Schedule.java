package io.github.pixelwise.training;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the learning rate changes during training: a factor of the base rate for each step.
 * Immutable. It has no state: the factor depends only on its arguments, so a resumed run needs
 * nothing but the metrics of the epochs before.
 *
 * <p>The numbers are those of the PyTorch schedule that each method names. A step is one update of
 * the weights, and the first one is step 0.
 */
public final class Schedule {
  private final String text;
  private final Curve curve;
  private final @Nullable Metric metric;

  private Schedule(String text, Curve curve, @Nullable Metric metric) {
    this.text = text;
    this.curve = curve;
    this.metric = metric;
  }

  /**
   * The same rate for all steps.
   *
   * @return the schedule
   */
  public static Schedule constant() {
    return new Schedule("constant", now -> 1, null);
  }

  /**
   * The rate falls to 0 as (1 - step / steps) to a power, like {@code PolynomialLR}.
   *
   * @param power the power, more than 0; 0.9 is usual for segmentation
   * @return the schedule
   * @throws IllegalArgumentException if the power is not more than 0
   */
  public static Schedule poly(double power) {
    Range.positive("the power of the poly schedule", power);
    return new Schedule(
        "poly(power %s)".formatted(power), now -> Math.pow(1 - now.progress(), power), null);
  }

  /**
   * The rate is multiplied every few epochs, like {@code StepLR}.
   *
   * @param epochs the number of epochs between two changes, 1 or more
   * @param factor the factor, more than 0
   * @return the schedule
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Schedule step(int epochs, double factor) {
    Range.atLeast(1, "the number of epochs of the step schedule", epochs);
    Range.positive("the factor of the step schedule", factor);
    return new Schedule(
        "step(every %s epochs, factor %s)".formatted(epochs, factor),
        now -> power(factor, now.epoch() / epochs),
        null);
  }

  /**
   * The rate is multiplied after the given numbers of epochs, like {@code MultiStepLR}.
   *
   * @param factor the factor, more than 0
   * @param epochs the numbers of epochs, 1 or more, each larger than the one before
   * @return the schedule
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Schedule milestones(double factor, int... epochs) {
    Range.positive("the factor of the schedule of milestones", factor);
    int[] milestones = epochs.clone();
    int last = 0;
    for (int milestone : milestones) {
      if (milestone <= last) {
        throw new IllegalArgumentException(
            "milestone %s comes after %s; they must be 1 or more, and ascend"
                .formatted(milestone, last));
      }
      last = milestone;
    }
    String list =
        Arrays.stream(milestones).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    return new Schedule(
        "milestones(factor %s, after epochs %s)".formatted(factor, list),
        now -> power(factor, Arrays.stream(milestones).filter(m -> m <= now.epoch()).count()),
        null);
  }

  /**
   * The rate falls along half a cosine, like {@code CosineAnnealingLR}.
   *
   * @param minimum the factor that it falls to after the last step, from 0 to 1
   * @return the schedule
   * @throws IllegalArgumentException if the minimum is not from 0 to 1
   */
  public static Schedule cosine(double minimum) {
    Range.share("the minimum of the cosine schedule", minimum);
    return new Schedule(
        "cosine(minimum %s)".formatted(minimum), now -> cosine(1, minimum, now.progress()), null);
  }

  /**
   * The rate rises along half a cosine to the base rate, and then falls along another one, like
   * {@code OneCycleLR} whose {@code max_lr} is the base rate. The momentum does not change, as with
   * {@code cycle_momentum=False}.
   *
   * @param warmShare the share of the steps in which it rises, from 0 to 1; 0.3 is usual
   * @param startDivisor the base rate divided by the first one, 1 or more; 25 is usual
   * @param endDivisor the first rate divided by the last one, 1 or more; 10,000 is usual
   * @return the schedule
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Schedule oneCycle(double warmShare, double startDivisor, double endDivisor) {
    Range.share("the warm share of the one-cycle schedule", warmShare);
    double first =
        1 / Range.atLeastOne("the start divisor of the one-cycle schedule", startDivisor);
    double last = first / Range.atLeastOne("the end divisor of the one-cycle schedule", endDivisor);
    return new Schedule(
        "one-cycle(warm share %s, divisors %s and %s)"
            .formatted(warmShare, startDivisor, endDivisor),
        now -> oneCycle(warmShare, first, last, now),
        null);
  }

  /**
   * The rate is multiplied when a metric has not become better for more than some epochs, like
   * {@code ReduceLROnPlateau} with a relative threshold. Unlike there, very small rates still fall.
   *
   * @param metric the metric to watch
   * @param factor the factor, more than 0 and less than 1; 0.1 is usual
   * @param patience the number of epochs without an improvement that are still accepted, 0 or more;
   *     10 is usual
   * @param threshold how much better than the best so far the metric must be to be an improvement,
   *     as a share of the best, 0 or more and less than 1; 0.0001 is usual
   * @return the schedule
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Schedule reduceOnPlateau(
      Metric metric, double factor, int patience, double threshold) {
    Range.reduction("the factor of the plateau schedule", factor);
    Range.atLeast(0, "the patience of the plateau schedule", patience);
    Range.belowOne("the threshold of the plateau schedule", threshold);
    return new Schedule(
        "plateau(%s, factor %s, patience %s, threshold %s)"
            .formatted(metric, factor, patience, threshold),
        now -> plateau(metric, factor, patience, threshold, now.metrics()),
        metric);
  }

  /**
   * Returns this schedule after a warm-up, in which the rate rises evenly to the first rate of this
   * schedule, like {@code SequentialLR} of {@code LinearLR} and this schedule: this schedule starts
   * when the warm-up ends, and has that many fewer steps.
   *
   * @param steps the number of steps, 1 or more
   * @param startFactor the share of the first rate at which the warm-up starts, from 0 to 1
   * @return the schedule
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public Schedule withWarmUp(int steps, double startFactor) {
    Range.atLeast(1, "the number of warm-up steps", steps);
    Range.share("the start factor of the warm-up", startFactor);
    return new Schedule(
        "%s after warm-up(steps %s, start factor %s)".formatted(text, steps, startFactor),
        now -> curve.factor(now.after(steps)) * warmth(steps, startFactor, now.step()),
        metric);
  }

  private static double power(double factor, long times) {
    return Math.pow(factor, (double) times);
  }

  private static double cosine(double from, double to, double progress) {
    return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
  }

  private static double oneCycle(double warmShare, double first, double last, Moment now) {
    double peak = Math.max(0, warmShare * now.steps() - 1);
    if (now.step() < peak) {
      return cosine(first, 1, now.step() / peak);
    }
    double rest = now.steps() - 1 - peak;
    return rest > 0 ? cosine(1, last, (now.step() - peak) / rest) : 1;
  }

  private static double plateau(
      Metric metric, double factor, int patience, double threshold, List<Double> metrics) {
    double margin = metric.higherIsBetter() ? 1 + threshold : 1 - threshold;
    double rate = 1;
    double best = metric.worst();
    int waited = 0;
    for (double value : metrics) {
      if (metric.isBetter(value, best * margin)) {
        best = value;
        waited = 0;
      } else {
        waited++;
      }
      if (waited > patience) {
        rate *= factor;
        waited = 0;
      }
    }
    return rate;
  }

  private static double warmth(int steps, double startFactor, long step) {
    return step < steps ? startFactor + (1 - startFactor) * step / steps : 1;
  }

  /** {@return the metric that the schedule watches, if any} */
  public Optional<Metric> metric() {
    return Optional.ofNullable(metric);
  }

  /**
   * Returns the factor of the base rate for a step.
   *
   * @param step the step, from 0
   * @param steps the number of steps of the whole run
   * @param stepsPerEpoch the number of steps of an epoch
   * @param metrics the value of {@link #metric()} after each epoch so far, the first epoch first;
   *     not used if there is none
   * @return the factor, 0 or more
   * @throws IllegalArgumentException if the run does not have this step, or an epoch has no steps
   */
  public double factor(long step, long steps, long stepsPerEpoch, List<Double> metrics) {
    if (step < 0 || step >= steps) {
      throw new IllegalArgumentException(
          "step %s was asked for, but the steps of this run are 0 to %s"
              .formatted(step, steps - 1));
    }
    if (stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "an epoch has %s steps; it must have 1 or more".formatted(stepsPerEpoch));
    }
    return curve.factor(new Moment(step, steps, stepsPerEpoch, metrics));
  }

  /** Returns whether the other schedule has the same settings. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule schedule && text.equals(schedule.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns the settings, as in {@code poly(power 0.9)}. */
  @Override
  public String toString() {
    return text;
  }

  private interface Curve {
    double factor(Moment now);
  }

  /** A point in a run. */
  private record Moment(long step, long steps, long stepsPerEpoch, List<Double> metrics) {
    double progress() {
      return (double) step / steps;
    }

    long epoch() {
      return step / stepsPerEpoch;
    }

    /** This point for a schedule that starts later; before that, its first step. */
    Moment after(int start) {
      return new Moment(
          Math.max(0, step - start), Math.max(1, steps - start), stepsPerEpoch, metrics);
    }
  }
}
