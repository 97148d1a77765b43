package io.github.pixelwise.evaluation;

import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Evaluates all images of a data set, several at once. */
final class EvaluationRun {
  private final Dataset dataset;
  private final ImageEvaluator evaluator;
  private final int threads;
  private final Consumer<ImageResult> listener;

  EvaluationRun(
      Dataset dataset, ImageEvaluator evaluator, int threads, Consumer<ImageResult> listener) {
    this.dataset = dataset;
    this.evaluator = evaluator;
    this.threads = threads;
    this.listener = listener;
  }

  /**
   * Evaluates the images that are not done.
   *
   * @return all results, in the order of the data set
   */
  List<ImageResult> results(List<ImageResult> done) throws IOException, InterruptedException {
    Map<String, ImageResult> results = new HashMap<>();
    done.forEach(result -> results.put(result.name(), result));
    List<Sample> open =
        dataset.samples().stream().filter(sample -> !results.containsKey(sample.name())).toList();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      ExecutorCompletionService<ImageResult> service = new ExecutorCompletionService<>(workers);
      // No more than this is submitted ahead, so that a failure ends the run soon.
      int ahead = Math.min(open.size(), 2 * threads);
      for (int i = 0; i < ahead; i++) {
        submit(service, open.get(i));
      }
      for (int i = 0; i < open.size(); i++) {
        ImageResult result = get(service.take());
        if (i + ahead < open.size()) {
          submit(service, open.get(i + ahead));
        }
        listener.accept(result);
        results.put(result.name(), result);
      }
    } finally {
      workers.shutdownNow();
      workers.awaitTermination(1, TimeUnit.MINUTES);
    }
    List<ImageResult> ordered = new ArrayList<>();
    dataset
        .samples()
        .forEach(sample -> ordered.add(Objects.requireNonNull(results.get(sample.name()))));
    return ordered;
  }

  private void submit(ExecutorCompletionService<ImageResult> service, Sample sample) {
    service.submit(() -> evaluator.evaluate(sample));
  }

  private static ImageResult get(Future<ImageResult> future)
      throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
      throw new IOException(cause);
    }
  }
}
