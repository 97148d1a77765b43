package io.github.pixelwise.training;

import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.training.internal.EpochEntry;
import io.github.pixelwise.training.internal.loading.BatchLoader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The times of an epoch. */
final class Stopwatch {
  private final BatchLoader loader;
  private final Duration waitedBefore;
  private final long start = System.nanoTime();
  private long saved = start;
  private long trained = start;
  private long photographs;
  private long steps;

  Stopwatch(BatchLoader loader) {
    this.loader = loader;
    waitedBefore = loader.waited();
  }

  void photographs(int more) {
    photographs += more;
  }

  void step() {
    steps++;
  }

  /** Ends the part of the epoch that is not validation. */
  void endTraining() {
    trained = System.nanoTime();
  }

  Duration sinceSaved() {
    return Duration.ofNanos(System.nanoTime() - saved);
  }

  void saved() {
    saved = System.nanoTime();
  }

  double photosPerSecond() {
    return photographs / (trainingNanos() / 1e9);
  }

  private double trainingNanos() {
    return Math.max(1, (trained == start ? System.nanoTime() : trained) - start);
  }

  /** The share of the training time in which no batch was ready. */
  double waitingShare() {
    return loader.waited().minus(waitedBefore).toNanos() / trainingNanos();
  }

  /** What the log says about an epoch, which ends now. */
  EpochEntry entry(RunPosition position, double rate, Optional<SegmentationMetrics> metrics) {
    List<Double> classes =
        metrics
            .map(found -> IntStream.range(0, found.classes()).mapToObj(found::iou).toList())
            .orElse(List.of());
    return new EpochEntry(
        position.epoch() + 1,
        position.step(),
        position.meanLoss(),
        rate,
        photosPerSecond(),
        waitingShare(),
        metrics.map(SegmentationMetrics::meanIou).orElse(Double.NaN),
        metrics.map(SegmentationMetrics::pixelAccuracy).orElse(Double.NaN),
        classes,
        (System.nanoTime() - start) / 1e9);
  }

  TrainingProgress progress(
      RunPosition position, int stepsPerEpoch, int epochs, double loss, double rate) {
    long left = (long) (epochs - position.epoch()) * stepsPerEpoch - position.stepOfEpoch();
    return new TrainingProgress(
        position.epoch() + 1,
        epochs,
        position.stepOfEpoch(),
        stepsPerEpoch,
        loss,
        rate,
        photosPerSecond(),
        Duration.ofNanos((long) (left * trainingNanos() / Math.max(1, steps))));
  }
}
