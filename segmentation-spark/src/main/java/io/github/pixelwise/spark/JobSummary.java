package io.github.pixelwise.spark;

import java.time.Duration;
import java.util.Locale;

/**
 * What a {@link SegmentationJob} has done.
 *
 * @param segmented the photographs that were segmented
 * @param skipped those that had a row already
 * @param failed those whose row says why they cannot be segmented
 * @param files the files written besides the table
 * @param time how long it took after the model was open
 */
public record JobSummary(long segmented, long skipped, long failed, long files, Duration time) {
  /** The line that {@code segment run} prints, too. */
  @Override
  public String toString() {
    double seconds = time.toNanos() / 1e9;
    return String.format(
        Locale.ROOT,
        "%d segmented, %d skipped, %d failed; %d files written in %.1f s, %.2f photos/s",
        segmented,
        skipped,
        failed,
        files,
        seconds,
        segmented / seconds);
  }
}
