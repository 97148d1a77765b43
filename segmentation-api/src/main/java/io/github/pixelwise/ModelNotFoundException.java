package io.github.pixelwise;

/** No model with the requested name is on the class path. */
public final class ModelNotFoundException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public ModelNotFoundException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause the cause, for example an engine's own exception
   */
  public ModelNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
