package io.github.pixelwise.training;

import io.github.pixelwise.model.ModelCard;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;

/** The outcome of a training. Immutable. */
public final class TrainingResult {
  private final Path folder;
  private final ModelCard model;
  private final int epoch;
  private final OptionalDouble meanIou;
  private final boolean stoppedEarly;

  TrainingResult(
      Path folder, ModelCard model, int epoch, OptionalDouble meanIou, boolean stoppedEarly) {
    this.folder = folder;
    this.model = model;
    this.epoch = epoch;
    this.meanIou = meanIou;
    this.stoppedEarly = stoppedEarly;
  }

  /** {@return the run's folder} */
  public Path folder() {
    return folder;
  }

  /** {@return the model's card, which {@code Segmenter.builder().model(card)} opens} */
  public ModelCard model() {
    return model;
  }

  /** {@return the epoch that the model is from: the best one, the last one without validation} */
  public int epoch() {
    return epoch;
  }

  /** {@return its mean IoU on the validation data, 0 to 1; empty without validation} */
  public OptionalDouble meanIou() {
    return meanIou;
  }

  /** {@return whether the recipe's patience ended the run before its last epoch} */
  public boolean stoppedEarly() {
    return stoppedEarly;
  }

  /** As in {@code runs/first: epoch 12, mIoU 0.6234}. */
  @Override
  public String toString() {
    return "%s: epoch %s".formatted(folder, epoch)
        + (meanIou.isPresent()
            ? String.format(Locale.ROOT, ", mIoU %.4f", meanIou.getAsDouble())
            : "");
  }
}
