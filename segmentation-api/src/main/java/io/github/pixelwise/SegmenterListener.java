package io.github.pixelwise;

import io.github.pixelwise.model.ModelCard;
import java.time.Duration;

/**
 * Is told what a segmenter does, for metrics, traces and logs. Called on the thread that does it,
 * by several at once; an exception that a method throws is logged and has no other effect.
 */
public interface SegmenterListener {
  /**
   * A model was opened.
   *
   * @param model its card
   * @param runtime what runs it
   * @param time how long opening took
   */
  default void opened(ModelCard model, RuntimeInfo runtime, Duration time) {}

  /**
   * A photograph was segmented.
   *
   * @param image the photograph
   * @param result the result, which has the sizes and {@linkplain SegmentationResult#timings times}
   */
  default void segmented(RgbImage image, SegmentationResult result) {}

  /**
   * A call failed.
   *
   * @param failure what the caller gets
   */
  default void failed(RuntimeException failure) {}

  /** The segmenter was closed. */
  default void closed() {}
}
