package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.InputPlan;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.OutputSize;
import io.github.pixelwise.Parallelism;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
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
  private final InputPlan plan;

  /** Owned; closed by {@link #close}. */
  private final InferenceSession session;

  private final Scorer scorer;

  /** Gathers inputs of several calls, if that was asked for. */
  private final @Nullable SharedBatches shared;

  private final Parallelism parallelism;
  private final RuntimeInfo runtime;
  private final Events events;
  private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  private PipelineSegmenter(
      ModelCard model, SegmenterOptions options, InferenceSession session, RuntimeInfo runtime) {
    this.model = model;
    this.plan = options.plan();
    this.session = session;
    boolean fixedBatch = session.fixedBatch();
    int batchSize =
        fixedBatch ? session.maxBatch() : Math.min(options.batchSize(), session.maxBatch());
    this.scorer =
        new Scorer(model, session, batchSize, fixedBatch, context(model, runtime.backend()));
    this.shared =
        options.sharedWait().isZero() || batchSize == 1
            ? null
            : new SharedBatches(batchSize, options.sharedWait(), scorer::score);
    this.parallelism = options.parallelism();
    this.runtime = runtime;
    this.events = options.events();
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
      SegmenterOptions how) {
    long start = System.nanoTime();
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
    PipelineSegmenter opened = opened(options, how, model, engine, session, runtime);
    how.events()
        .opened(opened.model(), opened.runtime(), Duration.ofNanos(System.nanoTime() - start));
    return opened;
  }

  private static PipelineSegmenter opened(
      SessionOptions options,
      SegmenterOptions how,
      ModelCard model,
      Function<SessionOptions, InferenceSession> engine,
      InferenceSession session,
      RuntimeInfo runtime) {
    try {
      return tried(model, how, session, runtime);
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
        return tried(model, how, onCpu, cpu);
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
  private static PipelineSegmenter tried(
      ModelCard model, SegmenterOptions how, InferenceSession session, RuntimeInfo runtime) {
    try {
      if (how.standard()) {
        InputRange.require(session.inputType(), model.input());
      }
      ModelCard known = BareModel.isBare(model) ? completed(model, how.plan(), session) : model;
      PipelineSegmenter segmenter = new PipelineSegmenter(known, how, session, runtime);
      RgbImage probe = probe(model.input().size());
      segmenter.decode(segmenter.score(segmenter.prepare(probe)), SegmentationOptions.MASK_ONLY);
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

  /** Large enough that a stride shows. */
  private static ModelCard completed(ModelCard bare, InputPlan plan, InferenceSession session) {
    ModelInput input = plan.prepare(RgbImage.of(256, 192, new byte[256 * 192 * 3])).get(0);
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
    try {
      return locked(() -> segmentOpen(sources, options));
    } catch (RuntimeException e) {
      events.failed(e);
      throw e;
    }
  }

  /** Runs something that needs the session, which is not closed meanwhile. */
  private <T> T locked(Supplier<T> call) {
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(this + " is closed");
      }
      return call.get();
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  private List<SegmentationResult> segmentOpen(
      List<RgbImage> sources, SegmentationOptions options) {
    Decision decision = Decision.of(model.labels(), options);
    requireProbabilities(options, decision);
    SegmentationResult[] results = new SegmentationResult[sources.size()];
    Batches batches = new Batches(scorer.batchSize());
    for (int i = 0; i < results.length; i++) {
      RgbImage image = sources.get(i);
      int index = i;
      Pending pending =
          new Pending(
              (scores, preparation, inference) -> {
                ScoreMap merged = plan.merge(scores);
                results[index] = decode(merged, decision, options, preparation, inference);
                events.segmented(image, results[index]);
              });
      for (Batches.Item item : prepare(image, pending)) {
        batches.add(item).ifPresent(this::finish);
      }
    }
    batches.rest().forEach(this::finish);
    return List.of(results);
  }

  @Override
  public List<ModelInput> prepare(RgbImage image) {
    Objects.requireNonNull(image, "image");
    List<ModelInput> inputs = plan.prepare(image);
    inputs.forEach(input -> requireOneOf(image, input));
    return inputs;
  }

  private List<Batches.Item> prepare(RgbImage image, Pending pending) {
    long start = System.nanoTime();
    List<ModelInput> inputs = prepare(image);
    return pending.prepared(inputs, Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public ScoreMap score(List<ModelInput> inputs) {
    return locked(
        () -> {
          List<ScoreMap> scores = new ArrayList<>();
          for (ModelInput input : inputs) {
            scores.addAll(scorer.score(List.of(input)));
          }
          return plan.merge(scores);
        });
  }

  @Override
  public SegmentationResult decode(ScoreMap scores, SegmentationOptions options) {
    Decision decision = Decision.of(model.labels(), options);
    requireProbabilities(options, decision);
    return decode(scores, decision, options, Duration.ZERO, Duration.ZERO);
  }

  /** Runs a batch, and hands their scores to its images. */
  private void finish(List<Batches.Item> batch) {
    long start = System.nanoTime();
    List<ModelInput> inputs = batch.stream().map(Batches.Item::input).toList();
    List<ScoreMap> scores =
        shared != null && inputs.size() == 1
            ? List.of(shared.score(inputs.get(0)))
            : scorer.score(inputs);
    Duration inference = Duration.ofNanos((System.nanoTime() - start) / batch.size());
    for (int i = 0; i < scores.size(); i++) {
      batch.get(i).scored(scores.get(i), inference);
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

  private SegmentationResult decode(
      ScoreMap scores,
      Decision decision,
      SegmentationOptions options,
      Duration preparation,
      Duration inference) {
    long start = System.nanoTime();
    try {
      Decoder.Decoded decoded =
          Decoder.decode(
              options.outputSize() == OutputSize.SOURCE
                  ? scores
                  : scores.withGeometry(scores.geometry().ofInput()),
              decision,
              options.confidence(),
              parallelism);
      SegmentationResult.Builder result =
          SegmentationResult.builder(
                  decoded.mask(),
                  decision.labels(),
                  options.relabeling().map(r -> r.palette(model.palette())).orElse(model.palette()))
              .timings(
                  Timings.of(preparation, inference, Duration.ofNanos(System.nanoTime() - start)));
      decoded.confidence().ifPresent(result::confidence);
      if (options.scores()) {
        result.scores(scores);
      }
      return result.build();
    } catch (IllegalArgumentException e) {
      throw new InferenceException(context(model, runtime.backend()) + e.getMessage());
    }
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
        events.closed();
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
