package io.github.pixelwise.imaging.stream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bits of a JPEG's scan, without the zeros that follow its bytes ff. */
final class JpegBits {
  private static final int FF = 0xff;
  private static final int FIRST_RESTART = 0xd0;
  private static final int RESTARTS = 8;

  private static final int NO_MARKER = 0;
  private static final int END_OF_FILE = -1;

  private final FileChannel channel;
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private long position;

  /** The next bits, of which the last is the lowest. */
  private long bits;

  private int count;

  /** How many of the next bits were made up, because a marker or the end was met. */
  private int missing;

  private int marker = NO_MARKER;

  JpegBits(FileChannel channel, long start) {
    this.channel = channel;
    this.position = start;
  }

  /** The next 16 bits, which are not taken; zeros where there are no more. */
  int peek() throws IOException {
    while (count < 16) {
      bits = bits << 8 | nextByte();
      count += 8;
    }
    return (int) (bits >>> (count - 16)) & 0xffff;
  }

  /** Takes 0 to 16 bits. */
  int take(int length) throws IOException {
    int taken = peek() >>> (16 - length);
    count -= length;
    if (count < missing) {
      throw new EOFException(
          marker == END_OF_FILE
              ? "the file ends, with %d bytes".formatted(channel.size())
              : "its compressed data ends at a marker ff%02x".formatted(marker));
    }
    return taken;
  }

  private int nextByte() throws IOException {
    if (marker == NO_MARKER) {
      int found = read();
      if (found >= 0 && found != FF) {
        return found;
      }
      while (found == FF) {
        found = read(); // there may be fill bytes
      }
      if (found == 0) {
        return FF;
      }
      marker = found;
    }
    missing += 8;
    return 0;
  }

  /**
   * Passes over a marker of restart.
   *
   * @param number how many there were before
   */
  void restart(int number) throws IOException {
    boolean rest = count - missing >= 8;
    while (marker == NO_MARKER && !rest) {
      rest = nextByte() != 0;
    }
    if (rest || marker != FIRST_RESTART + number % RESTARTS) {
      throw new IOException("its restart marker %d is missing".formatted(number));
    }
    marker = NO_MARKER;
    count = 0;
    missing = 0;
  }

  private int read() throws IOException {
    if (next == end) {
      int read = channel.read(ByteBuffer.wrap(buffer), position);
      if (read <= 0) {
        return END_OF_FILE;
      }
      position += read;
      next = 0;
      end = read;
    }
    return buffer[next++] & 0xff;
  }
}
