package io.github.pixelwise.spi;

import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import java.util.Optional;

/**
 * An open network. Owns native memory until closed.
 *
 * <p>The library never calls {@link #run} after or during {@link #close}, and calls it from one
 * thread at a time unless {@link #concurrent()}.
 */
public interface InferenceSession extends AutoCloseable {
  /**
   * Runs the network. The library does not interrupt a run, and a run need not heed an interrupt:
   * it goes on and leaves the thread's interrupt status as it is.
   *
   * @param input the input that the card names, in the card's layout, which {@linkplain
   *     TensorInfo#fits fits} {@link #input()}: the library checks that before each run. Neither
   *     changed nor kept
   * @return the output that the card names, copied to the heap; whole numbers are exact as floats
   * @throws io.github.pixelwise.InferenceException if the engine fails, with its error as the
   *     cause; {@link BackendContext#runError} makes the message. The session stays usable
   */
  FloatTensor run(FloatTensor input);

  /**
   * Returns what the network takes: the input that {@link BackendContext#input} found. The session
   * turns the floats that it is given into numbers of its element type; whether they fit is checked
   * when a model is opened. A first side of a certain length is a batch that the library fills up
   * by repeating its last image.
   *
   * @return name, element type ({@link ElementType#FLOAT32} if it is empty) and sides, as far as
   *     the engine knows them
   */
  TensorInfo input();

  /**
   * Returns what the network gives.
   *
   * @return the output that the card names; empty unless overridden
   */
  default Optional<TensorInfo> output() {
    return Optional.empty();
  }

  /**
   * Returns how many images one run takes at most.
   *
   * @return the only batch size that {@link #input()} takes, else {@link Integer#MAX_VALUE}, unless
   *     overridden
   */
  default int maxBatch() {
    return input().fixedBatch().orElse(Integer.MAX_VALUE);
  }

  /**
   * Tells whether several threads may call {@link #run} at once. For an engine that serves one
   * thread there is {@link SessionPool}.
   *
   * @return whether they may
   */
  boolean concurrent();

  /**
   * Returns what runs the network.
   *
   * @return what {@link RuntimeInfo#of} makes of the backend's name, the engine's version, the
   *     device really in use and why that one, for example {@code the only device of this backend}
   */
  RuntimeInfo runtime();

  /** Frees native memory. Closing again does nothing. */
  @Override
  void close();
}
