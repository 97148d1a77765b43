package io.github.pixelwise.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** From a photograph's file to the files of its overlay and its cutout, on one engine. */
interface Pipeline extends AutoCloseable {
  /** Returns what runs: names and versions. */
  String description();

  /**
   * Works on a photograph.
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
   * @param photo the photograph
   * @param overlay a PNG file, not written if the pipeline ends with the network
   * @param cutout a PNG file, not written if the pipeline ends with the network
   * @param mask where the categories go as a gray PNG, after the clock has stopped; nowhere if
   *     empty
   */
  record Files(Path photo, Path overlay, Path cutout, String mask) {}
}
