package io.github.pixelwise.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.Timings;
import io.github.pixelwise.testkit.MicroModel;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SegmenterMetricsTest {
  private static final RgbImage PHOTO = RgbImage.of(8, 6, new byte[8 * 6 * 3]);
  private static final Timings TIMINGS =
      Timings.of(Duration.ofMillis(2), Duration.ofMillis(30), Duration.ofMillis(5));

  private final MeterRegistry registry = new SimpleMeterRegistry();

  /** Metrics of a segmenter that was opened in 700 ms. */
  private SegmenterMetrics opened() {
    SegmenterMetrics metrics = new SegmenterMetrics(registry);
    metrics.opened(
        MicroModel.AFFINE.descriptor(),
        RuntimeInfo.of("onnx", "1", Device.cuda(0), "the only one"),
        Duration.ofMillis(700));
    return metrics;
  }

  private static SegmentationResult result() {
    return SegmentationResult.builder(
            CategoryMask.of(8, 6, new byte[8 * 6]), LabelMap.voc(), Palette.voc())
        .timings(TIMINGS)
        .build();
  }

  private static Segmenter open(SegmenterListener listener) {
    return Segmenter.builder()
        .model(MicroModel.AFFINE.descriptor())
        .backend("reference")
        .listener(listener)
        .open();
  }

  private double milliseconds(String stage) {
    return registry
        .get("pixelwise.segment")
        .tag("stage", stage)
        .timer()
        .totalTime(TimeUnit.MILLISECONDS);
  }

  @Test
  void timesOpening() {
    opened();

    Timer timer = registry.get("pixelwise.open").timer();
    assertThat(timer.count()).isOne();
    assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(700);
  }

  @Test
  void timesEachStage() {
    SegmenterMetrics metrics = opened();

    metrics.segmented(PHOTO, result());
    metrics.segmented(PHOTO, result());

    assertThat(milliseconds("preprocessing")).isEqualTo(4);
    assertThat(milliseconds("inference")).isEqualTo(60);
    assertThat(milliseconds("decoding")).isEqualTo(10);
  }

  @Test
  void countsPhotosWithTheirPixels() {
    SegmenterMetrics metrics = opened();

    metrics.segmented(PHOTO, result());
    metrics.segmented(PHOTO, result());

    assertThat(registry.get("pixelwise.pixels").summary().count()).isEqualTo(2);
    assertThat(registry.get("pixelwise.pixels").summary().totalAmount()).isEqualTo(2 * 48);
  }

  @Test
  void countsFailuresByException() {
    SegmenterMetrics metrics = opened();

    metrics.failed(new IllegalArgumentException());
    metrics.failed(new IllegalStateException());
    metrics.failed(new IllegalStateException());

    assertThat(failures("IllegalArgumentException")).isOne();
    assertThat(failures("IllegalStateException")).isEqualTo(2);
  }

  private double failures(String exception) {
    return registry.get("pixelwise.failures").tag("exception", exception).counter().count();
  }

  @Test
  void tagsAllMetersWithModelBackendAndDevice() {
    SegmenterMetrics metrics = opened();
    metrics.segmented(PHOTO, result());
    metrics.failed(new IllegalStateException());

    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getName())
        .contains("pixelwise.open", "pixelwise.segment", "pixelwise.pixels", "pixelwise.failures");
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .allSatisfy(
            id ->
                assertThat(id.getTags())
                    .containsAll(
                        List.of(
                            Tag.of("model", MicroModel.AFFINE.descriptor().name()),
                            Tag.of("backend", "onnx"),
                            Tag.of("device", "cuda:0"))));
  }

  @Test
  void describesAllMeters() {
    SegmenterMetrics metrics = opened();
    metrics.segmented(PHOTO, result());
    metrics.failed(new IllegalStateException());

    assertThat(registry.getMeters())
        .isNotEmpty()
        .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
  }

  @Test
  void measuresASegmenter() {
    try (Segmenter segmenter = open(new SegmenterMetrics(registry))) {
      segmenter.segment(PHOTO);
    }

    assertThat(registry.get("pixelwise.open").tag("backend", "reference").timer().count()).isOne();
    assertThat(registry.get("pixelwise.segment").tag("stage", "inference").timer().count()).isOne();
  }

  @Test
  void countsACallOfAClosedSegmenterAsAFailure() {
    Segmenter segmenter = open(new SegmenterMetrics(registry));
    segmenter.close();

    assertThatThrownBy(() -> segmenter.segment(PHOTO)).isInstanceOf(IllegalStateException.class);
    assertThat(failures("IllegalStateException")).isOne();
  }
}
