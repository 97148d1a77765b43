package io.github.pixelwise.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Divides photographs among tasks by the bytes to read. Takes only as many at a time as tasks of
 * one round need.
 */
final class Splits {
  /**
   * What it costs to segment any photograph, in bytes that could be decoded and encoded instead.
   */
  private static final long PHOTOGRAPH = 1 << 20;

  /** Bounds what a task loses if its executor is lost, and what the driver holds. */
  private static final int MOST_PHOTOGRAPHS = 1000;

  private final RemoteIterator<ListedPhotograph> photographs;
  private final long splitBytes;
  private final IntSupplier tasks;

  /**
   * @param photographs the photographs
   * @param splitBytes how many bytes a task may get, unless a single photograph has more
   * @param tasks how many tasks a round has at least, if there are as many photographs; asked for
   *     each round, because clusters grow with their work
   */
  Splits(RemoteIterator<ListedPhotograph> photographs, long splitBytes, IntSupplier tasks) {
    this.photographs = photographs;
    this.splitBytes = splitBytes;
    this.tasks = tasks;
  }

  /** The photographs of the next round, at most those of so many full splits; empty at the end. */
  List<ListedPhotograph> nextRound() throws IOException {
    List<ListedPhotograph> round = new ArrayList<>();
    int tasks = this.tasks.getAsInt();
    long most = Math.min(splitBytes, Long.MAX_VALUE / tasks) * tasks;
    long cost = 0;
    while (photographs.hasNext()
        && (cost < most || round.size() < tasks)
        && round.size() < MOST_PHOTOGRAPHS * tasks) {
      ListedPhotograph photograph = photographs.next();
      round.add(photograph);
      cost += cost(photograph);
    }
    return round;
  }

  /** Divides a round into splits of about the same cost, in the order of the photographs. */
  List<List<ListedPhotograph>> divide(List<ListedPhotograph> round) {
    long total = round.stream().mapToLong(Splits::cost).sum();
    long each = Math.min(splitBytes, Math.max(1, total / tasks.getAsInt()));
    List<List<ListedPhotograph>> splits = new ArrayList<>();
    List<ListedPhotograph> split = new ArrayList<>();
    long cost = 0;
    for (ListedPhotograph photograph : round) {
      if (!split.isEmpty()
          && (cost + cost(photograph) / 2 > each
              || cost + cost(photograph) > splitBytes
              || split.size() == MOST_PHOTOGRAPHS)) {
        splits.add(split);
        split = new ArrayList<>();
        cost = 0;
      }
      split.add(photograph);
      cost += cost(photograph);
    }
    if (!split.isEmpty()) {
      splits.add(split);
    }
    return splits;
  }

  private static long cost(ListedPhotograph photograph) {
    return PHOTOGRAPH + photograph.length();
  }
}
