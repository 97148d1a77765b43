package io.github.pixelwise.spi;

import io.github.pixelwise.model.ModelFormat;
import java.util.List;

/**
 * An inference engine, found by {@link java.util.ServiceLoader}: its class is public, has a public
 * constructor without parameters and is named in {@code
 * META-INF/services/io.github.pixelwise.spi.BackendProvider}, or in the {@code provides} of a
 * module.
 *
 * <p>A backend runs tensors and nothing else: images, sizes, classes and colors are the library's.
 * Constructors and static initializers do no work, so that finding a backend that is not used costs
 * nothing. Methods may be called by several threads at once. The test kit's {@code
 * BackendConformance} and {@code CardConformance} tell whether a backend keeps this contract.
 */
public interface BackendProvider {
  /**
   * Returns the name by which users choose this backend.
   *
   * @return lower case, unique, for example {@code onnx}
   */
  String name();

  /**
   * Returns the rank of this backend where several could be used and the user names none. Ours have
   * 300 (onnx), 200 (djl) and 100 (opencv-dnn). A backend for a format of its own takes 0, a
   * backend for ONNX or TorchScript a number below ours if it is an alternative that users choose
   * by name, and above them only if it should be taken wherever its jar is. Backends of the same
   * rank are taken in the order of their names.
   *
   * @return higher values are tried first; negative for what only tests should use
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
   * Tells whether this backend can be used here. May load native libraries; never throws, never
   * downloads.
   *
   * @return the answer, with a reason if it is no
   */
  Availability availability();

  /**
   * Returns what users may set of this engine alone. The library refuses names and values that are
   * not declared here before it opens a network.
   *
   * @return the settings, whose names begin with {@link #name()} and a dot; none unless overridden
   */
  default List<Setting<?>> settings() {
    return List.of();
  }

  /**
   * Opens a network.
   *
   * @param context what to open and how; also finds inputs and outputs by the card's names and
   *     makes the exceptions, so that their messages are the same on every backend
   * @return a session, to be closed by the caller
   * @throws io.github.pixelwise.ModelLoadException if the file is missing, no such network or only
   *     a part of one, lacks the input or output that the card names, has several where the card
   *     names none, or the device is not there
   */
  InferenceSession open(BackendContext context);
}
