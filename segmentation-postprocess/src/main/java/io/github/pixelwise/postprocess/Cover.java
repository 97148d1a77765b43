package io.github.pixelwise.postprocess;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.Interpolation;

/** Makes a picture cover an area, cutting off what sticks out. */
final class Cover {
  private Cover() {}

  /**
   * Scales the largest part about a picture's center that has the area's proportions. (To scale
   * first and cut afterwards would be the same, but for pictures that are much longer in one way
   * and shorter in the other it could need any amount of memory.)
   */
  static RgbImage fit(RgbImage image, int width, int height) {
    if (image.width() == width && image.height() == height) {
      return image;
    }
    int cropWidth = side(image.width(), image.height(), width, height);
    int cropHeight = side(image.height(), image.width(), height, width);
    return Resampler.resize(
        crop(image, cropWidth, cropHeight), width, height, Interpolation.BILINEAR);
  }

  /** What the other side leaves of a side if both are to be as {@code wanted : otherWanted}. */
  private static int side(int side, int other, int wanted, int otherWanted) {
    double proportional = (double) other * wanted / otherWanted;
    return (int) Math.max(1, Math.min(side, Math.rint(proportional)));
  }

  private static RgbImage crop(RgbImage image, int width, int height) {
    int left = (image.width() - width) / 2;
    int top = (image.height() - height) / 2;
    byte[] row = new byte[image.width() * 3];
    byte[] rgb = new byte[Sizes.samples(width, height, 3)];
    for (int y = 0; y < height; y++) {
      image.copyRow(top + y, row, 0);
      System.arraycopy(row, left * 3, rgb, y * width * 3, width * 3);
    }
    return RgbImage.of(width, height, rgb);
  }
}
