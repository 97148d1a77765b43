package io.github.pixelwise;

/** The root of what this library throws besides argument, state and I/O errors. */
public class SegmentationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public SegmentationException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause what led to it, for example an engine's own exception
   */
  public SegmentationException(String message, Throwable cause) {
    super(message, cause);
  }
}
