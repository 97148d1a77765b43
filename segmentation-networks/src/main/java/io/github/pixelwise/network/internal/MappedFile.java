package io.github.pixelwise.network.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A memory-mapped file. A mapping is limited to 2 GiB, so longer files are mapped in windows of
 * that size, one starting at each GiB. Any slice of up to 1 GiB lies in one of them.
 */
public final class MappedFile {
  /** The most bytes of a slice: 1 GiB. */
  public static final int MAX_SLICE = 1 << 30;

  private final Path path;
  private final long size;
  private final List<ByteBuffer> windows;

  private MappedFile(Path path, long size, List<ByteBuffer> windows) {
    this.path = path;
    this.size = size;
    this.windows = windows;
  }

  /** Maps a file. The memory is released by the garbage collector; there is nothing to close. */
  public static MappedFile read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      long size = channel.size();
      List<ByteBuffer> windows = new ArrayList<>();
      for (long start = 0; start < size; start += MAX_SLICE) {
        long length = Math.min(size - start, Integer.MAX_VALUE);
        windows.add(channel.map(FileChannel.MapMode.READ_ONLY, start, length));
      }
      return new MappedFile(path, size, windows);
    }
  }

  public long size() {
    return size;
  }

  /**
   * Checks that the file still has the length it had when it was mapped. Reading mapped memory
   * beyond a file's end is an InternalError, which the JVM can throw anywhere.
   *
   * @throws IOException if the length has changed
   */
  public void requireSameSize() throws IOException {
    if (Files.size(path) != size) {
      throw new IOException(
          "%s had %d bytes when it was opened and has %d now; read it again"
              .formatted(path, size, Files.size(path)));
    }
  }

  /**
   * Returns a part of the file, read-only and little-endian.
   *
   * @param what a description of the part, for messages
   * @throws IOException if it extends beyond the file or is longer than {@link #MAX_SLICE}
   */
  public ByteBuffer slice(long start, long length, String what) throws IOException {
    if (start < 0 || length < 0 || start > size - length) {
      throw new IOException(
          "%s needs %d bytes starting at byte %d, but the file has %d bytes: it is truncated or damaged"
              .formatted(what, length, start, size));
    }
    if (length > MAX_SLICE) {
      throw new IOException(
          "%s has %d bytes; at most %d can be read".formatted(what, length, MAX_SLICE));
    }
    if (length == 0) { // at the end of the file there may be no window
      return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
    return windows
        .get((int) (start / MAX_SLICE))
        .slice((int) (start % MAX_SLICE), (int) length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
