package io.github.pixelwise.quantization;

import io.github.pixelwise.SegmentationException;

/** A model cannot be quantized, not with these photos, or not without losing too much. */
public final class QuantizationException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public QuantizationException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause the cause, for example an engine's own exception
   */
  public QuantizationException(String message, Throwable cause) {
    super(message, cause);
  }
}
