package io.github.pixelwise;

import java.util.Objects;

/** A model could not be opened. The message is for people; {@link #reason} is for programs. */
public final class ModelLoadException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /** Why a model cannot be opened. */
  public enum Reason {
    /** The model's file, or one with its weights, is missing or cannot be read. */
    FILE_MISSING,
    /** The model's file is damaged, has another format, or does not match the hash on its card. */
    FILE_DAMAGED,
    /** The model's card cannot be read, or contradicts the network. */
    CARD_MISMATCH,
    /** The requested device is not available. */
    DEVICE_MISSING,
    /** There is not enough memory. */
    OUT_OF_MEMORY,
    /** Anything else: see the message and the cause. */
    OTHER
  }

  /** Why the model cannot be opened. */
  private final Reason reason;

  /**
   * Creates an exception for {@link Reason#OTHER}.
   *
   * @param message what was asked, what was found, what to do
   */
  public ModelLoadException(String message) {
    this(Reason.OTHER, message);
  }

  /**
   * Creates an exception for {@link Reason#OTHER}.
   *
   * @param message what was asked, what was found, what to do
   * @param cause the cause, for example an engine's own exception
   */
  public ModelLoadException(String message, Throwable cause) {
    this(Reason.OTHER, message, cause);
  }

  /**
   * Creates an exception.
   *
   * @param reason why the model cannot be opened
   * @param message what was asked, what was found, what to do
   */
  public ModelLoadException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Creates an exception.
   *
   * @param reason why the model cannot be opened
   * @param message what was asked, what was found, what to do
   * @param cause the cause, for example an engine's own exception
   */
  public ModelLoadException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** {@return why the model cannot be opened} */
  public Reason reason() {
    return reason;
  }
}
