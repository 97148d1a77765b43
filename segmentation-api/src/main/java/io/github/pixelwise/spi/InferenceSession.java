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
   * @return the output that the card names, copied to the heap; integers are converted to floats
   *     exactly
   * @throws io.github.pixelwise.InferenceException if the engine fails, with its error as the
   *     cause; {@link BackendContext#runError} creates the exception. The session stays usable
   */
  FloatTensor run(FloatTensor input);

  /**
   * Returns the network's input, as {@link BackendContext#input} found it. The session converts
   * floats to the input's element type; the library checks that they fit when it opens a model. If
   * the first side has a fixed length, the library fills up batches to that length by repeating the
   * last image.
   *
   * @return name, element type ({@link ElementType#FLOAT32} if it is empty) and sides, as far as
   *     the engine knows them
   */
  TensorInfo input();

  /**
   * Returns the network's output.
   *
   * @return the output that the card names; empty by default
   */
  default Optional<TensorInfo> output() {
    return Optional.empty();
  }

  /**
   * Returns the maximum number of images per run.
   *
   * @return by default, the only batch size that {@link #input()} takes, or {@link
   *     Integer#MAX_VALUE} if it takes any
   */
  default int maxBatch() {
    return input().fixedBatch().orElse(Integer.MAX_VALUE);
  }

  /**
   * Returns whether several threads may call {@link #run} at once. For an engine that serves one
   * thread at a time, use a {@link SessionPool}.
   *
   * @return whether they may
   */
  boolean concurrent();

  /**
   * Returns what runs the network.
   *
   * @return a {@link RuntimeInfo#of} the backend's name, the engine's version, the device really in
   *     use and why that one, for example {@code the only device of this backend}
   */
  RuntimeInfo runtime();

  /** Frees native memory. Closing again does nothing. */
  @Override
  void close();
}
