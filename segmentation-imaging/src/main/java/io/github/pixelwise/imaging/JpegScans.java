package io.github.pixelwise.imaging;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * Counts the scans of a JPEG. Each takes the time of all its pixels but may have only a few bytes,
 * so a small file could keep a decoder busy for minutes.
 */
final class JpegScans {
  /** Programs that optimize progressive files write up to about 20. */
  static final int MOST = 64;

  private static final int SCAN = 0xda;
  private static final int BLOCK = 1 << 16;

  private JpegScans() {}

  /** Whether there are more than {@link #MOST}. Leaves the stream where it was. */
  static boolean areTooMany(ImageInputStream in) throws IOException {
    long start = in.getStreamPosition();
    in.seek(2);
    try {
      return skipSegments(in) && count(in) > MOST;
    } catch (EOFException e) {
      return false; // the decoder says what is missing
    } finally {
      in.seek(start);
    }
  }

  /** Moves to the first scan; false if it is the only one. */
  private static boolean skipSegments(ImageInputStream in) throws IOException {
    int components = 0;
    boolean progressive = false;
    while (in.readUnsignedByte() == 0xff) {
      int marker = in.readUnsignedByte();
      while (marker == 0xff) {
        marker = in.readUnsignedByte(); // fill bytes
      }
      long segment = in.getStreamPosition();
      int length = in.readUnsignedShort();
      if (marker == SCAN) {
        boolean whole = in.readUnsignedByte() == components;
        in.seek(segment - 2);
        return progressive || !whole;
      }
      if (JpegSegments.isFrame(marker)) {
        in.skipBytes(5); // precision, height, width
        components = in.readUnsignedByte();
        progressive = (marker & 3) == 2;
      }
      in.seek(segment + length);
    }
    return false;
  }

  /** Counts the markers: in what is between them, ff is followed by a zero or a restart. */
  private static int count(ImageInputStream in) throws IOException {
    byte[] block = new byte[BLOCK];
    int scans = 0;
    int last = 0;
    for (int length = in.read(block); length > 0 && scans <= MOST; length = in.read(block)) {
      for (int i = 0; i < length; i++) {
        int next = block[i] & 0xff;
        if (last == 0xff && next == SCAN) {
          scans++;
        }
        last = next;
      }
    }
    return scans;
  }
}
