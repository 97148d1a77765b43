package io.github.pixelwise.micrometer;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.Timings;
import io.github.pixelwise.model.ModelCard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;

/**
 * Counts and times what a segmenter does.
 *
 * <pre>{@code
 * Segmenter.builder().listener(new SegmenterMetrics(registry)).open()
 * }</pre>
 *
 * <table>
 *   <caption>The meters</caption>
 *   <tr><th>name</th><th>type</th><th>what it measures</th></tr>
 *   <tr><td>{@code pixelwise.open}</td><td>timer</td>
 *     <td>opening the model, with its first run</td></tr>
 *   <tr><td>{@code pixelwise.segment}</td><td>timer</td>
 *     <td>each photograph, by the tag {@code stage}: {@code preprocessing}, {@code inference}, which
 *     includes the wait for the engine, and {@code decoding}</td></tr>
 *   <tr><td>{@code pixelwise.pixels}</td><td>summary</td>
 *     <td>the pixels of each photograph</td></tr>
 *   <tr><td>{@code pixelwise.failures}</td><td>counter</td>
 *     <td>calls that failed, by the tag {@code exception}: the simple name of the exception's
 *     class</td></tr>
 * </table>
 *
 * <p>All have the tags {@code model}, {@code backend} and {@code device}: the model's name, such as
 * {@code deeplabv3plus-mobilenetv2-voc}, the backend's, such as {@code onnx}, and the device in
 * use, such as {@code cpu} or {@code cuda:0}. Stages that a program calls one by one are not
 * measured, and neither are pictures that are segmented row by row.
 *
 * <p>Each segmenter needs metrics of its own; they may share a registry. Safe for use by several
 * threads. Meters stay in the registry when the segmenter is closed.
 */
public final class SegmenterMetrics implements SegmenterListener {
  private final MeterRegistry registry;

  /** Which model on what; set by {@link #opened}, which comes before all other events. */
  private volatile Tags tags = Tags.empty();

  /**
   * Creates metrics for one segmenter.
   *
   * @param registry where the meters are registered; not closed
   */
  public SegmenterMetrics(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  @Override
  public void opened(ModelCard model, RuntimeInfo runtime, Duration time) {
    tags =
        Tags.of(
            "model", model.name(),
            "backend", runtime.backend(),
            "device", runtime.device().toString());
    Timer.builder("pixelwise.open")
        .description("Time to open a model, with its first run")
        .tags(tags)
        .register(registry)
        .record(time);
  }

  @Override
  public void segmented(RgbImage image, SegmentationResult result) {
    Timings timings = result.timings();
    record("preprocessing", timings.preprocessing());
    record("inference", timings.inference());
    record("decoding", timings.decoding());
    DistributionSummary.builder("pixelwise.pixels")
        .description("Pixels of a photo")
        .baseUnit("pixels")
        .tags(tags)
        .register(registry)
        .record((double) image.width() * image.height());
  }

  private void record(String stage, Duration time) {
    Timer.builder("pixelwise.segment")
        .description("Time for one photo, by stage")
        .tags(tags)
        .tag("stage", stage)
        .register(registry)
        .record(time);
  }

  @Override
  public void failed(RuntimeException failure) {
    Counter.builder("pixelwise.failures")
        .description("Calls that failed")
        .tags(tags)
        .tag("exception", failure.getClass().getSimpleName())
        .register(registry)
        .increment();
  }
}
