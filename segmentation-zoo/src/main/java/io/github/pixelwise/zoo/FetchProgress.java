package io.github.pixelwise.zoo;

import java.util.OptionalLong;

/**
 * Receives progress updates while a model downloads. Called by the fetching thread. If it throws,
 * the fetch ends with that exception and the cache is left clean.
 */
@FunctionalInterface
public interface FetchProgress {
  /** A phase of a fetch. */
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

  /** Ignores all updates. */
  FetchProgress NONE = (phase, done, total) -> {};

  /**
   * Receives an update.
   *
   * @param phase the current phase
   * @param done the bytes processed in this phase; 0 while waiting or converting
   * @param total the total bytes of this phase, if known
   */
  void at(Phase phase, long done, OptionalLong total);
}
