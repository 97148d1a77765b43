package io.github.pixelwise.tile;

import io.github.pixelwise.RgbImage;
import java.io.IOException;

/** A picture that is read row by row from the top. Not safe for use by several threads. */
public interface ImageRows {
  /** {@return the width in pixels} */
  int width();

  /** {@return the height in pixels} */
  int height();

  /**
   * Reads the next rows.
   *
   * @param rgb where they go: interleaved 8-bit sRGB samples, as in {@link RgbImage}
   * @param offset the index of the first sample
   * @param rows how many rows, at most as many as are left
   * @throws IOException if the picture is damaged or ends too early
   */
  void read(byte[] rgb, int offset, int rows) throws IOException;

  /**
   * Passes over the next rows.
   *
   * @param rows how many rows, at most as many as are left
   * @throws IOException if the picture is damaged or ends too early
   */
  void skip(int rows) throws IOException;

  /**
   * Reads the rows of a picture in memory.
   *
   * @param image the picture
   * @return its rows, from the top
   */
  static ImageRows of(RgbImage image) {
    return new PictureRows(image);
  }
}
