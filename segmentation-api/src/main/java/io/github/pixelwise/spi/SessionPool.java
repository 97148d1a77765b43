package io.github.pixelwise.spi;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool for engines that serve one thread at a time: its members are created on demand,
 * used by one caller at a time, and kept for the next one. A session that runs on a pool is
 * {@linkplain InferenceSession#concurrent concurrent}.
 *
 * <p>Members have a key, such as the shape of the input for which an engine compiles a network. An
 * engine that takes any input uses a single key. If a new member would exceed the limit, the least
 * recently used idle member is closed. If all members are in use, callers wait in the order of
 * arrival. Safe for use by several threads.
 *
 * <pre>{@code
 * SessionPool<List<Integer>, Net> nets = new SessionPool<>(shape -> Net.load(file, shape), 4);
 * FloatTensor output = nets.use(shape, net -> net.run(input));
 * }</pre>
 *
 * @param <K> the type of the keys, compared by {@code equals}
 * @param <T> the type of the members, which the pool owns and closes
 */
public final class SessionPool<K, T extends AutoCloseable> implements AutoCloseable {
  /**
   * Creates members.
   *
   * @param <K> the type of the keys
   * @param <T> the type of the members
   */
  @FunctionalInterface
  public interface Factory<K, T> {
    /**
     * Creates a member. May be called by several threads at once.
     *
     * @param key its key
     * @return the member, owned by the pool
     * @throws IOException if a file cannot be read
     */
    T make(K key) throws IOException;
  }

  /**
   * Uses a member.
   *
   * @param <T> the type of the members
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Use<T, R> {
    /**
     * Uses a member, in one thread.
     *
     * @param member the member, which must not be kept
     * @return the result, which may be used after the member is closed
     * @throws IOException if a file cannot be read
     */
    R with(T member) throws IOException;
  }

  private record Member<K, T>(K key, T value) {}

  private final Factory<K, T> factory;
  private final int limit;

  /** One for each member that may be in use. */
  private final Semaphore permits;

  /** Owned; the least recently used one first. */
  private final Deque<Member<K, T>> idle = new ArrayDeque<>();

  private int inUse;

  /**
   * Creates an empty pool.
   *
   * @param factory creates members
   * @param limit the maximum number of members, at least 1
   * @throws IllegalArgumentException if the limit is below 1
   */
  public SessionPool(Factory<K, T> factory, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a pool holds at least 1 member, found " + limit);
    }
    this.factory = factory;
    this.limit = limit;
    permits = new Semaphore(limit, true);
  }

  /**
   * Creates a member for a key unless an idle one exists, so that the first use need not wait for
   * it.
   *
   * @param key its key
   * @throws IOException if the factory throws it
   * @throws RuntimeException if the factory throws it
   */
  public void prepare(K key) throws IOException {
    permits.acquireUninterruptibly();
    try {
      giveBack(take(key));
    } finally {
      permits.release();
    }
  }

  /**
   * Uses a member, after waiting for one if all are in use. A member whose use fails is closed,
   * because the failure may have left it in a bad state.
   *
   * @param <R> the type of the result
   * @param key the member's key
   * @param use what to do with it
   * @return what {@code use} returns
   * @throws IOException if the factory or {@code use} throws it
   * @throws RuntimeException if the factory or {@code use} throws it
   */
  public <R> R use(K key, Use<? super T, R> use) throws IOException {
    permits.acquireUninterruptibly();
    try {
      Member<K, T> member = take(key);
      try {
        R result = use.with(member.value());
        giveBack(member);
        return result;
      } catch (IOException | RuntimeException | Error e) {
        drop(member, e);
        throw e;
      }
    } finally {
      permits.release();
    }
  }

  private Member<K, T> take(K key) throws IOException {
    Member<K, T> surplus;
    synchronized (this) {
      Member<K, T> member = removeIdle(key);
      surplus = member == null && idle.size() + inUse == limit ? idle.pollFirst() : null;
      inUse++;
      if (member != null) {
        return member;
      }
    }
    try {
      if (surplus != null) {
        close(surplus.value());
      }
      return new Member<>(key, factory.make(key));
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        inUse--;
      }
      throw e;
    }
  }

  /**
   * Removes the most recently used idle member with that key, whose memory is most likely still in
   * the cache.
   */
  private @Nullable Member<K, T> removeIdle(K key) {
    for (Iterator<Member<K, T>> members = idle.descendingIterator(); members.hasNext(); ) {
      Member<K, T> member = members.next();
      if (member.key().equals(key)) {
        members.remove();
        return member;
      }
    }
    return null;
  }

  private synchronized void giveBack(Member<K, T> member) {
    inUse--;
    idle.addLast(member);
  }

  private void drop(Member<K, T> member, Throwable failure) {
    synchronized (this) {
      inUse--;
    }
    try {
      close(member.value());
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static void close(AutoCloseable member) {
    try {
      member.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("%s cannot be closed: %s".formatted(member, e), e);
    }
  }

  /**
   * Closes all members. None may still be in use. Closing again does nothing.
   *
   * @throws RuntimeException if a member's {@code close} fails; the others are closed anyway
   */
  @Override
  public synchronized void close() {
    @Nullable RuntimeException failure = null;
    for (Member<K, T> member = idle.poll(); member != null; member = idle.poll()) {
      try {
        close(member.value());
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
