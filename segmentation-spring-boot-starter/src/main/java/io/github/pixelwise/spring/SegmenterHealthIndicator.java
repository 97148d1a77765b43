package io.github.pixelwise.spring;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.SizeRule;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether a segmenter can run: it puts a tiny black picture through the network, as opening a
 * model does. {@code UP} has the details {@code model}, {@code backend}, {@code engine} and {@code
 * device}; {@code DOWN}, as for a closed segmenter, also has the {@code error}.
 *
 * <p>Each check takes part of the time of a photograph and does not count as one: the segmenter's
 * listeners are not notified. Let {@code management.endpoint.health.cache.time-to-live} limit how
 * often that happens.
 */
final class SegmenterHealthIndicator extends AbstractHealthIndicator {
  private final Segmenter segmenter;

  SegmenterHealthIndicator(Segmenter segmenter) {
    super("the segmenter cannot run");
    this.segmenter = segmenter;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    RuntimeInfo runtime = segmenter.runtime();
    health
        .withDetail("model", segmenter.model().name())
        .withDetail("backend", runtime.backend())
        .withDetail("engine", runtime.version())
        .withDetail("device", runtime.device().toString());
    try {
      run(picture());
    } catch (LinkageError | OutOfMemoryError e) {
      // Which the superclass does not catch: a library is missing, or memory.
      throw new IllegalStateException(String.valueOf(e), e);
    }
    health.up();
  }

  private void run(RgbImage picture) {
    try {
      // Stage by stage, because segment would count as a photograph in metrics.
      segmenter.score(segmenter.prepare(picture));
    } catch (UnsupportedOperationException e) {
      // A segmenter that is the application's own may have no stages.
      segmenter.segment(picture);
    }
  }

  /** A picture whose input is small: 4 to 1 if the model's card gives the long edge. */
  private RgbImage picture() {
    boolean longEdge = segmenter.model().input().size().kind() == SizeRule.Kind.LONG_EDGE;
    int width = longEdge ? 4 : 1;
    return RgbImage.of(width, 1, new byte[3 * width]);
  }
}
