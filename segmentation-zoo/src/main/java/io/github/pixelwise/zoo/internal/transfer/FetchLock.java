package io.github.pixelwise.zoo.internal.transfer;

import io.github.pixelwise.zoo.FetchProgress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Keeps other threads and processes from fetching the same model. The empty lock file is never
 * deleted, because a process that waits for the lock still has it open.
 */
public final class FetchLock implements AutoCloseable {
  /** File locks belong to the process, so threads need their own locks. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final Path folder;
  private final ReentrantLock thread;
  private final FileChannel channel;

  private FetchLock(Path folder, ReentrantLock thread, FileChannel channel) {
    this.folder = folder;
    this.thread = thread;
    this.channel = channel;
  }

  /** Work in the folder of a lock file. */
  @FunctionalInterface
  public interface Work<T> {
    /** Works. */
    T in(Path folder) throws IOException, InterruptedException;
  }

  /**
   * Works while holding a lock.
   *
   * @param file the real path of the lock file
   * @param name what is fetched, for messages
   * @param unwritable makes the exception if a file cannot be written
   * @throws InterruptedIOException if the thread is interrupted; its interrupt status is kept
   */
  public static <T> T holding(
      Path file,
      String name,
      FetchProgress progress,
      UnaryOperator<IOException> unwritable,
      Work<T> work)
      throws IOException {
    try (FetchLock lock =
        acquire(file, () -> progress.at(FetchProgress.Phase.WAITING, 0, OptionalLong.empty()))) {
      return work.in(lock.folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(name, e);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(name, e); // how channels react to an interrupt
      }
      throw e instanceof FileSystemException ? unwritable.apply(e) : e;
    }
  }

  private static InterruptedIOException interrupted(String name, Exception cause) {
    InterruptedIOException e = new InterruptedIOException("fetching " + name + " was interrupted");
    e.initCause(cause);
    return e;
  }

  /**
   * Waits for the lock.
   *
   * @param file the real path of the lock file
   * @param waiting called before waiting, if necessary
   */
  private static FetchLock acquire(Path file, Runnable waiting)
      throws IOException, InterruptedException {
    ReentrantLock thread = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    if (!thread.tryLock()) {
      waiting.run();
      thread.lockInterruptibly();
    }
    try {
      return new FetchLock(file.resolveSibling(""), thread, lock(file, waiting));
    } catch (Throwable e) {
      thread.unlock();
      throw e;
    }
  }

  private static FileChannel lock(Path file, Runnable waiting) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        waiting.run();
        channel.lock();
      }
      return channel;
    } catch (OverlappingFileLockException e) { // locked by this JVM in another class loader
      channel.close();
      throw new IOException("cannot lock " + file + ": this JVM has locked it already", e);
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot lock %s: %s".formatted(file, e.getMessage()), e);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      thread.unlock();
    }
  }
}
