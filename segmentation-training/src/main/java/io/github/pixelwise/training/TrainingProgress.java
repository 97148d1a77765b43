package io.github.pixelwise.training;

import io.github.pixelwise.training.internal.ProgressLine;
import java.time.Duration;

/** Where a training is. Immutable. */
public final class TrainingProgress {
  private final int epoch;
  private final int epochs;
  private final int step;
  private final int steps;
  private final double loss;
  private final double rate;
  private final double photosPerSecond;
  private final Duration remaining;

  TrainingProgress(
      int epoch,
      int epochs,
      int step,
      int steps,
      double loss,
      double rate,
      double photosPerSecond,
      Duration remaining) {
    this.epoch = epoch;
    this.epochs = epochs;
    this.step = step;
    this.steps = steps;
    this.loss = loss;
    this.rate = rate;
    this.photosPerSecond = photosPerSecond;
    this.remaining = remaining;
  }

  /** {@return the epoch, from 1} */
  public int epoch() {
    return epoch;
  }

  /** {@return the number of epochs} */
  public int epochs() {
    return epochs;
  }

  /** {@return the step in the epoch, from 1} */
  public int step() {
    return step;
  }

  /** {@return the number of steps of an epoch} */
  public int steps() {
    return steps;
  }

  /** {@return the step's loss} */
  public double loss() {
    return loss;
  }

  /** {@return the step's learning rate} */
  public double rate() {
    return rate;
  }

  /** {@return the speed since the epoch started, or the training was resumed} */
  public double photosPerSecond() {
    return photosPerSecond;
  }

  /** {@return the time left at that speed, without validation} */
  public Duration remaining() {
    return remaining;
  }

  /** The progress as a line of text. */
  @Override
  public String toString() {
    return ProgressLine.of(
        epoch, epochs, step, steps, loss, rate, photosPerSecond, remaining.toMillis() / 1e3);
  }
}
