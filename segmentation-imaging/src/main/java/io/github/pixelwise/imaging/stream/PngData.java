package io.github.pixelwise.imaging.stream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The inflated pixels in the chunks IDAT of a PNG. */
final class PngData implements AutoCloseable {
  static final int IDAT = 0x49444154;

  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final Inflater inflater = new Inflater();
  private final CRC32 checksum = new CRC32();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  /** Where the next chunk begins, or the rest of the current one. */
  private long position;

  /** The bytes of the current chunk that are not in the buffer yet. */
  private long left;

  private long chunkStart;

  /** Inflates from the first of the chunks on. */
  PngData(FileChannel channel, long start) {
    this.channel = channel;
    this.position = start;
  }

  /**
   * Inflates the next bytes.
   *
   * @throws IOException if the data is damaged or ends too early
   */
  void read(byte[] target, int offset, int length) throws IOException {
    int done = 0;
    try {
      while (done < length) {
        int count = inflater.inflate(target, offset + done, length - done);
        done += count;
        if (count == 0) {
          if (inflater.finished() || inflater.needsDictionary()) {
            throw new EOFException("its compressed data ends");
          }
          fill();
        }
      }
    } catch (DataFormatException e) {
      throw new IOException("its compressed data is damaged (%s)".formatted(e.getMessage()), e);
    }
  }

  private void fill() throws IOException {
    while (left == 0) {
      nextChunk();
    }
    buffer.clear().limit((int) Math.min(left, BUFFER));
    readFully();
    left -= buffer.limit();
    checksum.update(buffer.array(), 0, buffer.limit());
    if (left == 0) {
      checkEnd();
    }
    inflater.setInput(buffer.array(), 0, buffer.limit());
  }

  private void nextChunk() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(bytes(channel, position, 8));
    chunkStart = position;
    position += 8;
    left = head.getInt() & 0xffffffffL;
    int type = head.getInt();
    if (type != IDAT) {
      throw new EOFException("its compressed data ends");
    }
    checksum.reset();
    checksum.update(head.array(), 4, 4);
    if (left == 0) {
      checkEnd();
    }
  }

  private void checkEnd() throws IOException {
    int expected = ByteBuffer.wrap(bytes(channel, position, 4)).getInt();
    position += 4;
    if ((int) checksum.getValue() != expected) {
      throw new IOException("the checksum of its chunk at byte %d is wrong".formatted(chunkStart));
    }
  }

  private void readFully() throws IOException {
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, position);
      if (count < 0) {
        throw new EOFException("the file ends, with %d bytes".formatted(channel.size()));
      }
      position += count;
    }
  }

  /**
   * Reads bytes of a file.
   *
   * @throws EOFException if they lie beyond its end
   */
  static byte[] bytes(FileChannel channel, long position, int count) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(count);
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position()) < 0) {
        throw new EOFException("the file ends, with %d bytes".formatted(channel.size()));
      }
    }
    return target.array();
  }

  @Override
  public void close() {
    inflater.end();
  }
}
