package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.OutputSize;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.Timings;
import io.github.pixelwise.internal.card.BareModel;
import io.github.pixelwise.internal.decode.Decision;
import io.github.pixelwise.internal.decode.Decoder;
import io.github.pixelwise.internal.decode.OutputAdvice;
import io.github.pixelwise.internal.decode.OutputShape;
import io.github.pixelwise.internal.decode.Scores;
import io.github.pixelwise.internal.file.ModelFiles;
import io.github.pixelwise.internal.plugin.BackendSelection;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.internal.plugin.PassedOver;
import io.github.pixelwise.internal.plugin.SlowStep;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The segmenter of every backend: pre-processing, a session's run, decoding.
 *
 * <p>Calls hold the read lock and closing takes the write lock, so that a session is never closed
 * while it runs: ONNX Runtime, for one, would crash the JVM (microsoft/onnxruntime#21812).
 */
public final class PipelineSegmenter implements Segmenter {
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  private final ModelCard model;
  private final Preprocessor preprocessor;

  /** Owned; closed by {@link #close}. */
  private final InferenceSession session;

  /** How many images one run may take. */
  private final int batchSize;

  /** Whether it must be as many. */
  private final boolean fixedBatch;

  private final RuntimeInfo runtime;
  private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  private PipelineSegmenter(
      ModelCard model,
      Preprocessor preprocessor,
      InferenceSession session,
      RuntimeInfo runtime,
      int batchSize) {
    this.model = model;
    this.preprocessor = preprocessor;
    this.session = session;
    this.fixedBatch = session.fixedBatch();
    this.batchSize = fixedBatch ? session.maxBatch() : Math.min(batchSize, session.maxBatch());
    this.runtime = runtime;
  }

  /**
   * Opens a model on the backend chosen for it, and runs it once, so that a card that contradicts
   * its network fails now and not at the first image.
   *
   * @throws ModelLoadException if the model cannot be opened or fails that run
   */
  public static Segmenter open(
      Catalog catalog,
      ModelCard model,
      @Nullable String backendName,
      SessionOptions options,
      int batchSize,
      Preprocessor preprocessor) {
    BackendSelection chosen = BackendSelection.choose(catalog, model, backendName);
    catalog.problems().forEach(PipelineSegmenter::warn);
    chosen.passedOver().forEach(PipelineSegmenter::warn);
    Path file = ModelFiles.resolve(model, chosen.file());
    Function<SessionOptions, InferenceSession> engine =
        wanted ->
            SlowStep.watch(
                "backend %s is still opening %s after five seconds"
                    .formatted(chosen.backend().name(), file),
                () -> open(chosen, model, file, wanted));
    InferenceSession session = engine.apply(options);
    RuntimeInfo runtime = runtime(session, chosen, model);
    try {
      return tried(model, preprocessor, session, runtime, batchSize);
    } catch (InferenceException e) {
      if (!options.device().isAuto() || runtime.device().equals(Device.CPU)) {
        throw failure(runtime.backend(), model, e);
      }
      // A GPU that opens the network may still lack the memory to run it.
      InferenceSession onCpu =
          engine.apply(new SessionOptions(Device.CPU, options.threads(), options.settings()));
      String gpu =
          PassedOver.sentence(
              "device " + runtime.device(), Device.CPU, String.valueOf(e.getMessage()));
      warn(gpu);
      List<String> passedOver = new ArrayList<>(runtime.passedOver());
      passedOver.add(gpu);
      RuntimeInfo cpu =
          RuntimeInfo.of(
                  runtime.backend(),
                  runtime.version(),
                  Device.CPU,
                  "%s failed: %s".formatted(runtime.device(), e.getMessage()))
              .withPassedOver(passedOver);
      try {
        return tried(model, preprocessor, onCpu, cpu, batchSize);
      } catch (RuntimeException again) {
        throw failure(cpu.backend(), model, again);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      throw failure(runtime.backend(), model, e);
    }
  }

  private static InferenceSession open(
      BackendSelection chosen, ModelCard model, Path file, SessionOptions options) {
    try {
      return chosen.backend().open(model, chosen.file().format(), file, options);
    } catch (ModelLoadException e) {
      throw ModelFiles.explained(model, chosen.file(), file, e);
    }
  }

  /** A result may come from elsewhere, or later, than the user thinks. */
  private static void warn(String message) {
    LOGGER.log(System.Logger.Level.WARNING, message);
  }

  /** A segmenter that has run once; the session is closed if it fails. */
  private static Segmenter tried(
      ModelCard model,
      Preprocessor preprocessor,
      InferenceSession session,
      RuntimeInfo runtime,
      int batchSize) {
    try {
      if (preprocessor instanceof StandardPreprocessor) {
        InputRange.require(session.inputType(), model.input());
      }
      ModelCard known = BareModel.isBare(model) ? completed(model, preprocessor, session) : model;
      Segmenter segmenter = new PipelineSegmenter(known, preprocessor, session, runtime, batchSize);
      segmenter.segment(probe(model.input().size()));
      return segmenter;
    } catch (RuntimeException | Error e) {
      closeAfter(e, session);
      throw e;
    }
  }

  /** What a session says, after the backends that were passed over for it; closed if it fails. */
  private static RuntimeInfo runtime(
      InferenceSession session, BackendSelection chosen, ModelCard model) {
    RuntimeInfo runtime;
    try {
      runtime = session.runtime();
    } catch (RuntimeException e) {
      closeAfter(e, session);
      throw failure(chosen.backend().name(), model, e);
    } catch (Error e) {
      closeAfter(e, session);
      throw e;
    }
    runtime.passedOver().forEach(PipelineSegmenter::warn);
    return RuntimeInfo.of(runtime.backend(), runtime.version(), runtime.device(), runtime.reason())
        .withPassedOver(
            Stream.concat(chosen.passedOver().stream(), runtime.passedOver().stream()).toList());
  }

  /** Says once what went wrong: its cause is no exception whose message it holds. */
  private static ModelLoadException failure(String backend, ModelCard model, Throwable e) {
    String context = context(model, backend);
    String reason = Reason.firstLine(e);
    String message =
        "model %s failed its first run on backend %s: %s%s"
            .formatted(
                model.name(),
                backend,
                reason.startsWith(context) ? reason.substring(context.length()) : reason,
                MemoryShortage.isIn(e) ? ". " + MemoryShortage.advice(e) + "." : "");
    Throwable cause = e instanceof InferenceException ? e.getCause() : e;
    return cause == null ? new ModelLoadException(message) : new ModelLoadException(message, cause);
  }

  private static String context(ModelCard model, String backend) {
    return "model %s on backend %s: ".formatted(model.name(), backend);
  }

  private String context() {
    return context(model, runtime.backend());
  }

  /** Large enough that a stride shows. */
  private static ModelCard completed(
      ModelCard bare, Preprocessor preprocessor, InferenceSession session) {
    ModelInput input = preprocessor.prepare(RgbImage.of(256, 192, new byte[256 * 192 * 3]));
    int images = session.fixedBatch() ? session.maxBatch() : 1;
    FloatTensor output = session.run(Batches.tensor(List.of(input.tensor()), images));
    try {
      return BareModel.completed(bare, output, input.geometry());
    } catch (IllegalArgumentException e) {
      throw new InferenceException(Reason.firstLine(e));
    }
  }

  private static void closeAfter(Throwable failure, InferenceSession session) {
    try {
      session.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * An image whose proportions make for a small input: 4 to 1 where the long edge is given, else a
   * square. Narrower strips could be too small for networks that pool.
   */
  private static RgbImage probe(SizeRule size) {
    int width = size.kind() == SizeRule.Kind.LONG_EDGE ? 4 : 1;
    return RgbImage.of(width, 1, new byte[width * 3]);
  }

  @Override
  public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
    Objects.requireNonNull(image, "image");
    return segmentAll(List.of(image), options).get(0);
  }

  @Override
  public List<SegmentationResult> segmentAll(List<RgbImage> images, SegmentationOptions options) {
    Objects.requireNonNull(options, "options");
    List<RgbImage> sources = List.copyOf(images);
    Decision decision = Decision.of(model.labels(), options);
    requireProbabilities(options, decision);
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(this + " is closed");
      }
      SegmentationResult[] results = new SegmentationResult[sources.size()];
      Batches batches = new Batches(batchSize);
      for (int i = 0; i < results.length; i++) {
        batches
            .add(prepare(i, sources.get(i)))
            .ifPresent(b -> finish(b, options, decision, results));
      }
      batches.rest().forEach(batch -> finish(batch, options, decision, results));
      return List.of(results);
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  private void requireProbabilities(SegmentationOptions options, Decision decision) {
    if (model.output().kind() == OutputKind.CATEGORIES
        && (options.confidence() || decision.needsProbabilities())) {
      throw new IllegalArgumentException(
          "model %s gives categories without scores, so there is no confidence to ask for%s"
              .formatted(model.name(), options.confidence() ? "" : ", nor to hold to a threshold"));
    }
  }

  private Batches.Item prepare(int index, RgbImage image) {
    long start = System.nanoTime();
    ModelInput input = preprocessor.prepare(image);
    requireOneOf(image, input);
    return new Batches.Item(index, input, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Runs a batch and puts its images' results where they belong. */
  private void finish(
      List<Batches.Item> batch,
      SegmentationOptions options,
      Decision decision,
      SegmentationResult[] results) {
    long start = System.nanoTime();
    int images = fixedBatch ? batchSize : batch.size();
    List<FloatTensor> inputs = batch.stream().map(item -> item.input().tensor()).toList();
    FloatTensor output = run(Batches.tensor(inputs, images));
    requireImages(output, images);
    Duration inference = Duration.ofNanos((System.nanoTime() - start) / batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Batches.Item item = batch.get(i);
      results[item.index()] = decode(output, i, item, inference, options, decision);
    }
  }

  private SegmentationResult decode(
      FloatTensor output,
      int image,
      Batches.Item item,
      Duration inference,
      SegmentationOptions options,
      Decision decision) {
    long start = System.nanoTime();
    try {
      ScoreMap scores =
          Scores.of(output, image, model.labels().size(), model.output(), item.input().geometry());
      Decoder.Decoded decoded =
          Decoder.decode(
              options.outputSize() == OutputSize.SOURCE
                  ? scores
                  : scores.withGeometry(item.input().geometry().ofInput()),
              decision,
              options.confidence());
      SegmentationResult.Builder result =
          SegmentationResult.builder(
                  decoded.mask(),
                  decision.labels(),
                  options.relabeling().map(r -> r.palette(model.palette())).orElse(model.palette()))
              .timings(
                  Timings.of(
                      item.preparation(), inference, Duration.ofNanos(System.nanoTime() - start)));
      decoded.confidence().ifPresent(result::confidence);
      if (options.scores()) {
        result.scores(scores);
      }
      return result.build();
    } catch (IllegalArgumentException e) {
      throw new InferenceException(context() + e.getMessage());
    }
  }

  /** An output of another shape altogether is told of when it is decoded. */
  private void requireImages(FloatTensor output, int images) {
    OutputShape.of(output, model.output())
        .filter(shape -> shape.images() != images)
        .ifPresent(
            shape -> {
              throw new InferenceException(
                  "%soutput \"%s\" should be of a batch of %d, found %s. Correct the output's kind or layout (output.kind, output.layout on a card), or export the network for batches of any size."
                      .formatted(context(), model.output().name(), images, output));
            });
  }

  /** The standard pre-processing keeps to this; others are not ours. */
  private static void requireOneOf(RgbImage image, ModelInput input) {
    ImageGeometry geometry = input.geometry();
    if (geometry.sourceWidth() != image.width() || geometry.sourceHeight() != image.height()) {
      throw new IllegalArgumentException(
          "the pre-processing of an image of %d x %d gave the geometry of one of %d x %d"
              .formatted(
                  image.width(), image.height(), geometry.sourceWidth(), geometry.sourceHeight()));
    }
    if (input.tensor().rank() != 4 || input.tensor().side(0) != 1) {
      throw new IllegalArgumentException(
          "the pre-processing should give a batch of one image, found " + input.tensor());
    }
  }

  private FloatTensor run(FloatTensor input) {
    FloatTensor output;
    if (session.concurrent()) {
      output = session.run(input);
    } else {
      synchronized (session) {
        output = session.run(input);
      }
    }
    requireSensible(output);
    return output;
  }

  /** Probabilities may leave 0..1 a little, where a network interpolates them cubically. */
  private void requireSensible(FloatTensor output) {
    OutputKind kind = model.output().kind();
    boolean probabilities = kind == OutputKind.PROBABILITIES || kind == OutputKind.SIGMOID;
    float low = probabilities ? -0.1f : -Float.MAX_VALUE;
    float high = probabilities ? 1.1f : Float.MAX_VALUE;
    FloatBuffer values = output.buffer();
    for (int i = 0, length = values.limit(); i < length; i++) {
      float value = values.get(i);
      if (!(value >= low && value <= high)) {
        throw new InferenceException(
            !probabilities || !Float.isFinite(value)
                ? "%soutput \"%s\" should hold finite numbers, found %s"
                    .formatted(context(), model.output().name(), value)
                : "%soutput \"%s\" should hold probabilities of 0..1, found %s. %s"
                    .formatted(
                        context(),
                        model.output().name(),
                        value,
                        OutputAdvice.notProbabilities(kind)));
      }
    }
  }

  @Override
  public ModelCard model() {
    return model;
  }

  @Override
  public RuntimeInfo runtime() {
    return runtime;
  }

  @Override
  public void close() {
    if (lifecycle.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          this + " cannot be closed from within its own pre-processing");
    }
    lifecycle.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } finally {
      lifecycle.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "segmenter of model %s on backend %s".formatted(model.name(), runtime.backend());
  }
}
