package io.github.pixelwise.model;

/**
 * A file format for networks.
 *
 * @param name the format's name in model cards, lower case
 */
public record ModelFormat(String name) {
  /** ONNX. */
  public static final ModelFormat ONNX = new ModelFormat("onnx");

  /** PyTorch's TorchScript. */
  public static final ModelFormat TORCHSCRIPT = new ModelFormat("torchscript");

  /**
   * Creates a format.
   *
   * @param name the format's name in model cards, lower case
   * @throws IllegalArgumentException if the name is not made of lower-case letters, digits and
   *     hyphens
   */
  public ModelFormat {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "a format's name is made of a-z, 0-9 and hyphens, found \"" + name + "\"");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
