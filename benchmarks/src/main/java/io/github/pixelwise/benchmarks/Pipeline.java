package io.github.pixelwise.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** From a photo's file to the files of its overlay and its cutout, on one engine. */
interface Pipeline extends AutoCloseable {
  /** Returns the names and versions of pipeline and engine. */
  String description();

  /**
   * Processes a photo.
   *
   * @param files what to read and to write
   * @return how long it took
   */
  Times run(Files files) throws IOException;

  @Override
  void close();

  /**
   * What a run reads and writes.
   *
   * @param photo the photo
   * @param overlay a PNG file, not written if the pipeline ends with the network
   * @param cutout a PNG file, not written if the pipeline ends with the network
   * @param mask the file for the categories as a gray PNG, written after the clock has stopped; not
   *     written if empty
   */
  record Files(Path photo, Path overlay, Path cutout, String mask) {}
}
