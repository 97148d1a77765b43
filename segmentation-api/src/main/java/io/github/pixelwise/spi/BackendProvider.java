package io.github.pixelwise.spi;

import io.github.pixelwise.model.ModelFormat;
import java.util.List;

/**
 * An inference engine, found by {@link java.util.ServiceLoader}: its class is public, has a public
 * constructor without parameters and is named in {@code
 * META-INF/services/io.github.pixelwise.spi.BackendProvider}, or in the {@code provides} of a
 * module.
 *
 * <p>A backend only runs tensors; the library takes care of images, sizes, classes and colors.
 * Constructors and static initializers must do no work, so that finding an unused backend costs
 * nothing. Methods may be called by several threads at once. The test kit's {@code
 * BackendConformance} and {@code CardConformance} check this contract.
 */
public interface BackendProvider {
  /**
   * Returns the name by which users choose this backend.
   *
   * @return lower case, unique, for example {@code onnx}
   */
  String name();

  /**
   * Returns the rank of this backend, for when several can run a model and the user names none. The
   * built-in backends have 300 (onnx), 200 (djl) and 100 (opencv-dnn). A backend for its own format
   * returns 0. A backend for ONNX or TorchScript returns less than the built-in ones if users are
   * to choose it by name, and more only if it should be used whenever its jar is present. Backends
   * of the same rank are tried in the order of their names.
   *
   * @return the rank; higher values are tried first, and negative ones are for tests
   */
  int priority();

  /**
   * Returns the formats that this backend reads.
   *
   * @return the formats, the preferred one first. A format of your own is for example {@code new
   *     ModelFormat("own")}; a card names its file as {@code file.own}. Such a network is opened by
   *     its card, never by its own path
   */
  List<ModelFormat> formats();

  /**
   * Returns whether this backend can be used on this machine. May load native libraries; never
   * throws, never downloads.
   *
   * @return the answer, with a reason if it cannot be used
   */
  Availability availability();

  /**
   * Returns this engine's own settings. The library rejects names and values that are not declared
   * here before it opens a network.
   *
   * @return the settings, whose names begin with {@link #name()} and a dot; none by default
   */
  default List<Setting<?>> settings() {
    return List.of();
  }

  /**
   * Opens a network.
   *
   * @param context what to open and how; also finds inputs and outputs by the card's names and
   *     creates the exceptions, so that their messages are the same on every backend
   * @return a session, to be closed by the caller
   * @throws io.github.pixelwise.ModelLoadException if the file is missing, damaged or not a
   *     network, if the network lacks the input or output that the card names or has several and
   *     the card names none, or if the device is not available
   */
  InferenceSession open(BackendContext context);
}
