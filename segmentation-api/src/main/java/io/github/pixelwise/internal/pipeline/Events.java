package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.model.ModelCard;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Notifies listeners; their failures are only logged. */
record Events(List<SegmenterListener> listeners) {
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  Events {
    listeners = List.copyOf(listeners);
  }

  void opened(ModelCard model, RuntimeInfo runtime, Duration time) {
    LOGGER.log(
        System.Logger.Level.INFO,
        () ->
            "model %s opened on backend %s (%s), device %s, in %d ms: %s"
                .formatted(
                    model.name(),
                    runtime.backend(),
                    runtime.version(),
                    runtime.device(),
                    time.toMillis(),
                    runtime.reason()));
    tell(listener -> listener.opened(model, runtime, time));
  }

  void segmented(RgbImage image, SegmentationResult result) {
    tell(listener -> listener.segmented(image, result));
  }

  void failed(RuntimeException failure) {
    tell(listener -> listener.failed(failure));
  }

  void closed() {
    tell(SegmenterListener::closed);
  }

  private void tell(Consumer<SegmenterListener> event) {
    for (SegmenterListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOGGER.log(System.Logger.Level.WARNING, "a listener failed: " + listener, e);
      }
    }
  }
}
