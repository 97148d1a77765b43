package io.github.pixelwise.training;

import io.github.pixelwise.evaluation.SegmentationMetrics;
import java.util.Locale;
import java.util.Optional;

/** The results of an epoch. Immutable. */
public final class EpochResult {
  private final int epoch;
  private final double loss;
  private final Optional<SegmentationMetrics> validation;
  private final boolean best;

  EpochResult(int epoch, double loss, Optional<SegmentationMetrics> validation, boolean best) {
    this.epoch = epoch;
    this.loss = loss;
    this.validation = validation;
    this.best = best;
  }

  /** {@return the epoch, from 1} */
  public int epoch() {
    return epoch;
  }

  /** {@return the mean of its steps' losses} */
  public double loss() {
    return loss;
  }

  /** {@return how good the model is on the validation data; empty if it was not measured} */
  public Optional<SegmentationMetrics> validation() {
    return validation;
  }

  /** {@return whether the model is the best so far} */
  public boolean best() {
    return best;
  }

  /** As in {@code epoch 3: loss 0.4312, mIoU 0.6234, the best so far}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "epoch %d: loss %.4f", epoch, loss)
        + validation
            .map(
                metrics ->
                    String.format(Locale.ROOT, ", mIoU %.4f", metrics.meanIou())
                        + (best ? ", the best so far" : ""))
            .orElse("");
  }
}
