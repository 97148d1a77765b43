package io.github.pixelwise.internal.tile;

import io.github.pixelwise.internal.decode.Canvas;
import java.io.IOException;

/** Receives a mask band by band, from the top. */
interface Bands {
  /**
   * A place for a band.
   *
   * @param from the first row of the picture in the band
   * @param to the row after the last
   */
  Band begin(int from, int to);

  /**
   * Receives the band, which is complete now.
   *
   * @throws IOException if it cannot be kept
   */
  void end(Band band) throws IOException;

  /**
   * A place for a band.
   *
   * @param canvas takes the categories
   * @param top the row of the picture where the canvas begins
   */
  record Band(Canvas canvas, int top) {}
}
