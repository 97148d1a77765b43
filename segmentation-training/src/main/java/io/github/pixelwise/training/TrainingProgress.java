package io.github.pixelwise.training;

import io.github.pixelwise.training.internal.ProgressLine;
import java.time.Duration;

/**
 * Where a training is.
 *
 * @param epoch the epoch, from 1
 * @param epochs the number of epochs
 * @param step the step in the epoch, from 1
 * @param steps the number of steps of an epoch
 * @param loss the step's loss
 * @param rate its learning rate
 * @param photosPerSecond the speed since the epoch started, or the training was resumed
 * @param remaining the time left at that speed, without validation
 */
public record TrainingProgress(
    int epoch,
    int epochs,
    int step,
    int steps,
    double loss,
    double rate,
    double photosPerSecond,
    Duration remaining) {
  /** The progress as a line of text. */
  @Override
  public String toString() {
    return ProgressLine.of(
        epoch, epochs, step, steps, loss, rate, photosPerSecond, remaining.toMillis() / 1e3);
  }
}
