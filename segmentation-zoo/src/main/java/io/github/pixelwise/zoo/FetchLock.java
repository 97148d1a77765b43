package io.github.pixelwise.zoo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps other threads and processes from fetching the same model. The empty lock file is never
 * deleted, because a process that waits for the lock still has it open.
 */
final class FetchLock implements AutoCloseable {
  /** File locks belong to the process, so threads need their own locks. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private FetchLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param file the real path of the lock file
   * @param waiting called before waiting, if necessary
   */
  static FetchLock acquire(Path file, Runnable waiting) throws IOException, InterruptedException {
    ReentrantLock thread = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    if (!thread.tryLock()) {
      waiting.run();
      thread.lockInterruptibly();
    }
    try {
      return new FetchLock(thread, lock(file, waiting));
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
