package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.Timings;
import io.github.pixelwise.model.ModelCard;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;

/**
 * Records a segmenter's events in Micrometer: {@code pixelwise.open}, {@code pixelwise.segment} for
 * each stage, {@code pixelwise.pixels}, and {@code pixelwise.failures}.
 */
public final class MicrometerListener implements SegmenterListener {
  private final MeterRegistry registry;
  private volatile Tags tags = Tags.empty();

  /**
   * Creates a listener for one segmenter.
   *
   * @param registry the registry for the meters
   */
  public MicrometerListener(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void opened(ModelCard model, RuntimeInfo runtime, Duration time) {
    tags =
        Tags.of(
            "model", model.name(),
            "backend", runtime.backend(),
            "device", runtime.device().toString());
    registry.timer("pixelwise.open", tags).record(time);
  }

  @Override
  public void segmented(RgbImage image, SegmentationResult result) {
    Timings timings = result.timings();
    record("prepare", timings.preprocessing());
    record("score", timings.inference());
    record("decode", timings.decoding());
    registry.summary("pixelwise.pixels", tags).record((double) image.width() * image.height());
  }

  private void record(String stage, Duration time) {
    registry.timer("pixelwise.segment", tags.and("stage", stage)).record(time);
  }

  @Override
  public void failed(RuntimeException failure) {
    registry
        .counter("pixelwise.failures", tags.and("exception", failure.getClass().getSimpleName()))
        .increment();
  }
}
