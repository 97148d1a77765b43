package io.github.pixelwise.internal.tile;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.tile.ImageRows;
import java.io.IOException;

/** The rows of a picture that a row of tiles covers. Moves down only. */
final class RowBuffer {
  private final ImageRows source;
  private final int height;
  private final int rowLength;
  private final byte[] rgb;

  /** The row of the picture where the buffer begins, and the row after those read. */
  private int top;

  private int end;

  RowBuffer(ImageRows source, int height) {
    this.source = source;
    this.height = height;
    this.rowLength = 3 * source.width();
    this.rgb = new byte[Sizes.samples(source.width(), height, 3)];
  }

  /** Moves to a row of the picture and reads what is missing. */
  void moveTo(int row) throws IOException {
    int kept = Math.max(0, end - row);
    System.arraycopy(rgb, (end - kept - top) * rowLength, rgb, 0, kept * rowLength);
    if (row > end) {
      source.skip(row - end);
    }
    source.read(rgb, kept * rowLength, height - kept);
    top = row;
    end = row + height;
  }

  /** A tile as high as the buffer. */
  RgbImage tile(int left, int width) {
    byte[] tile = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(rgb, y * rowLength + 3 * left, tile, y * 3 * width, 3 * width);
    }
    return RgbImage.of(width, height, tile);
  }
}
