package io.github.pixelwise.imaging;

import java.io.IOException;
import java.util.List;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;

/** A picture's file as its plug-in sees it: some bytes are replaced by zeros. */
final class MaskedInput extends ImageInputStreamImpl {
  /**
   * A range of bytes that read as zero.
   *
   * @param start the position of the first
   * @param end the position after the last
   */
  record Mask(long start, long end) {}

  private final ImageInputStream file;
  private final List<Mask> masks;
  private final long length;

  MaskedInput(ImageInputStream file, List<Mask> masks) throws IOException {
    this.file = file;
    this.masks = masks;
    this.length = file.length();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    bitOffset = 0;
    file.seek(streamPos);
    int count = file.read(target, offset, length);
    if (count <= 0) {
      return count;
    }
    for (Mask mask : masks) {
      for (long i = Math.max(mask.start, streamPos);
          i < Math.min(mask.end, streamPos + count);
          i++) {
        target[offset + (int) (i - streamPos)] = 0;
      }
    }
    streamPos += count;
    return count;
  }
}
