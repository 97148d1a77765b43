package io.github.pixelwise;

import java.util.List;
import java.util.Objects;

/** The backend, engine and device that run a model, and the forms in which it sees an image. */
public final class RuntimeInfo {
  private final String backend;
  private final String version;
  private final Device device;
  private final String reason;
  private final List<String> passedOver;
  private final TestTimeAugmentation augmentation;

  private RuntimeInfo(
      String backend,
      String version,
      Device device,
      String reason,
      List<String> passedOver,
      TestTimeAugmentation augmentation) {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(augmentation, "augmentation");
    passedOver = List.copyOf(passedOver);
    this.backend = backend;
    this.version = version;
    this.device = device;
    this.reason = reason;
    this.passedOver = passedOver;
    this.augmentation = augmentation;
  }

  /**
   * Creates the information, with nothing passed over and no augmentation.
   *
   * @param backend the backend's name
   * @param version the engine and its version, for example {@code ONNX Runtime 1.28.0}
   * @param device the device in use, never {@link Device#AUTO}
   * @param reason why that device was chosen
   * @return the information
   */
  public static RuntimeInfo of(String backend, String version, Device device, String reason) {
    return new RuntimeInfo(backend, version, device, reason, List.of(), TestTimeAugmentation.NONE);
  }

  /**
   * Returns this information with the better backends and devices that could not be used.
   *
   * @param passedOver one sentence for each, without the period, that says why it could not be
   *     used; the best one first
   * @return the new information
   */
  public RuntimeInfo withPassedOver(List<String> passedOver) {
    return new RuntimeInfo(backend, version, device, reason, passedOver, augmentation);
  }

  /**
   * Returns this information with the forms in which the model sees each image.
   *
   * @param augmentation the forms
   * @return the new information
   */
  public RuntimeInfo withAugmentation(TestTimeAugmentation augmentation) {
    return new RuntimeInfo(backend, version, device, reason, passedOver, augmentation);
  }

  /** {@return the backend's name} */
  public String backend() {
    return backend;
  }

  /** {@return the engine and its version, for example {@code ONNX Runtime 1.28.0}} */
  public String version() {
    return version;
  }

  /** {@return the device in use, never {@link Device#AUTO}} */
  public Device device() {
    return device;
  }

  /** {@return why that device was chosen} */
  public String reason() {
    return reason;
  }

  /**
   * {@return one sentence, without the period, for each better backend or device that could not be
   * used, saying why, the best one first; empty if the best ones are in use or the caller chose
   * others}
   */
  public List<String> passedOver() {
    return passedOver;
  }

  /**
   * {@return the forms in which the model sees each image, as {@link SegmenterBuilder#augmentation}
   * was told}
   */
  public TestTimeAugmentation augmentation() {
    return augmentation;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RuntimeInfo that
        && backend.equals(that.backend)
        && version.equals(that.version)
        && device.equals(that.device)
        && reason.equals(that.reason)
        && passedOver.equals(that.passedOver)
        && augmentation.equals(that.augmentation);
  }

  @Override
  public int hashCode() {
    return Objects.hash(backend, version, device, reason, passedOver, augmentation);
  }

  @Override
  public String toString() {
    return "RuntimeInfo[backend=%s, version=%s, device=%s, reason=%s, passedOver=%s, augmentation=%s]"
        .formatted(backend, version, device, reason, passedOver, augmentation);
  }
}
