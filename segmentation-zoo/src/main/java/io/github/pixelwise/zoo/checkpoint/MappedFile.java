package io.github.pixelwise.zoo.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * A file in mapped memory. One mapping holds less than 2 GiB, so longer files are mapped in windows
 * of that length, one beginning every GiB: whatever is no longer than a GiB lies in one of them.
 */
final class MappedFile {
  /** The most bytes that one slice can have: 1 GiB. */
  static final int MAX_SLICE = 1 << 30;

  private final FileChannel channel;
  private final long size;
  private final Map<Long, MappedByteBuffer> windows = new HashMap<>();

  /** Slices stay valid when the channel, which belongs to the caller, is closed. */
  MappedFile(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  long size() {
    return size;
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
    long index = start / MAX_SLICE;
    long windowStart = index * MAX_SLICE;
    MappedByteBuffer window = windows.get(index);
    if (window == null) {
      long windowLength = Math.min(size - windowStart, Integer.MAX_VALUE);
      window = channel.map(FileChannel.MapMode.READ_ONLY, windowStart, windowLength);
      windows.put(index, window);
    }
    return window
        .slice((int) (start - windowStart), (int) length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
