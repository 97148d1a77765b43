package io.github.pixelwise.awt;

import java.awt.color.ColorSpace;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * The parts of a PNG: chunks of a length, a type, data and a checksum.
 *
 * <p>The JDK's reader looks neither at the checksums, and so makes noise of pixels that are
 * damaged, nor at profiles and EXIF data.
 */
final class PngChunks {
  private static final int IEND = 0x49454e44;
  private static final int ICCP = 0x69434350;
  private static final int EXIF = 0x65584966;

  /** Set in the types of chunks without which the pixels can be decoded. */
  private static final int ANCILLARY = 0x20000000;

  private Orientation orientation = Orientation.UPRIGHT;
  private Optional<ColorSpace> colors = Optional.empty();

  private PngChunks() {}

  static Surroundings read(ImageInputStream in) throws IOException {
    PngChunks chunks = new PngChunks();
    try {
      in.seek(8);
      while (chunks.readChunk(in) != IEND) {
        // The chunks take what they hold.
      }
    } catch (EOFException e) {
      // If pixels are missing, the decoder will say so.
    }
    return new Surroundings(chunks.orientation, chunks.colors, List.of());
  }

  private int readChunk(ImageInputStream in) throws IOException {
    long length = in.readUnsignedInt();
    int type = in.readInt();
    long start = in.getStreamPosition();
    boolean intact = checksum(in, type, length) == in.readUnsignedInt();
    if (!intact && (type & ANCILLARY) == 0) {
      throw new IOException("the checksum of the PNG chunk at byte " + (start - 8) + " is wrong");
    }
    if (intact && type == EXIF) {
      orientation = TiffDirectory.orientation(in, start, start + length);
    } else if (intact && type == ICCP && length <= Profiles.MAX_BYTES) {
      byte[] data = new byte[(int) length];
      in.seek(start);
      in.readFully(data);
      colors = Profiles.rgb(inflate(data));
    }
    in.seek(start + length + 4);
    return type;
  }

  private static long checksum(ImageInputStream in, int type, long length) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(ByteBuffer.allocate(4).putInt(type).flip());
    byte[] buffer = new byte[(int) Math.min(length, 1 << 16)];
    for (long left = length; left > 0; ) {
      int count = (int) Math.min(left, buffer.length);
      in.readFully(buffer, 0, count);
      crc.update(buffer, 0, count);
      left -= count;
    }
    return crc.getValue();
  }

  /** The profile in an iCCP chunk: a name, a zero, the compression method, compressed data. */
  private static byte[] inflate(byte[] chunk) {
    ByteArrayInputStream in = new ByteArrayInputStream(chunk);
    while (in.read() > 0) {
      // the name
    }
    in.read();
    try (InputStream inflater = new InflaterInputStream(in)) {
      return inflater.readNBytes(Profiles.MAX_BYTES);
    } catch (IOException e) {
      return new byte[0]; // broken, as good as absent
    }
  }
}
