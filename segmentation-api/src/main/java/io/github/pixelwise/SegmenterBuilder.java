package io.github.pixelwise;

import io.github.pixelwise.internal.card.BareModel;
import io.github.pixelwise.internal.pipeline.AugmentedPlan;
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
  private TestTimeAugmentation augmentation = TestTimeAugmentation.NONE;
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
   * finds them. For a network without a card, use {@link #model(Path, InputSpec)}.
   *
   * @param model the {@code *.properties} file beside the model, a folder that contains exactly
   *     one, or a {@code .onnx}, {@code .pt} or {@code .torchscript} file beside its card
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
   * Chooses a network without a card that outputs logits in two or more channels. Its classes are
   * called {@code class 0}, {@code class 1} and so on, one per channel. The network must have only
   * one output, with the layout of the input and half-pixel alignment. For a network with a single
   * channel use {@link #model(Path, InputSpec, OutputSpec, LabelMap)}, which says whether the
   * network includes the sigmoid.
   *
   * @param file the network, a {@code .onnx}, {@code .pt} or {@code .torchscript} file
   * @param input how an image becomes its input
   * @return this builder
   * @throws IllegalArgumentException if the file's name has another ending
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
   * @throws IllegalArgumentException if the file's name has another ending, or output and labels
   *     contradict each other
   */
  public SegmenterBuilder model(Path file, InputSpec input, OutputSpec output, LabelMap labels) {
    return model(BareModel.of(file, input, output, labels));
  }

  /**
   * Chooses a backend by name. By default, the system property {@code pixelwise.backend} names one;
   * if it is not set, the available backend with the highest priority is used.
   *
   * @param backend the backend's name, for example {@code onnx}
   * @return this builder
   */
  public SegmenterBuilder backend(String backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
    return this;
  }

  /**
   * Chooses a device; the default is {@link Device#AUTO}.
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
   * Sets the number of threads that one call may use, inside and outside the engine.
   *
   * @param threads the number, 1 to 1024; 0, the default, leaves it to the engine
   * @return this builder
   * @throws IllegalArgumentException if it is outside 0..1024
   */
  public SegmenterBuilder threads(int threads) {
    options = options.withThreads(threads);
    return this;
  }

  /**
   * Sets an engine-specific setting; {@link io.github.pixelwise.spi.BackendProvider#settings()} and
   * {@code segment backends --settings} list the available settings. Backends ignore each other's
   * settings, so you can switch backends without changing them.
   *
   * @param name the setting's name, which begins with the backend's name and a dot, for example
   *     {@code onnx.cuda.memory-limit}
   * @param value its value, which replaces an earlier one
   * @return this builder
   * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
   */
  public SegmenterBuilder setting(String name, String value) {
    options = options.withSetting(name, value);
    return this;
  }

  /**
   * Sets how many images {@link Segmenter#segmentAll(List, SegmentationOptions)} may put through
   * the network at once. More than one is faster on a GPU, but takes more memory. A network made
   * for one batch size always gets batches of that size, filled up if there are fewer images; a
   * single photograph then takes as long as a full batch. Engines round differently for different
   * batch sizes, so pixels whose best classes nearly tie may change class.
   *
   * @param batchSize the number, 1 to 256; the default is 1
   * @return this builder
   * @throws IllegalArgumentException if it is outside 1..256
   */
  public SegmenterBuilder batchSize(int batchSize) {
    if (batchSize < 1 || batchSize > 256) {
      throw new IllegalArgumentException("the batch size must lie in 1..256, found " + batchSize);
    }
    this.batchSize = batchSize;
    return this;
  }

  /**
   * Lets calls from several threads share one run of the network (dynamic batching): a call waits
   * briefly for others whose inputs have the same shape. This helps servers with a GPU, where many
   * callers send single photographs; on a CPU it only costs time. If a run fails, all calls that
   * shared it fail.
   *
   * @param images the maximum number of images per run, 2 to 256; replaces {@link #batchSize}
   * @param wait how long the first call waits for others, above zero
   * @return this builder
   * @throws IllegalArgumentException if a number is out of range
   */
  public SegmenterBuilder sharedBatches(int images, Duration wait) {
    if (images < 2 || wait.isNegative() || wait.isZero()) {
      throw new IllegalArgumentException(
          "shared batches need at least 2 images and a wait above zero, found %d and %s"
              .formatted(images, wait));
    }
    sharedWait = wait;
    return batchSize(images);
  }

  /**
   * Replaces the standard preprocessor, or the one that the card names.
   *
   * @param preprocessor the preprocessor
   * @return this builder
   */
  public SegmenterBuilder preprocessor(Preprocessor preprocessor) {
    this.preprocessor = Objects.requireNonNull(preprocessor, "preprocessor");
    return this;
  }

  /**
   * Sets how an image becomes inputs; the default is {@link InputPlan#single}. Replaces {@link
   * #augmentation}.
   *
   * <pre>{@code
   * builder.plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW))
   * }</pre>
   *
   * @param plan makes the plan from the preprocessor
   * @return this builder
   */
  public SegmenterBuilder plan(Function<Preprocessor, InputPlan> plan) {
    this.plan = Objects.requireNonNull(plan, "plan");
    this.augmentation = TestTimeAugmentation.NONE;
    return this;
  }

  /**
   * Averages the scores of each image in several forms; the default is {@link
   * TestTimeAugmentation#NONE}. Replaces {@link #plan}. If the augmentation has scales other than
   * 1, {@link #open} throws an {@link IllegalArgumentException} for models with a fixed input size,
   * and with a {@link #preprocessor(Preprocessor)} of your own.
   *
   * @param augmentation the forms
   * @return this builder
   */
  public SegmenterBuilder augmentation(TestTimeAugmentation augmentation) {
    this.augmentation = Objects.requireNonNull(augmentation, "augmentation");
    this.plan = null;
    return this;
  }

  /**
   * Sets the threads that prepare images and decode scores; the default is {@link
   * Parallelism#common()}. {@link #threads} limits their number, too.
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
   * @param listener is notified of what the segmenter does
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
   * Opens the model, and runs it once on a small input, so that a card that contradicts its network
   * fails here.
   *
   * @return a segmenter, to be closed by the caller
   * @throws ModelNotFoundException if there is no model with that name
   * @throws BackendNotFoundException if no backend can run it
   * @throws ModelLoadException if the card or the model is missing or broken, or the device is not
   *     available
   * @throws IllegalArgumentException if no backend knows one of the settings, or its value is
   *     wrong; the message suggests the most similar setting; or if the model cannot take the
   *     {@link #augmentation}
   */
  public Segmenter open() {
    Catalog catalog = classLoader == null ? Catalog.load() : Catalog.load(classLoader);
    ModelCard chosen = chosenModel(catalog);
    Parallelism workers =
        options.threads() == 0 ? parallelism : parallelism.atMost(options.threads());
    return Opening.open(
        catalog,
        chosen,
        backend,
        options,
        new SegmenterOptions(
            plan(catalog, chosen, workers),
            augmentation,
            preprocessor == null && chosen.input().preprocessor().isEmpty(),
            batchSize,
            sharedWait,
            workers,
            listeners));
  }

  private InputPlan plan(Catalog catalog, ModelCard chosen, Parallelism workers) {
    if (!augmentation.equals(TestTimeAugmentation.NONE)) {
      return AugmentedPlan.of(
          chosen,
          augmentation,
          preprocessor,
          input -> catalog.preprocessor(chosen.name(), input, workers));
    }
    Preprocessor prepares =
        preprocessor == null ? catalog.preprocessor(chosen, workers) : preprocessor;
    return plan == null ? InputPlan.single(prepares) : plan.apply(prepares);
  }

  private ModelCard chosenModel(Catalog catalog) {
    if (model != null) {
      return model;
    }
    if (card != null) {
      try {
        return ModelCard.read(card);
      } catch (IOException e) {
        // This message already includes that of e, so only the cause of e is kept.
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
