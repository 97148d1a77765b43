package io.github.pixelwise.server;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Admits work only while the heap has room for it, so that a large photo waits instead of failing
 * others. A quarter of the room is for small photos alone, which so do not wait behind large ones.
 * Fair: among its equals, who comes first is admitted first.
 */
final class HeapGate {
  private static final long MEBIBYTE = 1 << 20;

  private final Semaphore large;
  private final Semaphore small;
  private final int largeRoom;
  private final int smallRoom;

  /**
   * @param bytes how much work may need together
   */
  HeapGate(long bytes) {
    int size = (int) Math.max(4, bytes / MEBIBYTE);
    smallRoom = size / 4;
    largeRoom = size - smallRoom;
    small = new Semaphore(smallRoom, true);
    large = new Semaphore(largeRoom, true);
  }

  /** Work on a photo. */
  @FunctionalInterface
  interface Task {
    Answer run() throws IOException;
  }

  /**
   * Does work when there is room for it; work that needs more than there is gets all there is for
   * large photos.
   *
   * @param bytes how much it needs
   */
  Answer run(long bytes, Task task) throws IOException, InterruptedException {
    int wanted = (int) Math.min(largeRoom, bytes / MEBIBYTE + 1);
    return wanted <= smallRoom / 2 ? within(small, wanted, task) : within(large, wanted, task);
  }

  /** Does work when nothing else is worked on. */
  Answer runAlone(Task task) throws IOException, InterruptedException {
    large.acquire(largeRoom);
    try {
      return within(small, smallRoom, task);
    } finally {
      large.release(largeRoom);
    }
  }

  private static Answer within(Semaphore room, int wanted, Task task)
      throws IOException, InterruptedException {
    room.acquire(wanted);
    try {
      return task.run();
    } finally {
      room.release(wanted);
    }
  }
}
