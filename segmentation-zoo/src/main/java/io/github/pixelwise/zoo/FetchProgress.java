package io.github.pixelwise.zoo;

import java.net.URI;
import java.util.OptionalLong;

/**
 * Receives progress updates while a model downloads. Called by the fetching thread. If it throws,
 * the fetch ends with that exception, and no model in the cache has changed. What was downloaded
 * from the Hugging Face Hub is kept for the next fetch.
 */
@FunctionalInterface
public interface FetchProgress {
  /** A phase of a fetch. */
  enum Phase {
    /** Another thread or process is fetching the same model, or the server asks to wait. */
    WAITING,
    /** Files are downloaded and checked. */
    DOWNLOADING,
    /** A file on disk is checked. */
    CHECKING,
    /** A checkpoint is converted. */
    CONVERTING
  }

  /** Ignores all updates. */
  FetchProgress NONE = (phase, done, total) -> {};

  /**
   * Receives what is about to be downloaded, once, before its first byte. Not called if the model
   * is already in the cache. To refuse a license, throw an exception.
   *
   * @param source the address that the model comes from; on the Hugging Face Hub, that of the
   *     commit
   * @param license the license as the publisher states it, an SPDX identifier where there is one;
   *     empty if not stated
   * @param bytes about how many bytes will be downloaded: the external data of an ONNX file counts
   *     if it is named like the file, such as {@code model.onnx_data}. The totals of updates are
   *     exact once the network itself has been downloaded
   */
  default void starting(URI source, String license, long bytes) {}

  /**
   * Receives an update.
   *
   * @param phase the current phase
   * @param done the bytes processed in this phase; 0 while waiting or converting
   * @param total the total bytes of this phase, if known
   */
  void at(Phase phase, long done, OptionalLong total);
}
