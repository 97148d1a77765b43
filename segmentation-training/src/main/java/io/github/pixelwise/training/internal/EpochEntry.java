package io.github.pixelwise.training.internal;

import java.util.List;

/**
 * What is known after an epoch. One without validation has no pixel accuracy, and then no other
 * result of a validation either.
 *
 * @param epoch the epoch, from 1
 * @param step its last step, counted over the whole run from 1
 * @param loss the mean loss of its steps
 * @param rate the learning rate of its last step
 * @param photosPerSecond the photos trained on per second, without validation
 * @param waitingShare the share of the training time spent waiting for photos, 0 to 1
 * @param meanIou the mean IoU of the validation, 0 to 1; NaN if there is none
 * @param pixelAccuracy the share of right pixels of the validation, 0 to 1; NaN if there is none
 * @param iouPerClass the IoU of each class, NaN for classes that are absent; empty without a
 *     validation
 * @param seconds how long the epoch took, with its validation
 */
public record EpochEntry(
    int epoch,
    long step,
    double loss,
    double rate,
    double photosPerSecond,
    double waitingShare,
    double meanIou,
    double pixelAccuracy,
    List<Double> iouPerClass,
    double seconds) {

  /** Copies the list. */
  public EpochEntry {
    boolean validated = !Double.isNaN(pixelAccuracy);
    meanIou = validated ? meanIou : Double.NaN;
    iouPerClass = validated ? List.copyOf(iouPerClass) : List.of();
  }

  /** {@return whether the epoch ended with a validation} */
  public boolean isValidated() {
    return !Double.isNaN(pixelAccuracy);
  }
}
