package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParallelismTest {
  private static final Executor NEVER = task -> {};

  private static void requireEachRowOnce(Parallelism parallelism, int rows, int minimum) {
    AtomicIntegerArray worked = new AtomicIntegerArray(rows);
    parallelism.forRows(
        rows,
        minimum,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            worked.incrementAndGet(y);
          }
        });
    for (int y = 0; y < rows; y++) {
      assertThat(worked.get(y)).as("row %d", y).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 16", "17, 1, 16", "1000, 3, 1", "1000, 8, 32", "5, 64, 1"})
  void everyRowIsWorkedOnOnce(int rows, int threads, int minimum) {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      requireEachRowOnce(Parallelism.of(pool, threads), rows, minimum);
      requireEachRowOnce(Parallelism.common().atMost(threads), rows, minimum);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aCallEndsEvenIfTheExecutorNeverRunsAnything() {
    requireEachRowOnce(Parallelism.of(NEVER, 4), 100, 1);
  }

  @Test
  void aCallEndsEvenIfTheExecutorRefuses() {
    Executor closed =
        task -> {
          throw new RejectedExecutionException("closed");
        };

    requireEachRowOnce(Parallelism.of(closed, 4), 100, 1);
  }

  @Test
  void noMoreThreadsWorkThanItSays() {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try {
      Parallelism.of(pool, 8)
          .atMost(2)
          .forRows(
              400,
              1,
              (from, to) -> {
                threads.add(Thread.currentThread());
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                atOnce.decrementAndGet();
              });
    } finally {
      pool.shutdown();
    }
    assertThat(most.get()).isBetween(1, 2);
    assertThat(threads).hasSizeLessThanOrEqualTo(2);
    assertThat(Parallelism.of(NEVER, 8).atMost(2).threads()).isEqualTo(2);
    assertThat(Parallelism.of(NEVER, 2).atMost(8).threads()).isEqualTo(2);
  }

  @Test
  void theExceptionOfABandIsThrownWhenAllAreDone() {
    AtomicInteger rows = new AtomicInteger();

    assertThatThrownBy(
            () ->
                Parallelism.common()
                    .forRows(
                        100,
                        1,
                        (from, to) -> {
                          rows.addAndGet(to - from);
                          throw new IllegalArgumentException("no such row");
                        }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no such row");
    assertThat(rows).hasValue(100);
  }

  @Test
  void thereIsAtLeastOneThread() {
    assertThatThrownBy(() -> Parallelism.of(NEVER, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be at least 1, found 0");
  }
}
