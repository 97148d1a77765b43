package io.github.pixelwise.imaging;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.stream.ImageInputStream;

/**
 * The parts of a WebP: chunks that consist of a type, a length, data and padding to an even length.
 *
 * <p>The plug-in converts by a profile, and fails if it is broken; it ignores chunks of unknown
 * types. It reads the frames of an animation, but does not say where they lie.
 */
final class WebpChunks {
  private static final int EXIF = 0x46495845;
  private static final int PROFILE = 0x50434349;
  private static final int HEADER = 0x58385056;
  private static final int ALPHA = 0x48504c41;
  private static final int FRAME = 0x464d4e41;

  private final List<MaskedInput.Mask> masks = new ArrayList<>();
  private Optional<Orientation> orientation = Optional.empty();
  private int width;
  private int height;
  private Optional<Canvas> canvas = Optional.empty();

  private WebpChunks() {}

  static Surroundings read(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    WebpChunks chunks = new WebpChunks();
    try {
      in.seek(12);
      while (true) {
        chunks.readChunk(in);
      }
    } catch (EOFException e) {
      return new Surroundings(
          chunks.orientation.orElse(Orientation.UPRIGHT),
          Optional.empty(),
          chunks.masks,
          chunks.canvas,
          Optional.empty());
    }
  }

  private void readChunk(ImageInputStream in) throws IOException {
    int type = in.readInt();
    long length = in.readUnsignedInt();
    long start = in.getStreamPosition();
    if (type == EXIF && orientation.isEmpty()) {
      // If there are several, the first one counts, even if it is broken or has no orientation.
      orientation =
          TiffDirectory.orientation(in, start, start + length)
              .or(() -> Optional.of(Orientation.UPRIGHT));
    } else if (type == PROFILE && length <= Profiles.MAX_BYTES) {
      byte[] profile = new byte[(int) length];
      in.readFully(profile);
      if (Profiles.rgb(profile).isEmpty()) {
        masks.add(new MaskedInput.Mask(start - 8, start - 4));
      }
    } else if (type == HEADER) {
      in.skipBytes(4);
      width = read24(in) + 1;
      height = read24(in) + 1;
    } else if (type == FRAME && canvas.isEmpty()) {
      canvas = Optional.of(new Canvas(width, height, 2 * read24(in), 2 * read24(in)));
      in.skipBytes(10); // the frame's size, duration and flags
      requireKnownAlpha(in, in.readInt(), in.getStreamPosition() + 4);
    }
    requireKnownAlpha(in, type, start);
    in.seek(start + length + (length & 1));
  }

  /** The plug-in silently treats alpha as opaque if it is not compressed. */
  private static void requireKnownAlpha(ImageInputStream in, int type, long start)
      throws IOException {
    if (type == ALPHA) {
      in.seek(start);
      if ((in.readUnsignedByte() & 3) == 0) {
        throw new IOException("unsupported: alpha that is not compressed");
      }
    }
  }

  private static int read24(ImageInputStream in) throws IOException {
    return in.readUnsignedShort() | in.readUnsignedByte() << 16;
  }
}
