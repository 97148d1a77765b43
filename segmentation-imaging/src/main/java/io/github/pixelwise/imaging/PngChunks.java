package io.github.pixelwise.imaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.color.ColorSpace;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * The parts of a PNG: chunks that consist of a length, a type, data and a checksum.
 *
 * <p>The JDK's reader ignores the checksums, so that damaged pixels turn into noise, and it ignores
 * profiles and EXIF data.
 *
 * <p>Without a chunk of EXIF data, the orientation may be in what older programs wrote instead:
 * EXIF data as hexadecimal text, or XMP.
 */
final class PngChunks {
  private static final int IEND = 0x49454e44;
  private static final int PROFILE = 0x69434350;
  private static final int EXIF = 0x65584966;
  private static final int TEXT = 0x74455874;
  private static final int COMPRESSED_TEXT = 0x7a545874;
  private static final int INTERNATIONAL_TEXT = 0x69545874;

  private static final Set<Integer> READ =
      Set.of(EXIF, PROFILE, TEXT, COMPRESSED_TEXT, INTERNATIONAL_TEXT);

  private static final String EXIF_KEYWORD = "Raw profile type exif";
  private static final String XMP_KEYWORD = "XML:com.adobe.xmp";
  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  /** The bit that is set in the types of chunks that are not needed to decode the pixels. */
  private static final int ANCILLARY = 0x20000000;

  private boolean hasExif;
  private Optional<Orientation> exif = Optional.empty();
  private Optional<Orientation> exifText = Optional.empty();
  private Optional<Orientation> xmp = Optional.empty();
  private Optional<ColorSpace> colors = Optional.empty();

  private PngChunks() {}

  static Surroundings read(ImageInputStream in) throws IOException {
    PngChunks chunks = new PngChunks();
    try {
      in.seek(8);
      while (chunks.readChunk(in) != IEND) {
        // The callee reads the chunk's data.
      }
    } catch (EOFException e) {
      // If pixels are missing, the decoder will say so.
    }
    return Surroundings.of(chunks.orientation(), chunks.colors, List.of());
  }

  private Orientation orientation() {
    return (hasExif ? exif : exifText).or(() -> xmp).orElse(Orientation.UPRIGHT);
  }

  private int readChunk(ImageInputStream in) throws IOException {
    long length = in.readUnsignedInt();
    int type = in.readInt();
    long start = in.getStreamPosition();
    boolean intact = checksum(in, type, length) == in.readUnsignedInt();
    if (!intact && (type & ANCILLARY) == 0) {
      throw new IOException("the checksum of the PNG chunk at byte " + (start - 8) + " is wrong");
    }
    if (intact && READ.contains(type) && length <= Profiles.MAX_BYTES) {
      byte[] data = new byte[(int) length];
      in.seek(start);
      in.readFully(data);
      read(type, data);
    }
    in.seek(start + length + 4);
    return type;
  }

  private void read(int type, byte[] data) throws IOException {
    ByteArrayInputStream chunk = new ByteArrayInputStream(data);
    switch (type) {
      case EXIF -> {
        hasExif = true;
        exif = TiffDirectory.orientation(new ByteArrayInput(data), 0, data.length);
      }
      case PROFILE -> {
        readName(chunk);
        chunk.read(); // the compression method; there is only one
        colors = Profiles.rgb(inflate(chunk));
      }
      case TEXT, COMPRESSED_TEXT, INTERNATIONAL_TEXT -> readText(type, chunk);
      default -> {}
    }
  }

  private void readText(int type, ByteArrayInputStream chunk) throws IOException {
    String keyword = readName(chunk);
    if (!keyword.equals(EXIF_KEYWORD) && !keyword.equals(XMP_KEYWORD)) {
      return;
    }
    boolean compressed = type == COMPRESSED_TEXT;
    if (type == INTERNATIONAL_TEXT) {
      compressed = chunk.read() == 1;
    }
    if (type != TEXT) {
      chunk.read(); // the compression method; there is only one
    }
    if (type == INTERNATIONAL_TEXT) {
      readName(chunk); // the language
      readName(chunk); // the keyword in it
    }
    String text = new String(compressed ? inflate(chunk) : chunk.readAllBytes(), ISO_8859_1);
    if (keyword.equals(EXIF_KEYWORD)) {
      exifText = orientation(text);
    } else {
      Matcher found = XMP_ORIENTATION.matcher(text);
      xmp = found.find() ? Optional.of(Orientation.ofExif(found.group(1).charAt(0) - '0')) : xmp;
    }
  }

  /** The orientation in EXIF data written as digits, which follow a header of three lines. */
  private static Optional<Orientation> orientation(String text) throws IOException {
    String[] lines = text.split("\n", 4);
    try {
      byte[] data = HexFormat.of().parseHex(lines[lines.length - 1].replaceAll("\\s", ""));
      return TiffDirectory.orientation(new ByteArrayInput(data), 0, data.length);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // broken, as good as absent
    }
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

  /** The text before the next zero. */
  private static String readName(ByteArrayInputStream in) {
    StringBuilder name = new StringBuilder();
    for (int next = in.read(); next > 0; next = in.read()) {
      name.append((char) next);
    }
    return name.toString();
  }

  private static byte[] inflate(ByteArrayInputStream compressed) {
    try (InputStream inflater = new InflaterInputStream(compressed)) {
      return inflater.readNBytes(Profiles.MAX_BYTES);
    } catch (IOException e) {
      return new byte[0]; // broken, as good as absent
    }
  }
}
