package io.github.pixelwise.internal;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.FloatTensor;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelInput;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.OutputKind;
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
    PipelineSegmenter segmenter =
        new PipelineSegmenter(
            model, preprocessor, backend.open(model, chosen.file().format(), file, options));
    try {
      segmenter.segment(probe(model.input().size()), SegmentationOptions.MASK_ONLY);
    } catch (InferenceException | IllegalArgumentException e) {
      segmenter.close();
      throw new ModelLoadException(
          "model %s on backend %s is not what its card says: %s"
              .formatted(model.name(), backend.name(), e.getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      segmenter.close();
      throw e;
    }
    return segmenter;
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
      long prepared = System.nanoTime();
      FloatTensor output = run(input.tensor());
      long ran = System.nanoTime();
      try {
        ScoreMap scores =
            ScoreMap.from(output, 0, model.labels().size(), model.output(), input.geometry());
        Decoder.Decoded decoded = Decoder.decode(scores, model.labels(), options.confidence());
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

  private FloatTensor run(FloatTensor input) {
    FloatTensor output;
    if (session.concurrent()) {
      output = session.run(input);
    } else {
      synchronized (session) {
        output = session.run(input);
      }
    }
    requireNumbers(output);
    return output;
  }

  private void requireNumbers(FloatTensor output) {
    FloatBuffer values = output.buffer();
    for (int i = 0, length = values.limit(); i < length; i++) {
      if (Float.isNaN(values.get(i))) {
        throw new InferenceException(
            "%s: output \"%s\" holds values that are not numbers (NaN)"
                .formatted(this, model.output().name()));
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
