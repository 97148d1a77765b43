package io.github.pixelwise;

/** The engine failed while running a network. */
public final class InferenceException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public InferenceException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause the cause, for example an engine's own exception
   */
  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
