package io.github.pixelwise;

import io.github.pixelwise.internal.card.BareModel;
import io.github.pixelwise.internal.pipeline.Opening;
import io.github.pixelwise.internal.pipeline.SegmenterOptions;
import io.github.pixelwise.internal.plugin.EngineOptions;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens a {@link Segmenter}. Not safe for use by several threads. */
public final class SegmenterBuilder {
  private String name = Segmenter.DEFAULT_MODEL;
  private @Nullable Path card;
  private @Nullable ModelCard model;
  private @Nullable String backend;
  private EngineOptions options = EngineOptions.DEFAULT;
  private int batchSize = 1;
  private @Nullable Preprocessor preprocessor;
  private @Nullable Function<Preprocessor, InputPlan> plan;
  private Duration sharedWait = Duration.ZERO;
  private Parallelism parallelism = Parallelism.common();
  private final List<SegmenterListener> listeners = new ArrayList<>();
  private @Nullable ClassLoader classLoader;

  SegmenterBuilder() {}

  /**
   * Chooses a model by name.
   *
   * @param name the model's name, see {@link Catalog#modelNames()}
   * @return this builder
   */
  public SegmenterBuilder model(String name) {
    this.name = Objects.requireNonNull(name, "name");
    card = null;
    model = null;
    return this;
  }

  /**
   * Chooses a model by its card file, its folder or its network, as {@link ModelCard#read(Path)}
   * finds them. For a network without a card there is {@link #model(Path, InputSpec)}.
   *
   * @param model the {@code *.properties} file beside the model, the folder that holds one and no
   *     other, or a {@code .onnx}, {@code .pt} or {@code .torchscript} file beside its card
   * @return this builder
   */
  public SegmenterBuilder model(Path model) {
    this.card = Objects.requireNonNull(model, "model");
    this.model = null;
    return this;
  }

  /**
   * Chooses a model by its card.
   *
   * @param model the card
   * @return this builder
   */
  public SegmenterBuilder model(ModelCard model) {
    this.model = Objects.requireNonNull(model, "model");
    return this;
  }

  /**
   * Chooses a network without a card that gives logits, of two channels or more. Its classes are
   * called {@code class 0}, {@code class 1} and so on, as many as its only output has channels;
   * that output has the input's layout and lies on the input by half-pixel centers. A network of
   * one channel needs {@link #model(Path, InputSpec, OutputSpec, LabelMap)}, which tells whether
   * the sigmoid is in it.
   *
   * @param file the network, a {@code .onnx}, {@code .pt} or {@code .torchscript} file
   * @param input how an image becomes its input
   * @return this builder
   * @throws IllegalArgumentException if the file's name ends otherwise
   */
  public SegmenterBuilder model(Path file, InputSpec input) {
    return model(BareModel.of(file, input));
  }

  /**
   * Chooses a network without a card.
   *
   * @param file the network, a {@code .onnx}, {@code .pt} or {@code .torchscript} file
   * @param input how an image becomes its input
   * @param output how its output becomes a mask
   * @param labels the names of its classes
   * @return this builder
   * @throws IllegalArgumentException if the file's name ends otherwise, or output and labels
   *     contradict
   */
  public SegmenterBuilder model(Path file, InputSpec input, OutputSpec output, LabelMap labels) {
    return model(BareModel.of(file, input, output, labels));
  }

  /**
   * Chooses a backend by name. Unless called, the system property {@code pixelwise.backend} names
   * one, and unless set, the available one of the highest priority is taken.
   *
   * @param backend the backend's name, for example {@code onnx}
   * @return this builder
   */
  public SegmenterBuilder backend(String backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
    return this;
  }

  /**
   * Chooses a device, {@link Device#AUTO} unless called.
   *
   * @param device the device
   * @return this builder
   */
  public SegmenterBuilder device(Device device) {
    options = options.withDevice(device);
    return this;
  }

  /**
   * Chooses a device by name.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda:N}
   * @return this builder
   * @throws IllegalArgumentException if the name is none of these
   */
  public SegmenterBuilder device(String device) {
    return device(Device.parse(device));
  }

  /**
   * Sets the number of threads that one call may use, inside the engine and outside.
   *
   * @param threads the number, 1 to 1024; 0, the default, leaves it to the engine
   * @return this builder
   * @throws IllegalArgumentException if it lies outside 0..1024
   */
  public SegmenterBuilder threads(int threads) {
    options = options.withThreads(threads);
    return this;
  }

  /**
   * Sets what one engine alone knows; {@link io.github.pixelwise.spi.BackendProvider#settings()}
   * and {@code segment backends --settings} list the settings there are. Backends ignore the
   * settings of others, so that one backend can be exchanged for another.
   *
   * @param name the setting's name, which begins with the backend's name and a dot, for example
   *     {@code onnx.cuda.memory-limit}
   * @param value its value; replaces one set before
   * @return this builder
   * @throws IllegalArgumentException if the name does not begin so
   */
  public SegmenterBuilder setting(String name, String value) {
    options = options.withSetting(name, value);
    return this;
  }

  /**
   * Sets how many images {@link Segmenter#segmentAll(List, SegmentationOptions)} may put through
   * the network at once. More than one pays on a GPU; memory grows with it. A network made for
   * batches of one size gets batches of that size all the same, filled up where images are fewer;
   * one photograph then takes as long as a whole batch. Engines round batches differently, so that
   * pixels on the brink may change class.
   *
   * @param batchSize the number, 1 to 256; 1 unless set
   * @return this builder
   * @throws IllegalArgumentException if it lies outside 1..256
   */
  public SegmenterBuilder batchSize(int batchSize) {
    if (batchSize < 1 || batchSize > 256) {
      throw new IllegalArgumentException("the batch size must lie in 1..256, found " + batchSize);
    }
    this.batchSize = batchSize;
    return this;
  }

  /**
   * Lets calls of several threads share a run of the network (dynamic batching): a call waits a
   * while for others whose inputs have the same shape. Worth it on a GPU and in servers, where
   * single photographs come from many callers; on a CPU it only costs time. If a run fails, all
   * calls that shared it fail.
   *
   * @param images the most images of one run, 2 to 256; replaces {@link #batchSize}
   * @param wait how long the first call waits for others, above zero
   * @return this builder
   * @throws IllegalArgumentException if a number is out of range
   */
  public SegmenterBuilder sharedBatches(int images, Duration wait) {
    if (images < 2 || wait.isNegative() || wait.isZero()) {
      throw new IllegalArgumentException(
          "shared batches take 2 or more images and a wait above zero, found %d and %s"
              .formatted(images, wait));
    }
    sharedWait = wait;
    return batchSize(images);
  }

  /**
   * Replaces the standard preprocessing, or the one that the card names.
   *
   * @param preprocessor the preprocessing
   * @return this builder
   */
  public SegmenterBuilder preprocessor(Preprocessor preprocessor) {
    this.preprocessor = Objects.requireNonNull(preprocessor, "preprocessor");
    return this;
  }

  /**
   * Sets how an image becomes inputs, {@link InputPlan#single} unless called.
   *
   * <pre>{@code
   * builder.plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW))
   * }</pre>
   *
   * @param plan makes the plan from the preprocessing
   * @return this builder
   */
  public SegmenterBuilder plan(Function<Preprocessor, InputPlan> plan) {
    this.plan = Objects.requireNonNull(plan, "plan");
    return this;
  }

  /**
   * Sets the threads that prepare images and decode scores, {@link Parallelism#common()} unless
   * called. {@link #threads} bounds their number, too.
   *
   * @param parallelism the threads
   * @return this builder
   */
  public SegmenterBuilder parallelism(Parallelism parallelism) {
    this.parallelism = Objects.requireNonNull(parallelism, "parallelism");
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener is told what the segmenter does
   * @return this builder
   */
  public SegmenterBuilder listener(SegmenterListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Looks for backends and models in one class loader only.
   *
   * @param classLoader the class loader
   * @return this builder
   */
  public SegmenterBuilder classLoader(ClassLoader classLoader) {
    this.classLoader = Objects.requireNonNull(classLoader, "classLoader");
    return this;
  }

  /**
   * Opens the model. Runs it once, on as small an input as it takes, so that a card that
   * contradicts its network fails here.
   *
   * @return a segmenter, to be closed by the caller
   * @throws ModelNotFoundException if there is no model with that name
   * @throws BackendNotFoundException if no backend can run it
   * @throws ModelLoadException if the card or the model is missing or broken, or the device is not
   *     there
   * @throws IllegalArgumentException if no backend knows one of the settings, or its value is
   *     wrong; the message names the nearest setting
   */
  public Segmenter open() {
    Catalog catalog = classLoader == null ? Catalog.load() : Catalog.load(classLoader);
    ModelCard chosen = chosenModel(catalog);
    Parallelism workers =
        options.threads() == 0 ? parallelism : parallelism.atMost(options.threads());
    Preprocessor prepares =
        preprocessor == null ? catalog.preprocessor(chosen, workers) : preprocessor;
    return Opening.open(
        catalog,
        chosen,
        backend,
        options,
        new SegmenterOptions(
            plan == null ? InputPlan.single(prepares) : plan.apply(prepares),
            preprocessor == null && chosen.input().preprocessor().isEmpty(),
            batchSize,
            sharedWait,
            workers,
            listeners));
  }

  private ModelCard chosenModel(Catalog catalog) {
    if (model != null) {
      return model;
    }
    if (card != null) {
      try {
        return ModelCard.read(card);
      } catch (IOException e) {
        // Its message is in this one; what led to it is not.
        Throwable cause = e.getCause();
        String message = "cannot open a model: " + e.getMessage();
        throw cause == null
            ? new ModelLoadException(ModelLoadException.Reason.CARD_MISMATCH, message)
            : new ModelLoadException(ModelLoadException.Reason.CARD_MISMATCH, message, cause);
      }
    }
    return catalog.model(name);
  }
}
