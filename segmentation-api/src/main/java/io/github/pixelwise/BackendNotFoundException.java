package io.github.pixelwise;

/** No backend on the class path can be used for what was asked. */
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
   * @param cause what led to it, for example an engine's own exception
   */
  public BackendNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
