package io.github.pixelwise.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {
  @Test
  void countsAndTimesWhatASegmenterDoes() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Segmenter segmenter = Segmenter.builder().listener(new MicrometerListener(registry)).open();

    segmenter.segment(RgbImage.of(64, 48, new byte[64 * 48 * 3]));
    segmenter.close();

    assertThat(registry.get("pixelwise.open").tag("backend", "onnx").timer().count()).isOne();
    assertThat(registry.get("pixelwise.segment").tag("stage", "score").timer().count()).isOne();
    assertThat(registry.get("pixelwise.pixels").summary().totalAmount()).isEqualTo(64 * 48);
    assertThatThrownBy(() -> segmenter.segment(RgbImage.of(64, 48, new byte[64 * 48 * 3])))
        .isInstanceOf(IllegalStateException.class);
    assertThat(
            registry
                .get("pixelwise.failures")
                .tag("exception", "IllegalStateException")
                .counter()
                .count())
        .isOne();
  }
}
