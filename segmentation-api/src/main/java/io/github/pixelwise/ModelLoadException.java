package io.github.pixelwise;

import java.util.Objects;

/** A model could not be opened. The message is for people, {@link #reason} for programs. */
public final class ModelLoadException extends SegmentationException {
  private static final long serialVersionUID = 1;

  /** Why a model cannot be opened. */
  public enum Reason {
    /** Its file, or one with its weights, is not there or cannot be read. */
    FILE_MISSING,
    /** Its file is damaged, of another format, or not the one that its card has the hash of. */
    FILE_DAMAGED,
    /** Its card cannot be read, or contradicts the network. */
    CARD_MISMATCH,
    /** The device that was asked for is not there. */
    DEVICE_MISSING,
    /** There is too little memory. */
    OUT_OF_MEMORY,
    /** None of these: the message and the cause say what. */
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
   * @param cause what led to it, for example an engine's own exception
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
   * @param cause what led to it, for example an engine's own exception
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
