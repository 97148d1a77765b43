package io.github.pixelwise.model;

import java.util.Objects;

/**
 * Where a source image lies in a network's input: resized to {@code contentWidth x contentHeight}
 * and placed with its top left corner at {@code contentLeft, contentTop}.
 *
 * <p>Pixel centers lie at half coordinates: source pixel x maps to {@code (x + 0.5) * contentWidth
 * / sourceWidth - 0.5 + contentLeft} in the input. Content that reaches beyond the input has been
 * cropped; input outside the content is padding.
 */
public final class ImageGeometry {

  private final int sourceWidth;
  private final int sourceHeight;
  private final int inputWidth;
  private final int inputHeight;
  private final int contentLeft;
  private final int contentTop;
  private final int contentWidth;
  private final int contentHeight;

  private ImageGeometry(
      int sourceWidth,
      int sourceHeight,
      int inputWidth,
      int inputHeight,
      int contentLeft,
      int contentTop,
      int contentWidth,
      int contentHeight) {
    if (Math.min(sourceWidth, sourceHeight) < 1
        || Math.min(inputWidth, inputHeight) < 1
        || Math.min(contentWidth, contentHeight) < 1) {
      throw new IllegalArgumentException(
          "sides must be at least 1, found source %d x %d, input %d x %d, content %d x %d"
              .formatted(
                  sourceWidth, sourceHeight, inputWidth, inputHeight, contentWidth, contentHeight));
    }
    this.sourceWidth = sourceWidth;
    this.sourceHeight = sourceHeight;
    this.inputWidth = inputWidth;
    this.inputHeight = inputHeight;
    this.contentLeft = contentLeft;
    this.contentTop = contentTop;
    this.contentWidth = contentWidth;
    this.contentHeight = contentHeight;
  }

  /**
   * Creates the geometry of an image that is stretched over the whole input.
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

  /**
   * Returns this geometry with the source elsewhere in the input.
   *
   * @param left the column of the input where the content begins, negative if cropped
   * @param top the row of the input where the content begins, negative if cropped
   * @param width the width to which the source is resized
   * @param height the height to which the source is resized
   * @return the new geometry
   * @throws IllegalArgumentException if a side is below 1
   */
  public ImageGeometry withContent(int left, int top, int width, int height) {
    return new ImageGeometry(
        sourceWidth, sourceHeight, inputWidth, inputHeight, left, top, width, height);
  }

  /** {@return the geometry of an image that is exactly the network's input} */
  public ImageGeometry ofInput() {
    return stretched(inputWidth, inputHeight, inputWidth, inputHeight);
  }

  /** {@return the source's width in pixels} */
  public int sourceWidth() {
    return sourceWidth;
  }

  /** {@return the source's height in pixels} */
  public int sourceHeight() {
    return sourceHeight;
  }

  /** {@return the input tensor's width} */
  public int inputWidth() {
    return inputWidth;
  }

  /** {@return the input tensor's height} */
  public int inputHeight() {
    return inputHeight;
  }

  /** {@return the column of the input where the content begins, negative if cropped} */
  public int contentLeft() {
    return contentLeft;
  }

  /** {@return the row of the input where the content begins, negative if cropped} */
  public int contentTop() {
    return contentTop;
  }

  /** {@return the width to which the source was resized} */
  public int contentWidth() {
    return contentWidth;
  }

  /** {@return the height to which the source was resized} */
  public int contentHeight() {
    return contentHeight;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageGeometry that
        && sourceWidth == that.sourceWidth
        && sourceHeight == that.sourceHeight
        && inputWidth == that.inputWidth
        && inputHeight == that.inputHeight
        && contentLeft == that.contentLeft
        && contentTop == that.contentTop
        && contentWidth == that.contentWidth
        && contentHeight == that.contentHeight;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        sourceWidth,
        sourceHeight,
        inputWidth,
        inputHeight,
        contentLeft,
        contentTop,
        contentWidth,
        contentHeight);
  }

  @Override
  public String toString() {
    return "ImageGeometry[sourceWidth=%s, sourceHeight=%s, inputWidth=%s, inputHeight=%s, contentLeft=%s, contentTop=%s, contentWidth=%s, contentHeight=%s]"
        .formatted(
            sourceWidth,
            sourceHeight,
            inputWidth,
            inputHeight,
            contentLeft,
            contentTop,
            contentWidth,
            contentHeight);
  }
}
