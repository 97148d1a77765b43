package io.github.pixelwise.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionPoolTest {
  /** The keys of all members that were made, and of those that were closed, in order. */
  private final List<Integer> made = Collections.synchronizedList(new ArrayList<>());

  private final List<Integer> closed = Collections.synchronizedList(new ArrayList<>());

  /** An engine for one thread. */
  private final class Engine implements AutoCloseable {
    private final int key;
    private final AtomicBoolean busy = new AtomicBoolean();

    Engine(int key) {
      this.key = key;
      made.add(key);
    }

    int run() {
      assertThat(busy.getAndSet(true)).as("used by another thread").isFalse();
      Thread.onSpinWait();
      busy.set(false);
      return key;
    }

    @Override
    public void close() {
      closed.add(key);
    }
  }

  private SessionPool<Integer, Engine> pool(int limit) {
    return new SessionPool<>(Engine::new, limit);
  }

  private static void use(SessionPool<Integer, Engine> pool, int... keys) throws IOException {
    for (int key : keys) {
      assertThat(pool.use(key, Engine::run)).isEqualTo(key);
    }
  }

  @Test
  void aMemberIsMadeOnceWhileThereIsRoom() throws IOException {
    try (SessionPool<Integer, Engine> pool = pool(3)) {
      use(pool, 4, 5, 6, 6, 5, 4);
      assertThat(closed).isEmpty();
    }
    assertThat(made).containsExactly(4, 5, 6);
    assertThat(closed).containsExactlyInAnyOrder(4, 5, 6);
  }

  @Test
  void theOneUsedLongestAgoIsClosed() throws IOException {
    try (SessionPool<Integer, Engine> pool = pool(2)) {
      use(pool, 4, 5, 4, 6, 4, 5);
      assertThat(closed).containsExactly(5, 6);
    }
    assertThat(made).containsExactly(4, 5, 6, 5);
  }

  @Test
  void aPreparedMemberIsUsed() throws IOException {
    try (SessionPool<Integer, Engine> pool = pool(2)) {
      pool.prepare(7);
      use(pool, 7);
    }
    assertThat(made).containsExactly(7);
  }

  @Test
  void callersWaitWhereAllAreInUse() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (SessionPool<Integer, Engine> pool = pool(2)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(
            threads.submit(
                () -> {
                  for (int run = 0; run < 200; run++) {
                    use(pool, run % 3);
                    runs.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(runs).hasValue(8 * 200);
    assertThat(closed).hasSameSizeAs(made);
  }

  @Test
  void failuresTakeNoRoom() throws IOException {
    AtomicBoolean broken = new AtomicBoolean();
    try (SessionPool<Integer, Engine> pool =
        new SessionPool<>(
            key -> {
              if (broken.get()) {
                throw new IOException("broken");
              }
              return new Engine(key);
            },
            1)) {
      for (int i = 0; i < 3; i++) {
        broken.set(true);
        assertThatThrownBy(() -> use(pool, 1)).isInstanceOf(IOException.class);
        broken.set(false);
        assertThatThrownBy(
                () ->
                    pool.use(
                        2,
                        engine -> {
                          throw new IllegalStateException("failed");
                        }))
            .hasMessage("failed");
      }
      assertThat(closed).containsExactly(2, 2, 2);
      use(pool, 3, 3);
    }
    assertThat(made).containsExactly(2, 2, 2, 3);
  }

  @Test
  void aFailureToCloseDoesNotHideTheOthers() throws IOException {
    SessionPool<Integer, AutoCloseable> pool =
        new SessionPool<>(
            key ->
                () -> {
                  closed.add(key);
                  throw new IllegalStateException("member " + key);
                },
            2);
    pool.prepare(1);
    pool.prepare(2);

    assertThatThrownBy(pool::close)
        .hasMessage("member 1")
        .hasSuppressedException(new IllegalStateException("member 2"));
    assertThat(closed).containsExactly(1, 2);
    pool.close();
  }

  @Test
  void aPoolHoldsAtLeastOneMember() {
    assertThatThrownBy(() -> pool(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a pool holds at least 1 member, found 0");
  }
}
