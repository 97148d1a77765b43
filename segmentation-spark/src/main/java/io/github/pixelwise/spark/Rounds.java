package io.github.pixelwise.spark;

import io.github.pixelwise.SegmentationException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Segments photographs round by round. While the last tasks of a round end, those of the next one
 * have begun.
 */
final class Rounds {
  private static final System.Logger LOG = System.getLogger(Rounds.class.getName());

  /** Rounds that are in work at the same time. */
  private static final int AT_A_TIME = 2;

  private final JavaSparkContext context;
  private final Splits splits;
  private final PhotographTable table;
  private final RowSegmenter segmenter;
  private final boolean files;
  private final String group = "pixelwise-" + UUID.randomUUID();
  private final Queue<Future<?>> running = new ArrayDeque<>();
  private Map<String, String> stems = new HashMap<>();
  private long skipped;

  /**
   * @param splits the photographs
   * @param table where their rows go
   * @param segmenter what makes the rows
   * @param files whether products are written to files
   */
  Rounds(
      JavaSparkContext context,
      Splits splits,
      PhotographTable table,
      RowSegmenter segmenter,
      boolean files) {
    this.context = context;
    this.splits = splits;
    this.table = table;
    this.segmenter = segmenter;
    this.files = files;
  }

  /** How many photographs had a row before. */
  long skipped() {
    return skipped;
  }

  /**
   * Segments the photographs that have no row yet.
   *
   * @throws IOException if photographs cannot be listed, or two would write the same file
   */
  void run() throws IOException, InterruptedException {
    boolean resumes = table.hasRows();
    long found = 0;
    ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      for (List<ListedPhotograph> round = splits.nextRound();
          !round.isEmpty();
          round = splits.nextRound()) {
        if (files) {
          requireDistinct(round);
        }
        List<ListedPhotograph> left = resumes ? withoutKnown(round) : round;
        found += round.size();
        skipped += round.size() - left.size();
        LOG.log(System.Logger.Level.INFO, "{0} photos found, {1} skipped", found, skipped);
        if (!left.isEmpty()) {
          await(AT_A_TIME - 1);
          running.add(workers.submit(() -> segment(left)));
        }
      }
      await(0);
    } finally {
      workers.shutdown();
      if (!running.isEmpty() && !context.sc().isStopped()) {
        context.cancelJobGroup(group);
      }
    }
  }

  private void segment(List<ListedPhotograph> photographs) {
    context.setJobGroup(group, "segments " + photographs.size() + " photos", true);
    table.append(segmenter.applyTo(table.rows(splits.divide(photographs))));
  }

  /** Waits until no more than some rounds are in work. */
  private void await(int most) throws IOException, InterruptedException {
    while (running.size() > most) {
      Future<?> first = running.element();
      try {
        first.get();
        running.remove();
      } catch (ExecutionException e) {
        throw failure(e);
      }
    }
  }

  /**
   * What was wrong in a task.
   *
   * @throws IOException if it was its output
   */
  static RuntimeException failure(Throwable e) throws IOException {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SegmentationException
          || cause instanceof ProductSink.FailedException
          || cause instanceof IllegalArgumentException) {
        return (RuntimeException) cause;
      }
      if (cause instanceof IOException io) {
        throw new IOException(String.valueOf(io.getMessage()), e);
      }
    }
    return new IllegalStateException(e);
  }

  private List<ListedPhotograph> withoutKnown(List<ListedPhotograph> round) {
    Set<String> known = table.known(round);
    return round.stream().filter(photograph -> !known.contains(photograph.path())).toList();
  }

  /** Compares photographs with those of the same round and of the one before. */
  private void requireDistinct(List<ListedPhotograph> round) throws IOException {
    Map<String, String> before = stems;
    stems = new HashMap<>();
    for (ListedPhotograph photograph : round) {
      String stem = FileSink.stem(photograph.name());
      String other = before.getOrDefault(stem, stems.put(stem, photograph.path()));
      if (other != null) {
        throw new IOException(
            "%s and %s would both write %s.*. Rename one, or run them separately with different output folders."
                .formatted(other, photograph.path(), stem));
      }
    }
  }
}
