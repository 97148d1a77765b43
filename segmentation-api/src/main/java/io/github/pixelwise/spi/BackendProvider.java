package io.github.pixelwise.spi;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import java.nio.file.Path;
import java.util.List;

/**
 * An inference engine, found by {@link java.util.ServiceLoader}.
 *
 * <p>A backend runs tensors and nothing else: images, sizes, classes and colours are the library's.
 * Constructors and static initialisers do no work, so that finding a backend that is not used costs
 * nothing. Methods may be called by several threads at once. The test kit's {@code
 * BackendConformance} tells whether a backend keeps this contract.
 */
public interface BackendProvider {
  /**
   * Returns the name by which users choose this backend.
   *
   * @return lower case, unique, for example {@code onnx}
   */
  String name();

  /**
   * Returns the rank of this backend where several could be used.
   *
   * @return the higher, the earlier
   */
  int priority();

  /**
   * Returns the formats that this backend reads.
   *
   * @return the formats, the preferred one first
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
   * Opens a network.
   *
   * @param model the model's card; an empty name of an input or output asks for the network's only
   *     one
   * @param format one of {@link #formats()}
   * @param file the network in that format, already checked against the card's hash
   * @param options how to run it
   * @return a session, to be closed by the caller
   * @throws io.github.pixelwise.ModelLoadException if the file is no such network, lacks the input
   *     or output that the card names, has several where the card names none, or the device is not
   *     there
   * @throws IllegalArgumentException if a setting of this backend is unknown, or its value is
   *     wrong; the message lists what there is
   */
  InferenceSession open(ModelCard model, ModelFormat format, Path file, SessionOptions options);
}
