package io.github.pixelwise.server;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import java.util.concurrent.Semaphore;

/**
 * A segmenter that waits before it works, so that a test can look at a page that waits.
 *
 * @param segmenter what works; not closed
 * @param model the card of the model that it says it is
 * @param begun has a permit for each photo that has come
 * @param passes takes a permit for each photo
 */
record BrowserGate(Segmenter segmenter, ModelCard model, Semaphore begun, Semaphore passes)
    implements Segmenter {
  BrowserGate(Segmenter segmenter) {
    this(segmenter, segmenter.model());
  }

  BrowserGate(Segmenter segmenter, ModelCard model) {
    this(segmenter, model, new Semaphore(0), new Semaphore(0));
  }

  @Override
  public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
    begun.release();
    passes.acquireUninterruptibly();
    return segmenter.segment(image, options);
  }

  @Override
  public RuntimeInfo runtime() {
    return segmenter.runtime();
  }

  @Override
  public void close() {}
}
