package io.github.pixelwise;

/**
 * Where a source image lies in a network's input: resized to {@code contentWidth x contentHeight}
 * and placed with its top left corner at {@code contentLeft, contentTop}.
 *
 * <p>Pixel centres lie at half coordinates: source pixel x maps to {@code (x + 0.5) * contentWidth
 * / sourceWidth - 0.5 + contentLeft} in the input. Content that reaches beyond the input has been
 * cropped; input outside the content is padding.
 *
 * @param sourceWidth the source's width in pixels
 * @param sourceHeight the source's height in pixels
 * @param inputWidth the input tensor's width
 * @param inputHeight the input tensor's height
 * @param contentLeft the column of the input where the content begins, negative if cropped
 * @param contentTop the row of the input where the content begins, negative if cropped
 * @param contentWidth the width to which the source was resized
 * @param contentHeight the height to which the source was resized
 */
public record ImageGeometry(
    int sourceWidth,
    int sourceHeight,
    int inputWidth,
    int inputHeight,
    int contentLeft,
    int contentTop,
    int contentWidth,
    int contentHeight) {

  /**
   * Creates a geometry.
   *
   * @throws IllegalArgumentException if a width or height is below 1
   */
  public ImageGeometry {
    if (Math.min(sourceWidth, sourceHeight) < 1
        || Math.min(inputWidth, inputHeight) < 1
        || Math.min(contentWidth, contentHeight) < 1) {
      throw new IllegalArgumentException(
          "sides must be at least 1, found source %d x %d, input %d x %d, content %d x %d"
              .formatted(
                  sourceWidth, sourceHeight, inputWidth, inputHeight, contentWidth, contentHeight));
    }
  }

  /**
   * The geometry of an image that is stretched over the whole input.
   *
   * @param sourceWidth the source's width in pixels
   * @param sourceHeight the source's height in pixels
   * @param inputWidth the input tensor's width
   * @param inputHeight the input tensor's height
   * @return the geometry
   */
  public static ImageGeometry stretched(
      int sourceWidth, int sourceHeight, int inputWidth, int inputHeight) {
    return new ImageGeometry(
        sourceWidth, sourceHeight, inputWidth, inputHeight, 0, 0, inputWidth, inputHeight);
  }
}
