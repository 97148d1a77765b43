package io.github.pixelwise.network.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file in mapped memory. One mapping holds less than 2 GiB, so longer files are mapped in windows
 * of that length, one beginning every GiB: whatever is no longer than a GiB lies in one of them.
 */
final class MappedFile {
  /** The most bytes that one slice can have: 1 GiB. */
  static final int MAX_SLICE = 1 << 30;

  private final Path path;
  private final long size;
  private final List<ByteBuffer> windows;

  private MappedFile(Path path, long size, List<ByteBuffer> windows) {
    this.path = path;
    this.size = size;
    this.windows = windows;
  }

  /** Maps a file. The memory goes back when nothing refers to it any more; nothing is to close. */
  static MappedFile read(Path path) throws IOException {
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

  long size() {
    return size;
  }

  /**
   * Checks that the file is still as long as when it was mapped: reading memory whose file is gone
   * is an InternalError, which the virtual machine throws wherever it likes.
   *
   * @throws IOException if it is not
   */
  void requireSameSize() throws IOException {
    if (Files.size(path) != size) {
      throw new IOException(
          "%s had %d bytes when it was read and has %d now; read it again"
              .formatted(path, size, Files.size(path)));
    }
  }

  /**
   * Returns a part of the file, read-only and little-endian.
   *
   * @param what what the part is, for the message
   * @throws IOException if it is not within the file, or longer than {@link #MAX_SLICE}
   */
  ByteBuffer slice(long start, long length, String what) throws IOException {
    if (start < 0 || length < 0 || start > size - length) {
      throw new IOException(
          "%s needs %d bytes from byte %d on, but the file has %d bytes: it is truncated or damaged"
              .formatted(what, length, start, size));
    }
    if (length > MAX_SLICE) {
      throw new IOException(
          "%s has %d bytes; at most %d can be read".formatted(what, length, MAX_SLICE));
    }
    if (length == 0) { // at the very end there may be no window
      return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
    return windows
        .get((int) (start / MAX_SLICE))
        .slice((int) (start % MAX_SLICE), (int) length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
