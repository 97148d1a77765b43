package io.github.pixelwise.training;

/**
 * Follows a training. The thread that runs the training calls these methods, and waits for them.
 */
public interface TrainingListener {
  /**
   * Called with something to know about the run, such as which layers start from random weights.
   * Most notes come before the first step.
   *
   * @param text a sentence
   */
  default void onNote(String text) {}

  /**
   * Called after each step.
   *
   * @param progress where the training is
   */
  default void onStep(TrainingProgress progress) {}

  /**
   * Called after each epoch.
   *
   * @param epoch its results
   */
  default void onEpoch(EpochResult epoch) {}
}
