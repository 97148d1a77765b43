package io.github.pixelwise.server;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A segmenter without a network, whose calls wait until the test lets them go on. */
final class HeldSegmenter implements Segmenter {
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore passes = new Semaphore(0);
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Runnable work = () -> {};

  /** Waits until one more call has begun. */
  void awaitCall() throws InterruptedException {
    begun.acquire();
  }

  /** Lets calls end. */
  void pass(int number) {
    passes.release(number);
  }

  /** How many calls have begun. */
  int calls() {
    return calls.get();
  }

  /** Sets what each call does before it ends. */
  HeldSegmenter doing(Runnable action) {
    work = action;
    return this;
  }

  @Override
  public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
    calls.incrementAndGet();
    begun.release();
    passes.acquireUninterruptibly();
    work.run();
    CategoryMask mask =
        CategoryMask.of(image.width(), image.height(), new byte[image.width() * image.height()]);
    return SegmentationResult.builder(mask, model().labels(), Palette.voc()).build();
  }

  @Override
  public ModelCard model() {
    return ModelCard.builder(
            "held",
            InputSpec.builder("image", SizeRule.longEdge(8)).build(),
            OutputSpec.logits("scores", 1),
            LabelMap.of(List.of("background", "thing")))
        .file(ModelFormat.ONNX, Path.of("held.onnx"))
        .build();
  }

  @Override
  public RuntimeInfo runtime() {
    return RuntimeInfo.of("none", "no engine", Device.CPU, "a test");
  }

  @Override
  public void close() {}
}
