package io.github.pixelwise;

import java.util.List;
import java.util.Objects;

/**
 * What runs a model.
 *
 * @param backend the backend's name
 * @param version the engine and its version, for example {@code ONNX Runtime 1.28.0}
 * @param device the device really in use, never {@link Device#AUTO}
 * @param reason why that device
 * @param passedOver the better backends and devices that could not be used, the best one first: a
 *     sentence each that says why, without its period; empty if the best ones are in use or others
 *     were asked for
 */
public record RuntimeInfo(
    String backend, String version, Device device, String reason, List<String> passedOver) {
  /** Creates the information. */
  public RuntimeInfo {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(reason, "reason");
    passedOver = List.copyOf(passedOver);
  }

  /**
   * Creates the information where nothing was passed over.
   *
   * @param backend the backend's name
   * @param version the engine and its version
   * @param device the device really in use
   * @param reason why that device
   */
  public RuntimeInfo(String backend, String version, Device device, String reason) {
    this(backend, version, device, reason, List.of());
  }
}
