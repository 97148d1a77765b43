package io.github.pixelwise.imaging;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A picture that {@link Images} cannot read. The message is for people: which picture, what was
 * found, what to do. {@link #reason} and {@link #format} are for programs.
 */
public final class UnreadablePictureException extends IOException {
  private static final long serialVersionUID = 1;

  /** Why a picture cannot be read. */
  public enum Reason {
    /** There is no such file, or it is a folder. */
    MISSING,
    /** The file is there, but cannot be opened. */
    INACCESSIBLE,
    /** The file has no bytes. */
    EMPTY,
    /** It is not a picture, or no plug-in on the class path reads its format or kind. */
    UNSUPPORTED,
    /** It has more pixels than the caller allows, or than fit into the heap. */
    TOO_LARGE,
    /** It is truncated or damaged. */
    DAMAGED
  }

  /** Why. */
  private final Reason reason;

  /** The format, if it is known. */
  private final @Nullable String format;

  UnreadablePictureException(
      String message, Reason reason, @Nullable String format, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.format = format;
  }

  /**
   * Creates an exception without a cause.
   *
   * @param message which picture, what was found, what to do
   * @param reason the reason
   * @param format the usual name of the format
   */
  public UnreadablePictureException(String message, Reason reason, String format) {
    super(message);
    this.reason = reason;
    this.format = format;
  }

  /**
   * Returns why the picture cannot be read.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns the format of the file, as recognized by its first bytes.
   *
   * @return the format's usual name, such as "JPEG" or "HEIC"; empty if unknown
   */
  public Optional<String> format() {
    return Optional.ofNullable(format);
  }
}
