package io.github.pixelwise;

import io.github.pixelwise.model.ModelCard;
import java.time.Duration;

/**
 * Receives notifications of what a segmenter does, for metrics, traces and logs. Methods are called
 * on the thread that does the work, possibly by several threads at once; exceptions that they throw
 * are logged and otherwise ignored.
 */
public interface SegmenterListener {
  /**
   * Called after a model was opened.
   *
   * @param model its card
   * @param runtime what runs it
   * @param time how long opening took
   */
  default void opened(ModelCard model, RuntimeInfo runtime, Duration time) {}

  /**
   * Called after a photograph was segmented.
   *
   * @param image the photograph
   * @param result the result, which has the sizes and {@linkplain SegmentationResult#timings times}
   */
  default void segmented(RgbImage image, SegmentationResult result) {}

  /**
   * Called after a call failed.
   *
   * @param failure the exception that the caller gets
   */
  default void failed(RuntimeException failure) {}

  /** Called after the segmenter was closed. */
  default void closed() {}
}
