package io.github.pixelwise.spi;

import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;

/**
 * An open network. Owns native memory until closed.
 *
 * <p>The library never calls {@link #run} after or during {@link #close}, and calls it from one
 * thread at a time unless {@link #concurrent()}.
 */
public interface InferenceSession extends AutoCloseable {
  /**
   * Runs the network.
   *
   * @param input the input that the card names, in the card's layout; a batch of up to {@link
   *     #maxBatch()} images, or of just as many if {@link #fixedBatch()}
   * @return the output that the card names, copied to the heap; whole numbers are exact as floats
   * @throws io.github.pixelwise.InferenceException if the engine fails, with its error as the
   *     cause, or the input is not of the rank and channels that the network takes; the message
   *     names model, backend and the input's shape, and the session stays usable
   */
  FloatTensor run(FloatTensor input);

  /**
   * Returns how the network stores its input. The session turns the floats that it is given into
   * such numbers; whether they fit is checked when a model is opened.
   *
   * @return {@link ElementType#FLOAT32} unless the network wants others
   */
  default ElementType inputType() {
    return ElementType.FLOAT32;
  }

  /**
   * Returns how many images one run takes at most.
   *
   * @return {@link Integer#MAX_VALUE}, or the batch size if the network accepts only that one
   */
  int maxBatch();

  /**
   * Tells whether the network is made for batches of {@link #maxBatch()} images and no others. The
   * library fills such a batch up by repeating its last image.
   *
   * @return false unless overridden
   */
  default boolean fixedBatch() {
    return false;
  }

  /**
   * Tells whether several threads may call {@link #run} at once.
   *
   * @return whether they may
   */
  boolean concurrent();

  /**
   * Returns what runs the network.
   *
   * @return engine, version and the device really in use
   */
  RuntimeInfo runtime();

  /** Frees native memory. Closing again does nothing. */
  @Override
  void close();
}
