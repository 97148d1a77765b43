package io.github.pixelwise.training;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A sample that interrupts a thread when it is read, and goes on when that has noticed. */
record Interrupting(Sample sample, Thread thread, AtomicInteger left) implements Sample {
  /** Samples that interrupt the current thread once, when the given number of them is read. */
  static UnaryOperator<Sample> after(int count) {
    Thread thread = Thread.currentThread();
    AtomicInteger left = new AtomicInteger(count);
    return sample -> new Interrupting(sample, thread, left);
  }

  @Override
  public String name() {
    return sample.name();
  }

  @Override
  public RgbImage photograph() throws IOException {
    if (left.decrementAndGet() == 0) {
      thread.interrupt();
      while (thread.isInterrupted()) {
        Thread.onSpinWait();
      }
    }
    return sample.photograph();
  }

  @Override
  public CategoryMask truth() throws IOException {
    return sample.truth();
  }
}
