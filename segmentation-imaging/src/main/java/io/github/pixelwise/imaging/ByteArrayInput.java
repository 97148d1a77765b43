package io.github.pixelwise.imaging;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Bytes in memory as an ImageIO stream. ImageIO's own in-memory stream does not know its length,
 * which readers need to detect truncated files.
 */
final class ByteArrayInput extends ImageInputStreamImpl {
  private final byte[] bytes;

  ByteArrayInput(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      return -1;
    }
    int count = (int) Math.min(length, bytes.length - streamPos);
    System.arraycopy(bytes, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }
}
