package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import java.io.Closeable;
import java.io.IOException;

/** A picture in bands of rows from the top, as high as its file makes easy to read at once. */
interface Bands extends Closeable {
  /** The width of the picture in pixels. */
  int width();

  /** The height of the picture in pixels. */
  int height();

  /**
   * The number of rows of the next band. May become smaller after a failure, so that all rows
   * before the damage can be read.
   */
  int rows();

  /**
   * Reads the next band.
   *
   * @return its rows, at least one and at most {@link #rows()}
   * @throws IOException if the band is damaged or ends too early
   */
  RgbImage next() throws IOException;

  /**
   * Passes over the next band, with as little work as the file allows.
   *
   * @return the number of its rows, as {@link #next()} would have
   * @throws IOException as {@link #next()}, if it notices
   */
  int pass() throws IOException;
}
