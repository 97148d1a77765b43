package io.github.pixelwise;

/**
 * The size of the middle that is cut out of a resized image.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 */
public record CropSize(int width, int height) {
  /**
   * Creates a size.
   *
   * @throws IllegalArgumentException if a side is below 1 or above 8192
   */
  public CropSize {
    if (width < 1 || height < 1 || width > 8192 || height > 8192) {
      throw new IllegalArgumentException(
          "the sides of a crop must lie in 1..8192, found " + width + " x " + height);
    }
  }

  /** The geometry of a resized image's middle, placed as torchvision's {@code CenterCrop} does. */
  ImageGeometry of(ImageGeometry whole) {
    return new ImageGeometry(
        whole.sourceWidth(),
        whole.sourceHeight(),
        width,
        height,
        whole.contentLeft() + start(whole.inputWidth(), width),
        whole.contentTop() + start(whole.inputHeight(), height),
        whole.contentWidth(),
        whole.contentHeight());
  }

  /** Where a side begins in the crop: padded halves are rounded down, cropped ones to even. */
  private static int start(int side, int crop) {
    return crop > side ? (crop - side) / 2 : -(int) Math.rint((side - crop) / 2.0);
  }
}
