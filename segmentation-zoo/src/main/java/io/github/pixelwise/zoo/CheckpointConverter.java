package io.github.pixelwise.zoo;

import java.io.IOException;
import java.nio.file.Path;

/** Makes a model of a checkpoint. */
@FunctionalInterface
interface CheckpointConverter {
  /**
   * Writes the files of a model and, as {@code NAME.properties}, its card with their hashes.
   *
   * @param checkpoint the checkpoint, which has been checked
   * @param entry what it is
   * @param folder an empty folder
   */
  void convert(Path checkpoint, ZooEntry entry, Path folder) throws IOException;
}
