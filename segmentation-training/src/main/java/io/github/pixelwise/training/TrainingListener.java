package io.github.pixelwise.training;

/** Hears how a training goes. Called by the training's thread, which waits for it. */
public interface TrainingListener {
  /**
   * Hears what the run says about itself once: where the weights come from, what is repeated or
   * left out.
   *
   * @param text a sentence
   */
  default void onNote(String text) {}

  /**
   * Hears of a step.
   *
   * @param progress where the training is
   */
  default void onStep(TrainingProgress progress) {}

  /**
   * Hears of the end of an epoch.
   *
   * @param epoch its results
   */
  default void onEpoch(EpochResult epoch) {}
}
