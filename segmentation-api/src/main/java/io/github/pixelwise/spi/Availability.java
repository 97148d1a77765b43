package io.github.pixelwise.spi;

import java.util.Objects;

/**
 * Whether a backend can be used on this machine.
 *
 * @param available whether it can be used
 * @param version the engine and its version, for example {@code ONNX Runtime 1.28.0}; may be empty
 *     if the engine did not start
 * @param devices the devices that can be used, for example {@code cpu}; empty if there are none
 * @param reason why it cannot be used, or notes about devices; may be empty
 */
public record Availability(boolean available, String version, String devices, String reason) {
  /**
   * Creates an answer.
   *
   * @param available whether it can be used
   * @param version the engine and its version, for example {@code ONNX Runtime 1.28.0}; may be
   *     empty if the engine did not start
   * @param devices the devices that can be used, for example {@code cpu}; empty if there are none
   * @param reason why it cannot be used, or notes about devices; may be empty
   */
  public Availability {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(devices, "devices");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * Creates the answer of a backend that can be used.
   *
   * @param version the engine and its version
   * @param devices the devices that can be used, separated by commas
   * @return the answer
   */
  public static Availability of(String version, String devices) {
    return new Availability(true, version, devices, "");
  }

  /**
   * Creates the answer of a backend that cannot be used.
   *
   * @param reason why not, and what to do about it
   * @return the answer
   */
  public static Availability unavailable(String reason) {
    return new Availability(false, "", "", reason);
  }
}
