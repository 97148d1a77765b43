package io.github.pixelwise.tile;

import io.github.pixelwise.RgbImage;
import java.util.Objects;

/** The rows of a picture in memory. */
final class PictureRows implements ImageRows {
  private final RgbImage image;
  private int next;

  PictureRows(RgbImage image) {
    this.image = Objects.requireNonNull(image, "image");
  }

  @Override
  public int width() {
    return image.width();
  }

  @Override
  public int height() {
    return image.height();
  }

  @Override
  public void read(byte[] rgb, int offset, int rows) {
    for (int i = 0; i < rows; i++) {
      image.copyRow(next++, rgb, offset + i * 3 * image.width());
    }
  }

  @Override
  public void skip(int rows) {
    next += rows;
  }
}
