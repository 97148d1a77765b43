package io.github.pixelwise;

/** No model of that name is on the class path. */
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
   * @param cause what led to it, for example an engine's own exception
   */
  public ModelNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
