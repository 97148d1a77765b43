package io.github.pixelwise;

/** No backend on the class path can run the model as requested. */
public final class BackendNotFoundException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public BackendNotFoundException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause the cause, for example an engine's own exception
   */
  public BackendNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
