package io.github.pixelwise.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;

/**
 * The area that an animation's frames are drawn on, and where its first frame lies.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 * @param x the frame's first column
 * @param y the frame's first row
 */
record Canvas(int width, int height, int x, int y) {
  /** The canvas of a picture that is not an animation. */
  static final Canvas NONE = new Canvas(0, 0, 0, 0);

  /** The canvas, extended where a frame of that size would stick out. */
  Canvas around(int frameWidth, int frameHeight) {
    return new Canvas(Math.max(width, x + frameWidth), Math.max(height, y + frameHeight), x, y);
  }

  /**
   * Draws the first frame. The area around it is transparent if the frame can be, else has the
   * palette's first color or, without a palette, is black: the same as in Pillow.
   */
  BufferedImage draw(BufferedImage frame) {
    if (frame.getWidth() == width && frame.getHeight() == height) {
      return frame;
    }
    WritableRaster raster = frame.getRaster().createCompatibleWritableRaster(width, height);
    if (frame.getColorModel() instanceof IndexColorModel palette
        && palette.getTransparentPixel() > 0) {
      int[] row = new int[width];
      Arrays.fill(row, palette.getTransparentPixel());
      for (int line = 0; line < height; line++) {
        raster.setSamples(0, line, width, 1, 0, row);
      }
    }
    raster.setRect(x, y, frame.getRaster());
    return new BufferedImage(frame.getColorModel(), raster, frame.isAlphaPremultiplied(), null);
  }
}
