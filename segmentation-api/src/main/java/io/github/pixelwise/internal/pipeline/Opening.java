package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.InputPlan;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.internal.card.BareModel;
import io.github.pixelwise.internal.file.ModelFiles;
import io.github.pixelwise.internal.plugin.BackendSelection;
import io.github.pixelwise.internal.plugin.EngineOptions;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.internal.plugin.PassedOver;
import io.github.pixelwise.internal.plugin.SlowStep;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens segmenters: chooses the backend, opens the network, and runs it once. */
public final class Opening {
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  private Opening() {}

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
      EngineOptions options,
      SegmenterOptions how) {
    long start = System.nanoTime();
    BackendSelection chosen = BackendSelection.choose(catalog, model, backendName);
    options.requireKnown(catalog.backends());
    catalog.problems().forEach(Opening::warn);
    chosen.passedOver().forEach(Opening::warn);
    Path file = ModelFiles.resolve(model, chosen.file());
    BackendContext context = context(chosen, model, file, options);
    Function<BackendContext, InferenceSession> engine =
        wanted ->
            SlowStep.watch(
                "backend %s is still opening %s after five seconds"
                    .formatted(chosen.backend().name(), file),
                () -> open(chosen, wanted));
    InferenceSession session = engine.apply(context);
    RuntimeInfo runtime = runtime(session, chosen, model);
    PipelineSegmenter opened = tried(context, how, engine, session, runtime);
    how.events()
        .opened(opened.model(), opened.runtime(), Duration.ofNanos(System.nanoTime() - start));
    return opened;
  }

  /**
   * As {@link #tried}, but falls back to the CPU if a GPU that was chosen automatically cannot run
   * the network.
   */
  private static PipelineSegmenter tried(
      BackendContext context,
      SegmenterOptions how,
      Function<BackendContext, InferenceSession> engine,
      InferenceSession session,
      RuntimeInfo runtime) {
    ModelCard model = context.model();
    try {
      return tried(context, how, session, runtime);
    } catch (InferenceException e) {
      if (!context.device().isAuto() || runtime.device().equals(Device.CPU)) {
        throw failure(runtime.backend(), model, e);
      }
      // A GPU that opens the network may still lack the memory to run it.
      InferenceSession onCpu = engine.apply(context.withDevice(Device.CPU));
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
        return tried(context.withDevice(Device.CPU), how, onCpu, cpu);
      } catch (RuntimeException again) {
        throw failure(cpu.backend(), model, again);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      throw failure(runtime.backend(), model, e);
    }
  }

  private static BackendContext context(
      BackendSelection chosen, ModelCard model, Path file, EngineOptions options) {
    BackendContext.Builder context =
        BackendContext.builder(chosen.backend(), model, chosen.file().format(), file)
            .device(options.device())
            .threads(options.threads());
    options.settings().forEach(context::setting);
    return context.build();
  }

  private static InferenceSession open(BackendSelection chosen, BackendContext context) {
    try {
      return chosen.backend().open(context);
    } catch (ModelLoadException e) {
      throw ModelFiles.explained(context.model(), chosen.file(), context.file(), e);
    }
  }

  /** Warns that a result may come from another device, or take longer, than the user expects. */
  private static void warn(String message) {
    LOGGER.log(System.Logger.Level.WARNING, message);
  }

  /** A segmenter that has run once; the session is closed if it fails. */
  private static PipelineSegmenter tried(
      BackendContext context, SegmenterOptions how, InferenceSession session, RuntimeInfo runtime) {
    ModelCard model = context.model();
    try {
      if (how.standard()) {
        InputRange.require(session.input().type().orElse(ElementType.FLOAT32), model.input());
      }
      ModelCard known = BareModel.isBare(model) ? completed(context, how.plan(), session) : model;
      PipelineSegmenter segmenter = new PipelineSegmenter(context, known, how, session, runtime);
      RgbImage probe = Probe.image(model.input().size());
      segmenter.decode(segmenter.score(segmenter.prepare(probe)), SegmentationOptions.MASK_ONLY);
      return segmenter;
    } catch (RuntimeException | Error e) {
      closeAfter(e, session);
      throw e;
    }
  }

  /**
   * The session's runtime information, with the backends that were passed over added; the session
   * is closed if that fails.
   */
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
    runtime.passedOver().forEach(Opening::warn);
    return RuntimeInfo.of(runtime.backend(), runtime.version(), runtime.device(), runtime.reason())
        .withPassedOver(
            Stream.concat(chosen.passedOver().stream(), runtime.passedOver().stream()).toList());
  }

  /**
   * Says only once what went wrong: the cause is never an exception whose message is already
   * included.
   */
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
    ModelLoadException.Reason why =
        MemoryShortage.isIn(e)
            ? ModelLoadException.Reason.OUT_OF_MEMORY
            : e instanceof InferenceException
                ? ModelLoadException.Reason.CARD_MISMATCH
                : ModelLoadException.Reason.OTHER;
    return cause == null
        ? new ModelLoadException(why, message)
        : new ModelLoadException(why, message, cause);
  }

  static String context(ModelCard model, String backend) {
    return "model %s on backend %s: ".formatted(model.name(), backend);
  }

  /** Runs an input that is large enough to show the stride. */
  private static ModelCard completed(
      BackendContext context, InputPlan plan, InferenceSession session) {
    ModelInput input = plan.prepare(RgbImage.of(256, 192, new byte[256 * 192 * 3])).get(0);
    int images = session.input().fixedBatch().orElse(1);
    FloatTensor batch = Batches.tensor(List.of(input.tensor()), images);
    context.requireFits(session.input(), batch);
    FloatTensor output = session.run(batch);
    try {
      return BareModel.completed(context.model(), output, input.geometry());
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
}
