package io.github.pixelwise;

import java.util.Objects;

/**
 * What runs a model.
 *
 * @param backend the backend's name
 * @param version the engine and its version, for example {@code ONNX Runtime 1.28.0}
 * @param device the device really in use, never {@link Device#AUTO}
 * @param reason why that device
 */
public record RuntimeInfo(String backend, String version, Device device, String reason) {
  /** Creates the information. */
  public RuntimeInfo {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(reason, "reason");
  }
}
