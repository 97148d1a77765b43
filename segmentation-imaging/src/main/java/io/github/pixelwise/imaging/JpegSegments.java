package io.github.pixelwise.imaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.stream.ImageInputStream;

/**
 * What precedes the pixels of a JPEG: segments that consist of ff, a marker, the length (which
 * includes itself) and data.
 *
 * <p>The profile of RGB samples is hidden from the JDK's reader. It would convert by it, which
 * changes some samples by one level even if the profile is that of sRGB, and would fail if it is a
 * gray profile.
 */
final class JpegSegments {
  private static final int SCAN = 0xda;
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final byte[] EXIF = "Exif\0\0".getBytes(ISO_8859_1);
  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(ISO_8859_1);

  private final SortedMap<Integer, byte[]> profile = new TreeMap<>();
  private final List<MaskedInput.Mask> masks = new ArrayList<>();
  private Optional<Orientation> orientation = Optional.empty();
  private int components;

  private JpegSegments() {}

  static Surroundings read(ImageInputStream in) throws IOException {
    JpegSegments segments = new JpegSegments();
    try {
      in.seek(2);
      segments.readAll(in);
    } catch (EOFException e) {
      // If pixels are missing, the decoder will say so.
    }
    return segments.surroundings();
  }

  private void readAll(ImageInputStream in) throws IOException {
    while (in.readUnsignedByte() == 0xff) {
      int marker = in.readUnsignedByte();
      while (marker == 0xff) {
        marker = in.readUnsignedByte(); // fill bytes
      }
      if (marker == SCAN) {
        return;
      }
      int length = Math.max(0, in.readUnsignedShort() - 2);
      long start = in.getStreamPosition();
      readSegment(in, marker, start, length);
      in.seek(start + length);
    }
  }

  private void readSegment(ImageInputStream in, int marker, long start, int length)
      throws IOException {
    if (marker == APP1 && orientation.isEmpty() && startsWith(in, EXIF, length)) {
      // If there are several, the first one counts, even if it is broken or has no orientation.
      orientation =
          TiffDirectory.orientation(in, start + EXIF.length, start + length)
              .or(() -> Optional.of(Orientation.UPRIGHT));
    } else if (marker == APP2 && startsWith(in, PROFILE, length - 2)) {
      int number = in.readUnsignedByte();
      in.readUnsignedByte(); // the number of segments of the profile
      byte[] part = new byte[length - PROFILE.length - 2];
      in.readFully(part);
      profile.put(number, part);
      masks.add(new MaskedInput.Mask(start, start + PROFILE.length));
    } else if (isFrame(marker) && length > 5) {
      in.skipBytes(5); // precision, height, width
      components = in.readUnsignedByte();
    }
  }

  private static boolean startsWith(ImageInputStream in, byte[] head, int length)
      throws IOException {
    byte[] found = new byte[Math.min(head.length, Math.max(0, length))];
    in.readFully(found);
    return Arrays.equals(found, head);
  }

  /** Whether a marker starts a frame: c0 to cf except tables (c4, cc) and a reserved one (c8). */
  static boolean isFrame(int marker) {
    return (marker & 0xf0) == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private Surroundings surroundings() {
    Orientation turned = orientation.orElse(Orientation.UPRIGHT);
    if (components == 4) {
      return Surroundings.of(turned); // CMYK, which the plug-in converts
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    profile.values().forEach(whole::writeBytes);
    return Surroundings.of(turned, Profiles.rgb(whole.toByteArray()), masks);
  }

  /**
   * Counts the scans of a JPEG. Each takes the time of all its pixels but may have only a few
   * bytes, so a small file could keep a decoder busy for minutes.
   */
  static final class Scans {
    /** Programs that optimize progressive files write up to about 20. */
    static final int MOST = 64;

    private static final int BLOCK = 1 << 16;

    private Scans() {}

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
        if (isFrame(marker)) {
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
}
