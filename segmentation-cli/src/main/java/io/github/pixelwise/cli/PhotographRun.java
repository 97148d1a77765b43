package io.github.pixelwise.cli;

import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.cli.internal.Reason;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Segments photos on several threads, so that one is decoded and another encoded while a third is
 * in the network.
 */
final class PhotographRun {
  private final Segmenter segmenter;
  private final Recipe recipe;
  private final Outputs outputs;
  private final PhotographReader reader;
  private final OutputFiles files;
  private final Progress progress;
  private final Queue<Photograph> large = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger kept = new AtomicInteger();
  private final AtomicBoolean saidOnMap = new AtomicBoolean();
  private volatile boolean stopped;

  PhotographRun(
      Segmenter segmenter,
      Recipe recipe,
      Outputs outputs,
      PhotographReader reader,
      OutputFiles files,
      Progress progress) {
    this.segmenter = segmenter;
    this.recipe = recipe;
    this.outputs = outputs;
    this.reader = reader;
    this.files = files;
    this.progress = progress;
  }

  /** Segments all photos; returns when none are left, or soon after {@link #stop}. */
  void process(Collection<Photograph> photographs, int threads) throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    Queue<Task> tooLarge = new ConcurrentLinkedQueue<>();
    try {
      photographs.forEach(photograph -> workers.execute(() -> process(photograph, tooLarge::add)));
    } finally {
      workers.shutdown();
      workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
    // What did not fit in the heap next to others may fit alone.
    tooLarge.forEach(task -> process(task, this::failForMemory));
  }

  /** Lets files that are being written be finished, and starts nothing new. */
  void stop() {
    stopped = true;
  }

  /** The photos so far that have too many pixels to be read as a whole, in any order. */
  Collection<Photograph> takeLarge() {
    List<Photograph> taken = List.copyOf(large);
    large.clear();
    return taken;
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

  /** The number of files written. */
  int files() {
    return written.get();
  }

  /** The number of files not written because they already existed. */
  int kept() {
    return kept.get();
  }

  /** What is left to do for a photo. Not thread-safe. */
  private static final class Task {
    private final Photograph photograph;

    /** What is still to be written; each is removed once it is written or has failed. */
    private final List<Product> products;

    private boolean failed;

    Task(Photograph photograph, List<Product> products) {
      this.photograph = photograph;
      this.products = products;
    }
  }

  private void process(Photograph photograph, Consumer<Task> outOfMemory) {
    if (stopped) {
      return;
    }
    List<Product> missing =
        outputs.products().stream()
            .filter(product -> outputs.isMissing(photograph, product))
            .collect(Collectors.toCollection(ArrayList::new));
    kept.addAndGet(files(outputs.products()) - files(missing));
    if (missing.isEmpty()) {
      skipped.incrementAndGet();
      progress.step();
    } else {
      process(new Task(photograph, missing), outOfMemory);
    }
  }

  /** How many files there are without those that become parts of others. */
  private int files(Collection<Product> products) {
    return (int) products.stream().filter(product -> !outputs.isPart(product)).count();
  }

  private void process(Task task, Consumer<Task> outOfMemory) {
    try {
      segment(task);
    } catch (OutOfMemoryError e) {
      outOfMemory.accept(task);
      return;
    } catch (PhotographReader.TooLargeException e) {
      large.add(task.photograph);
      return;
    } catch (IOException | RuntimeException | Error e) {
      fail(task, reason(e));
    }
    finish(task);
  }

  /** Writes what is missing, unless stopped. If one product fails, the others are still written. */
  private void segment(Task task) throws IOException {
    if (stopped) {
      return;
    }
    Photograph photograph = task.photograph;
    Picture picture = reader.read(photograph.source());
    if (stopped) {
      return;
    }
    Products made = recipe.apply(segmenter, picture).withName(photograph.name());
    for (Iterator<Product> left = task.products.iterator(); left.hasNext() && !stopped; ) {
      Product product = left.next();
      Path file = outputs.file(photograph, product);
      try {
        Products located = located(made, photograph, product, file);
        files.write(file, out -> located.write(product, out));
        written.addAndGet(outputs.isPart(product) ? 0 : 1);
      } catch (IOException | RuntimeException e) {
        fail(task, "cannot write %s: %s".formatted(name(file, "standard output"), reason(e)));
      }
      left.remove();
    }
  }

  /** The products with what a file says of the photo's place. */
  private Products located(Products made, Photograph photograph, Product product, Path file)
      throws IOException {
    Products located = made.withPath(photograph.pathFrom(file));
    if (product != Product.GEOJSON || photograph.source().equals(Photograph.STANDARD_STREAM)) {
      return located;
    }
    Products onMap = located.withMapOf(photograph.source());
    if (onMap.mapSource().isPresent() && !saidOnMap.getAndSet(true)) {
      progress.error(
          "GeoJSON is in map coordinates where a photo has them, for example in "
              + onMap.mapSource().get());
    }
    return onMap;
  }

  private void failForMemory(Task task) {
    fail(task, "it does not fit in the heap. Use a larger one, for example JAVA_OPTS=-Xmx4g");
    finish(task);
  }

  private void fail(Task task, String reason) {
    task.failed = true;
    String name = name(task.photograph.source(), "standard input");
    boolean named = reason.startsWith("cannot read " + name + ": ");
    progress.error(named ? reason : name + ": " + reason);
  }

  private void finish(Task task) {
    if (task.failed) {
      failed.incrementAndGet();
    } else if (task.products.isEmpty()) {
      done.incrementAndGet();
    }
    progress.step();
  }

  private static String name(Path path, String standardStream) {
    return path.equals(Photograph.STANDARD_STREAM) ? standardStream : path.toString();
  }

  /** Why something failed, in a sentence. */
  static String reason(Throwable e) {
    if (e instanceof IOException file) {
      return Reason.of(file);
    }
    return e instanceof SegmentationException || e instanceof IllegalArgumentException
        ? String.valueOf(e.getMessage())
        : "unexpected: " + e;
  }
}
