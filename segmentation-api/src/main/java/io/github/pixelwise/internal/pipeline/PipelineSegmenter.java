package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.InferenceException;
import io.github.pixelwise.InputPlan;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationOptions.OutputSize;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.Timings;
import io.github.pixelwise.internal.decode.Decision;
import io.github.pixelwise.internal.decode.Decoder;
import io.github.pixelwise.internal.tile.TileScorer;
import io.github.pixelwise.internal.tile.Tiling;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.tile.ImageRows;
import io.github.pixelwise.tile.MaskRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The segmenter of every backend: preprocessing, a session's run, decoding.
 *
 * <p>Calls hold the read lock and closing takes the write lock, so that a session is never closed
 * while it runs: ONNX Runtime, for one, would crash the JVM (microsoft/onnxruntime#21812).
 */
public final class PipelineSegmenter implements Segmenter {
  private final ModelCard model;
  private final InputPlan plan;

  /** Owned; closed by {@link #close}. */
  private final InferenceSession session;

  private final Scorer scorer;

  /** Gathers inputs of several calls, if requested. */
  private final @Nullable SharedBatches shared;

  private final Parallelism parallelism;
  private final RuntimeInfo runtime;
  private final Events events;
  private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  PipelineSegmenter(
      BackendContext context,
      ModelCard model,
      SegmenterOptions options,
      InferenceSession session,
      RuntimeInfo runtime) {
    this.model = model;
    this.plan = options.plan();
    this.session = session;
    OptionalInt onlyBatch = session.input().fixedBatch();
    int batchSize = onlyBatch.orElse(Math.min(options.batchSize(), session.maxBatch()));
    this.scorer = new Scorer(context, model, session, batchSize, onlyBatch.isPresent());
    this.shared =
        options.sharedWait().isZero() || batchSize == 1
            ? null
            : new SharedBatches(batchSize, options.sharedWait(), scorer::score);
    this.parallelism = options.parallelism();
    this.runtime = runtime.withAugmentation(options.augmentation());
    this.events = options.events();
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

  /** Runs something that needs the session, and keeps it from being closed meanwhile. */
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
    Decision decision = decision(options);
    SegmentationResult[] results = new SegmentationResult[sources.size()];
    if (options.tiles().isPresent()) {
      Tiling tiling = new Tiling(model, options, decision, parallelism);
      for (int i = 0; i < results.length; i++) {
        results[i] = segmentTiles(sources.get(i), tiling, decision, options);
        events.segmented(sources.get(i), results[i]);
      }
    } else {
      score(
          sources,
          (i, scores, preparation, inference) -> {
            Optional<RgbImage> image = Optional.of(sources.get(i));
            results[i] = decode(scores, image, decision, options, preparation, inference);
            events.segmented(sources.get(i), results[i]);
          });
    }
    return List.of(results);
  }

  private SegmentationResult segmentTiles(
      RgbImage image, Tiling tiling, Decision decision, SegmentationOptions options) {
    long start = System.nanoTime();
    Tiled tiled = new Tiled();
    Decoder.Decoded decoded = explained(() -> tiling.segment(image, tiled));
    Duration all = Duration.ofNanos(System.nanoTime() - start);
    Duration decoding = all.minus(tiled.preparation).minus(tiled.inference);
    return result(
            decoded, decision, options, Timings.of(tiled.preparation, tiled.inference, decoding))
        .build();
  }

  @Override
  public void segment(ImageRows source, SegmentationOptions options, int firstRow, MaskRows target)
      throws IOException {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(target, "target");
    if (options.tiles().isEmpty()) {
      throw new IllegalArgumentException(
          "a picture is segmented row by row only in tiles; add withTiles(...) to the options");
    }
    try {
      locked(
          () -> {
            Tiling tiling = new Tiling(model, options, decision(options), parallelism);
            try {
              tiling.segment(source, firstRow, new Tiled(), target);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return this;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException e) {
      events.failed(e);
      throw e;
    }
  }

  /** Scores the tiles of one picture, and adds up how long that takes. */
  private final class Tiled implements TileScorer {
    private Duration preparation = Duration.ZERO;
    private Duration inference = Duration.ZERO;

    @Override
    public int batchSize() {
      return scorer.batchSize();
    }

    @Override
    public List<ScoreMap> score(List<RgbImage> tiles) {
      ScoreMap[] all = new ScoreMap[tiles.size()];
      PipelineSegmenter.this.score(
          tiles,
          (i, scores, prepared, run) -> {
            all[i] = scores;
            preparation = preparation.plus(prepared);
            inference = inference.plus(run);
          });
      return List.of(all);
    }
  }

  /** Receives the scores of an image. */
  private interface Scored {
    void accept(int image, ScoreMap scores, Duration preparation, Duration inference);
  }

  /** Runs images through the network, in batches as far as their sizes allow. */
  private void score(List<RgbImage> images, Scored receiver) {
    Batches batches = new Batches(scorer.batchSize());
    for (int i = 0; i < images.size(); i++) {
      int index = i;
      Pending pending =
          new Pending(
              (scores, preparation, inference) ->
                  receiver.accept(index, plan.merge(scores), preparation, inference));
      for (Batches.Item item : prepare(images.get(i), pending)) {
        batches.add(item).ifPresent(this::finish);
      }
    }
    batches.rest().forEach(this::finish);
  }

  /** What the options decide. */
  private Decision decision(SegmentationOptions options) {
    Decision decision = Decision.of(model.labels(), options);
    requireProbabilities(options, decision);
    requireSize(options);
    return decision;
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
    if (options.tiles().isPresent() || options.sharpening()) {
      throw new IllegalArgumentException(
          "tiles and sharpening need the image, and there are only its scores; use segment, or"
              + " options without them");
    }
    return decode(
        scores, Optional.empty(), decision(options), options, Duration.ZERO, Duration.ZERO);
  }

  /** Runs a batch, and hands the scores to its images. */
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
          "model %s outputs categories without scores, so there is no confidence%s"
              .formatted(model.name(), options.confidence() ? "" : " to compare with a threshold"));
    }
    if (model.output().kind() == OutputKind.CATEGORIES && options.sharpening()) {
      throw new IllegalArgumentException(
          "model %s outputs categories without scores, so its masks cannot be sharpened"
              .formatted(model.name()));
    }
  }

  private static void requireSize(SegmentationOptions options) {
    if (options.sharpening() && options.outputSize() != OutputSize.SOURCE) {
      throw new IllegalArgumentException(
          "sharpening follows the image's own pixels, so the mask must have the image's size; use"
              + " OutputSize.SOURCE");
    }
  }

  private SegmentationResult decode(
      ScoreMap scores,
      Optional<RgbImage> image,
      Decision decision,
      SegmentationOptions options,
      Duration preparation,
      Duration inference) {
    long start = System.nanoTime();
    Decoder.Decoded decoded =
        explained(
            () ->
                options.sharpening()
                    ? Decoder.decodeSharpened(
                        scores, image.orElseThrow(), decision, options.confidence(), parallelism)
                    : Decoder.decode(
                        options.outputSize() == OutputSize.SOURCE
                            ? scores
                            : scores.withGeometry(scores.geometry().ofInput()),
                        decision,
                        options.confidence(),
                        parallelism));
    Duration decoding = Duration.ofNanos(System.nanoTime() - start);
    SegmentationResult.Builder result =
        result(decoded, decision, options, Timings.of(preparation, inference, decoding));
    return (options.scores() ? result.scores(scores) : result).build();
  }

  private SegmentationResult.Builder result(
      Decoder.Decoded decoded, Decision decision, SegmentationOptions options, Timings timings) {
    SegmentationResult.Builder result =
        SegmentationResult.builder(
                decoded.mask(),
                decision.labels(),
                options.relabeling().map(r -> r.palette(model.palette())).orElse(model.palette()))
            .timings(timings);
    decoded.confidence().ifPresent(result::confidence);
    return result;
  }

  /** Names the model and the backend if the scores make no sense. */
  private Decoder.Decoded explained(Supplier<Decoder.Decoded> decoding) {
    try {
      return decoding.get();
    } catch (IllegalArgumentException e) {
      throw new InferenceException(Opening.context(model, runtime.backend()) + e.getMessage());
    }
  }

  /** The standard preprocessor always makes this; users' own may not. */
  private static void requireOneOf(RgbImage image, ModelInput input) {
    ImageGeometry geometry = input.geometry();
    if (geometry.sourceWidth() != image.width() || geometry.sourceHeight() != image.height()) {
      throw new IllegalArgumentException(
          "the preprocessor was given an image of %d x %d, but returned a geometry for %d x %d"
              .formatted(
                  image.width(), image.height(), geometry.sourceWidth(), geometry.sourceHeight()));
    }
    if (input.tensor().rank() != 4 || input.tensor().side(0) != 1) {
      throw new IllegalArgumentException(
          "the preprocessor should return a batch of one image, found " + input.tensor());
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
      throw new IllegalStateException(this + " cannot be closed from within its own preprocessing");
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
