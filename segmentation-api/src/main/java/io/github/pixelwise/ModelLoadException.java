package io.github.pixelwise;

/**
 * A model could not be opened: its card or file is missing, corrupt or not what its card says, or
 * the device is not there.
 */
public final class ModelLoadException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public ModelLoadException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause what led to it, for example an engine's own exception
   */
  public ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
