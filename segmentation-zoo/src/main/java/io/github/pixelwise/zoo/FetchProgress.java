package io.github.pixelwise.zoo;

import java.util.OptionalLong;

/**
 * Receives progress updates while a model downloads. Called by the thread that fetches; what it
 * throws ends the fetching and leaves the cache clean.
 */
@FunctionalInterface
public interface FetchProgress {
  /** What is being done. */
  enum Phase {
    /** Another thread or process is fetching the same model. */
    WAITING,
    /** The checkpoint is downloaded and checked. */
    DOWNLOADING,
    /** A checkpoint on disk is checked. */
    CHECKING,
    /** The checkpoint is converted. */
    CONVERTING
  }

  /** Hears nothing. */
  FetchProgress NONE = (phase, done, total) -> {};

  /**
   * Tells how far it is.
   *
   * @param phase what is being done
   * @param done the bytes that are done in this phase; 0 while waiting or converting
   * @param total the bytes to do in this phase, if known
   */
  void at(Phase phase, long done, OptionalLong total);
}
