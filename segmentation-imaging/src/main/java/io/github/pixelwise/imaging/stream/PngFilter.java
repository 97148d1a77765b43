package io.github.pixelwise.imaging.stream;

import java.io.IOException;

/** Undoes the filters of the rows of a PNG (PNG specification, section 9). */
final class PngFilter {
  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int PAETH = 4;

  private PngFilter() {}

  /**
   * Restores a row.
   *
   * @param type the filter
   * @param row the filtered row, preceded by a pixel of zeros; becomes the row
   * @param above the row above, preceded by a pixel of zeros
   * @param pixel the bytes of a pixel, at least 1
   * @throws IOException if there is no such filter
   */
  static void undo(int type, byte[] row, byte[] above, int pixel) throws IOException {
    switch (type) {
      case NONE -> {}
      case SUB -> {
        for (int i = pixel; i < row.length; i++) {
          row[i] += row[i - pixel];
        }
      }
      case UP -> {
        for (int i = pixel; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case AVERAGE -> {
        for (int i = pixel; i < row.length; i++) {
          row[i] += (byte) (((row[i - pixel] & 0xff) + (above[i] & 0xff)) >> 1);
        }
      }
      case PAETH -> paeth(row, above, pixel);
      default -> throw new IOException("it has a filter %d, which does not exist".formatted(type));
    }
  }

  private static void paeth(byte[] row, byte[] above, int pixel) {
    for (int i = pixel; i < row.length; i++) {
      int left = row[i - pixel] & 0xff;
      int up = above[i] & 0xff;
      int corner = above[i - pixel] & 0xff;
      int toLeft = Math.abs(up - corner);
      int toUp = Math.abs(left - corner);
      int toCorner = Math.abs(left + up - 2 * corner);
      int nearest = toUp <= toCorner ? up : corner;
      row[i] += (byte) (toLeft <= toUp && toLeft <= toCorner ? left : nearest);
    }
  }
}
