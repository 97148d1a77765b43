package io.github.pixelwise.cli;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.awt.Images;
import io.github.pixelwise.internal.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Segments photographs, each on a thread of its own, so that one is decoded and another encoded
 * while a third is in the network.
 */
final class PhotographRun {
  private final Segmenter segmenter;
  private final Masking masking;
  private final Set<Product> products;
  private final ProductWriter writer;
  private final boolean force;
  private final Progress progress;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger files = new AtomicInteger();
  private final AtomicInteger kept = new AtomicInteger();
  private volatile boolean stopped;

  PhotographRun(
      Segmenter segmenter,
      Masking masking,
      Set<Product> products,
      ProductWriter writer,
      boolean force,
      Progress progress) {
    this.segmenter = segmenter;
    this.masking = masking;
    this.products = products;
    this.writer = writer;
    this.force = force;
    this.progress = progress;
  }

  /** Works on all photographs; returns when none is left, or soon after {@link #stop}. */
  void process(Collection<Photograph> photographs, int threads) throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    Queue<Task> tooLarge = new ConcurrentLinkedQueue<>();
    try {
      photographs.forEach(photograph -> workers.execute(() -> process(photograph, tooLarge::add)));
    } finally {
      workers.shutdown();
      workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
    // What did not fit the heap beside others may fit it alone.
    tooLarge.forEach(task -> process(task, this::failForMemory));
  }

  /** Lets files that are being written be finished, and nothing else be begun. */
  void stop() {
    stopped = true;
  }

  int done() {
    return done.get();
  }

  int skipped() {
    return skipped.get();
  }

  int failed() {
    return failed.get();
  }

  /** Files that were written. */
  int files() {
    return files.get();
  }

  /** Files that were there before, and so were not written. */
  int kept() {
    return kept.get();
  }

  /**
   * What is left to do.
   *
   * @param photograph the photograph
   * @param products what is still to be written of it; each is taken out when it is
   */
  private record Task(Photograph photograph, List<Product> products) {}

  private void process(Photograph photograph, Consumer<Task> outOfMemory) {
    if (stopped) {
      return;
    }
    List<Product> missing =
        products.stream()
            .filter(product -> force || !Files.exists(photograph.output(product)))
            .collect(Collectors.toCollection(ArrayList::new));
    kept.addAndGet(products.size() - missing.size());
    if (missing.isEmpty()) {
      skipped.incrementAndGet();
      progress.step();
    } else {
      process(new Task(photograph, missing), outOfMemory);
    }
  }

  private void process(Task task, Consumer<Task> outOfMemory) {
    try {
      segment(task);
      if (task.products().isEmpty()) {
        done.incrementAndGet();
      }
    } catch (OutOfMemoryError e) {
      outOfMemory.accept(task);
      return;
    } catch (IOException | SegmentationException | IllegalArgumentException e) {
      fail(task.photograph(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      fail(task.photograph(), "unexpected: " + e);
    }
    progress.step();
  }

  /** Writes what is missing, unless stopped in between. */
  private void segment(Task task) throws IOException {
    if (stopped) {
      return;
    }
    Photograph photograph = task.photograph();
    RgbImage image = read(photograph.source());
    if (stopped) {
      return;
    }
    SegmentationResult result = masking.segment(segmenter, image);
    for (Iterator<Product> left = task.products().iterator(); left.hasNext() && !stopped; ) {
      Product product = left.next();
      Path file = photograph.output(product);
      try {
        Files.createDirectories(file.toAbsolutePath().getParent());
        writer.write(product, file, image, result, segmenter);
      } catch (IOException e) {
        throw new IOException("cannot write %s: %s".formatted(file, Reason.of(e)), e);
      }
      left.remove();
      files.incrementAndGet();
    }
  }

  /** Reads a photograph; where the heap is too small for it, fails as everything else does then. */
  private static RgbImage read(Path photograph) throws IOException {
    try {
      return Images.read(photograph);
    } catch (IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof OutOfMemoryError error) {
          throw error;
        }
      }
      throw e;
    }
  }

  private void failForMemory(Task task) {
    fail(task.photograph(), "it does not fit the heap; raise it, for example by JAVA_OPTS=-Xmx4g");
    progress.step();
  }

  private void fail(Photograph photograph, String reason) {
    failed.incrementAndGet();
    String path = photograph.source().toString();
    boolean named = reason.startsWith("cannot read " + path + ": ");
    progress.error(named ? reason : path + ": " + reason);
  }
}
