package io.github.pixelwise.internal;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.FloatTensor;
import io.github.pixelwise.ImageGeometry;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelInput;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.OutputKind;
import io.github.pixelwise.OutputSize;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SizeRule;
import io.github.pixelwise.Timings;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The segmenter of every backend: pre-processing, a session's run, decoding.
 *
 * <p>Calls hold the read lock and closing takes the write lock, so that a session is never closed
 * while it runs: ONNX Runtime, for one, would crash the JVM (microsoft/onnxruntime#21812).
 */
public final class PipelineSegmenter implements Segmenter {
  private final ModelDescriptor model;
  private final Preprocessor preprocessor;

  /** Owned; closed by {@link #close}. */
  private final InferenceSession session;

  private final RuntimeInfo runtime;
  private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  private PipelineSegmenter(
      ModelDescriptor model, Preprocessor preprocessor, InferenceSession session) {
    this.model = model;
    this.preprocessor = preprocessor;
    this.session = session;
    this.runtime = session.runtime();
  }

  /**
   * Opens a model on the backend chosen for it, and runs it once, so that a card that contradicts
   * its network fails now and not at the first image.
   *
   * @throws ModelLoadException if the model cannot be opened or is not what its card says
   */
  public static Segmenter open(
      Catalog catalog,
      ModelDescriptor model,
      @Nullable String backendName,
      SessionOptions options,
      Preprocessor preprocessor) {
    BackendSelection chosen = BackendSelection.choose(catalog, model, backendName);
    Path file = ModelFiles.resolve(model, chosen.file());
    BackendProvider backend = chosen.backend();
    InferenceSession session = backend.open(model, chosen.file().format(), file, options);
    try {
      Segmenter segmenter = new PipelineSegmenter(model, preprocessor, session);
      segmenter.segment(probe(model.input().size()));
      return segmenter;
    } catch (RuntimeException e) {
      closeAfter(e, session);
      throw new ModelLoadException(
          "model %s on backend %s is not what its card says: %s"
              .formatted(model.name(), backend.name(), e.getMessage()),
          e);
    } catch (Error e) {
      closeAfter(e, session);
      throw e;
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
    Objects.requireNonNull(options, "options");
    if (options.confidence() && model.output().kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "model %s gives categories without scores, so there is no confidence to ask for"
              .formatted(model.name()));
    }
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(this + " is closed");
      }
      long start = System.nanoTime();
      ModelInput input = preprocessor.prepare(image);
      requireOneOf(image, input);
      long prepared = System.nanoTime();
      FloatTensor output = run(input.tensor());
      long ran = System.nanoTime();
      try {
        ScoreMap scores =
            ScoreMap.from(output, 0, model.labels().size(), model.output(), input.geometry());
        Decoder.Decoded decoded =
            Decoder.decode(
                options.outputSize() == OutputSize.SOURCE ? scores : scores.onInput(),
                model.labels(),
                options.confidence());
        return new SegmentationResult(
            decoded.mask(),
            model.labels(),
            decoded.confidence(),
            options.scores() ? Optional.of(scores) : Optional.empty(),
            new Timings(
                Duration.ofNanos(prepared - start),
                Duration.ofNanos(ran - prepared),
                Duration.ofNanos(System.nanoTime() - ran)));
      } catch (IllegalArgumentException e) {
        throw new InferenceException(this + ": " + e.getMessage(), e);
      }
    } finally {
      lifecycle.readLock().unlock();
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

  private FloatTensor run(FloatTensor input) {
    FloatTensor output;
    if (session.concurrent()) {
      output = session.run(input);
    } else {
      synchronized (session) {
        output = session.run(input);
      }
    }
    requireFinite(output);
    return output;
  }

  private void requireFinite(FloatTensor output) {
    FloatBuffer values = output.buffer();
    for (int i = 0, length = values.limit(); i < length; i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new InferenceException(
            "%s: output \"%s\" should hold finite numbers, found %s"
                .formatted(this, model.output().name(), values.get(i)));
      }
    }
  }

  @Override
  public ModelDescriptor model() {
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
