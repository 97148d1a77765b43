package io.github.pixelwise;

/** The base class of this library's exceptions, other than argument, state and I/O errors. */
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
   * @param cause the cause, for example an engine's own exception
   */
  public SegmentationException(String message, Throwable cause) {
    super(message, cause);
  }
}
