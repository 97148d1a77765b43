package io.github.pixelwise.zoo;

import java.io.IOException;
import java.nio.file.Path;

/** Converts a checkpoint to a model. */
@FunctionalInterface
interface CheckpointConverter {
  /**
   * Writes a model's files and its card {@code NAME.properties} with their hashes.
   *
   * @param checkpoint the checkpoint, which has been checked
   * @param entry the entry of the checkpoint
   * @param folder an empty folder
   */
  void convert(Path checkpoint, ZooEntry entry, Path folder) throws IOException;
}
