package io.github.pixelwise;

/** Two models or two backends on the class path have the requested name. */
public final class AmbiguousNameException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public AmbiguousNameException(String message) {
    super(message);
  }
}
