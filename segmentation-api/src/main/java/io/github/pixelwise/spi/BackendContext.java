package io.github.pixelwise.spi;

import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.internal.pipeline.Probe;
import io.github.pixelwise.internal.plugin.EngineOptions;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a backend needs to open a network: the model, the file and the user's options, and methods
 * that find the card's input and output in a network and create exceptions. Immutable.
 *
 * <p>The library creates contexts; a backend's tests create them with {@link #builder}.
 */
public final class BackendContext {
  private final String backend;
  private final ModelCard model;
  private final ModelFormat format;
  private final Path file;
  private final EngineOptions options;

  private BackendContext(
      String backend, ModelCard model, ModelFormat format, Path file, EngineOptions options) {
    this.backend = backend;
    this.model = model;
    this.format = format;
    this.file = file;
    this.options = options;
  }

  /**
   * Starts a context.
   *
   * @param backend the backend that will open the network
   * @param model the model's card
   * @param format one of the backend's formats
   * @param file the network in that format
   * @return a builder, set to the best device and the engine's default number of threads
   */
  public static Builder builder(
      BackendProvider backend, ModelCard model, ModelFormat format, Path file) {
    return new Builder(backend, model, format, file);
  }

  /** {@return the backend's name} */
  public String backend() {
    return backend;
  }

  /** {@return the model's card; an input or output with an empty name stands for the only one} */
  public ModelCard model() {
    return model;
  }

  /** {@return the file's format, one of {@link BackendProvider#formats()}} */
  public ModelFormat format() {
    return format;
  }

  /** {@return the network, already checked against the card's hash} */
  public Path file() {
    return file;
  }

  /** {@return the requested device; {@link Device#AUTO} stands for the best available one} */
  public Device device() {
    return options.device();
  }

  /** {@return the threads one run may use on the CPU, 1 to 1024; 0 leaves it to the engine} */
  public int threads() {
    return options.threads();
  }

  /**
   * Returns the value of a setting.
   *
   * @param <T> the type of its values
   * @param setting one of {@link BackendProvider#settings()}
   * @return what the user set, else the default; empty if there is neither
   */
  public <T> Optional<T> setting(Setting<T> setting) {
    return Optional.ofNullable(options.settings().get(setting.name()))
        .or(setting::defaultValue)
        .map(setting::parse);
  }

  /**
   * Finds the card's input in a network.
   *
   * @param inputs the network's inputs
   * @param types the element types that the session can convert floats to
   * @return the only input, which is the one that the card names
   * @throws ModelLoadException if there are several inputs, the card names another one, or the
   *     input is not a tensor of one of these types; an unknown type is accepted
   */
  public TensorInfo input(List<TensorInfo> inputs, Set<ElementType> types) {
    return new TensorSearch(this).input(inputs, types);
  }

  /**
   * Finds the card's output in a network.
   *
   * @param outputs the network's outputs
   * @return the output that the card names, or the only one if it names none
   * @throws ModelLoadException if there is no such output, there are several and the card names
   *     none, or the output is not a tensor of numbers
   */
  public TensorInfo output(List<TensorInfo> outputs) {
    return new TensorSearch(this).output(outputs);
  }

  /**
   * Returns the shape of the first input that the library runs, to check a model when it is opened:
   * as small as the card's size rule allows. A backend that must compile a network for a shape, or
   * run it to learn its outputs, opens it with this shape, filled with zeros. A user's own {@link
   * io.github.pixelwise.Preprocessor} may make inputs of other shapes.
   *
   * @param input the network's input, whose batch may be fixed
   * @return the sides in the card's layout
   */
  public int[] trialShape(TensorInfo input) {
    return Probe.shape(model.input(), input.fixedBatch().orElse(1));
  }

  /**
   * Checks that an input fits the network. The library calls this before each run.
   *
   * @param input the network's input
   * @param images the tensor to run
   * @throws InferenceException if the sides differ; the message says what to correct
   */
  public void requireFits(TensorInfo input, FloatTensor images) {
    if (!input.fits(images.shape())) {
      throw new InferenceException(
          ("model %s: the input \"%s\" of its network is %s, and backend %s was given %s. Correct"
                  + " the input's size or layout (input.size, input.layout on a card), or export the"
                  + " network with dynamic axes. It must take images with three channels; if it "
                  + "takes a single one, add a layer that converts RGB to gray.")
              .formatted(model.name(), input.name(), input, backend, images));
    }
  }

  /**
   * Checks that the CPU was requested, or no particular device. For backends that run only on the
   * CPU.
   *
   * @throws ModelLoadException if another device was requested
   */
  public void requireCpu() {
    if (!device().isAuto() && !device().equals(Device.CPU)) {
      throw deviceError("runs on the CPU. Choose cpu or auto.");
    }
  }

  /**
   * Creates an exception for a device that is not available.
   *
   * @param found what the backend finds and what to do, as the end of a sentence that begins with
   *     the backend: {@code finds no driver. Choose cpu or auto.}
   * @return the exception, for the caller to throw
   */
  public ModelLoadException deviceError(String found) {
    return new ModelLoadException(
        ModelLoadException.Reason.DEVICE_MISSING,
        "model %s: device %s is not available: backend %s %s"
            .formatted(model.name(), device(), backend, found));
  }

  /**
   * Creates an exception for a file that cannot be opened. Its {@link ModelLoadException#reason} is
   * {@code FILE_MISSING} if the file cannot be read, else {@code FILE_DAMAGED}.
   *
   * @param reason what is wrong with it, and what to do, as sentences that follow {@code cannot
   *     open FILE:}, for example {@code it ends in the middle of the weights. Copy it again.}
   * @return the exception, for the caller to throw
   */
  public ModelLoadException openError(String reason) {
    return new ModelLoadException(
        fileProblem(), sentence("cannot open %s: %s".formatted(file, reason)));
  }

  /**
   * Creates an exception for a file that cannot be opened. Its {@link ModelLoadException#reason} is
   * {@code OUT_OF_MEMORY} if the cause is a lack of memory, such as an {@link OutOfMemoryError},
   * {@code FILE_MISSING} if the file cannot be read, else {@code FILE_DAMAGED}.
   *
   * @param reason what is wrong with it, and what to do, as sentences that follow {@code cannot
   *     open FILE:}, for example {@code it ends in the middle of the weights. Copy it again.}
   * @param cause the engine's error
   * @return the exception, for the caller to throw
   */
  public ModelLoadException openError(String reason, Throwable cause) {
    return new ModelLoadException(
        MemoryShortage.isIn(cause) ? ModelLoadException.Reason.OUT_OF_MEMORY : fileProblem(),
        sentence("cannot open %s: %s".formatted(file, reason)),
        cause);
  }

  /**
   * Creates an exception for a model that cannot be used for another reason. Its {@link
   * ModelLoadException#reason} is {@code OTHER}.
   *
   * @param reason what is wrong and what to do, as the end of a sentence that begins with the
   *     backend: {@code needs weights in one file, found two. Export it again.}
   * @return the exception, for the caller to throw
   */
  public ModelLoadException loadError(String reason) {
    return new ModelLoadException(sentence(reason));
  }

  /**
   * Creates an exception for a model that cannot be used for another reason. Its {@link
   * ModelLoadException#reason} is {@code OTHER}.
   *
   * @param reason what is wrong and what to do, as the end of a sentence that begins with the
   *     backend: {@code needs weights in one file, found two. Export it again.}
   * @param cause the engine's error
   * @return the exception, for the caller to throw
   */
  public ModelLoadException loadError(String reason, Throwable cause) {
    return new ModelLoadException(sentence(reason), cause);
  }

  /**
   * Creates an exception for a run that failed.
   *
   * @param images what the network was given
   * @param reason what went wrong, and what to do if anything can be done, as sentences that follow
   *     {@code failed on an input of SHAPE:}
   * @param cause the engine's error; where the backend itself finds the fault, the exception with
   *     which it does
   * @return the exception, for the caller to throw
   */
  public InferenceException runError(FloatTensor images, String reason, Throwable cause) {
    return new InferenceException(
        sentence("failed on an input of %s: %s".formatted(images, reason)), cause);
  }

  private ModelLoadException.Reason fileProblem() {
    return Files.isReadable(file)
        ? ModelLoadException.Reason.FILE_DAMAGED
        : ModelLoadException.Reason.FILE_MISSING;
  }

  /** Creates an exception for a network that lacks what the card names. */
  ModelLoadException mismatch(String reason) {
    return new ModelLoadException(ModelLoadException.Reason.CARD_MISMATCH, sentence(reason));
  }

  private String sentence(String reason) {
    return "model %s: backend %s %s".formatted(model.name(), backend, reason);
  }

  /**
   * Returns this context with another device.
   *
   * @param device the device
   * @return the new context
   */
  public BackendContext withDevice(Device device) {
    return new BackendContext(backend, model, format, file, options.withDevice(device));
  }

  /** Returns the model, the backend and the file. */
  @Override
  public String toString() {
    return "model %s on backend %s from %s".formatted(model.name(), backend, file);
  }

  /** Builds a {@link BackendContext}. Not safe for use by several threads. */
  public static final class Builder {
    private final BackendProvider backend;
    private final ModelCard model;
    private final ModelFormat format;
    private final Path file;
    private EngineOptions options = EngineOptions.DEFAULT;

    private Builder(BackendProvider backend, ModelCard model, ModelFormat format, Path file) {
      this.backend = Objects.requireNonNull(backend, "backend");
      this.model = Objects.requireNonNull(model, "model");
      this.format = Objects.requireNonNull(format, "format");
      this.file = Objects.requireNonNull(file, "file");
    }

    /**
     * Chooses a device.
     *
     * @param device the device
     * @return this builder
     */
    public Builder device(Device device) {
      options = options.withDevice(device);
      return this;
    }

    /**
     * Sets the number of threads one run may use on the CPU.
     *
     * @param threads the number, 1 to 1024; 0 leaves it to the engine
     * @return this builder
     * @throws IllegalArgumentException if it is outside 0..1024
     */
    public Builder threads(int threads) {
      options = options.withThreads(threads);
      return this;
    }

    /**
     * Sets an engine-specific setting.
     *
     * @param name the setting's name, which begins with a backend's name and a dot
     * @param value its value, as a user would write it
     * @return this builder
     * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
     */
    public Builder setting(String name, String value) {
      options = options.withSetting(name, value);
      return this;
    }

    /**
     * Builds the context.
     *
     * @return the context
     * @throws IllegalArgumentException if a setting that begins with the backend's name is not one
     *     that it declares, or its value is wrong; settings of other backends are ignored
     */
    public BackendContext build() {
      String name = backend.name();
      options
          .settings()
          .forEach(
              (setting, value) -> {
                if (setting.startsWith(name + ".")) {
                  EngineOptions.requireKnown(setting, value, name, backend.settings());
                }
              });
      return new BackendContext(name, model, format, file, options);
    }
  }
}
