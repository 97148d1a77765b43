package io.github.pixelwise.training;

import io.github.pixelwise.evaluation.SegmentationMetrics;
import java.util.Locale;
import java.util.Optional;

/**
 * The results of an epoch.
 *
 * @param epoch the epoch, from 1
 * @param loss the mean of its steps' losses
 * @param validation how good the model is on the validation data; empty if it was not asked
 * @param best whether the model is the best so far
 */
public record EpochResult(
    int epoch, double loss, Optional<SegmentationMetrics> validation, boolean best) {
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
