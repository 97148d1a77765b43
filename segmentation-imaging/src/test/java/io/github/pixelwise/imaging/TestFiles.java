package io.github.pixelwise.imaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.pixelwise.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Makes image files, and puts into them what ImageIO does not write. */
final class TestFiles {
  /** Where the first chunk of a PNG after its header starts. */
  private static final int AFTER_IHDR = 33;

  private TestFiles() {}

  /** A picture of noise, so that no two pixels are alike. */
  static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(7).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  static byte[] encode(RgbImage image, String format) throws IOException {
    return encode(Images.toBufferedImage(image), format);
  }

  static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IOException("no writer for " + format);
    }
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] chunk(String type, byte[] data) {
    byte[] typed = join(type.getBytes(ISO_8859_1), data);
    CRC32 crc = new CRC32();
    crc.update(typed);
    return ByteBuffer.allocate(data.length + 12)
        .putInt(data.length)
        .put(typed)
        .putInt((int) crc.getValue())
        .array();
  }

  /** A PNG with chunks added after its header. */
  static byte[] withChunks(byte[] png, byte[]... chunks) {
    return join(
        Arrays.copyOf(png, AFTER_IHDR),
        join(chunks),
        Arrays.copyOfRange(png, AFTER_IHDR, png.length));
  }

  /** A PNG with a chunk added before its last, which is empty. */
  static byte[] withLastChunk(byte[] png, byte[] chunk) {
    int end = png.length - 12;
    return join(Arrays.copyOf(png, end), chunk, Arrays.copyOfRange(png, end, png.length));
  }

  /** The data of an iCCP chunk. */
  static byte[] iccp(byte[] profile) {
    Deflater deflater = new Deflater();
    deflater.setInput(profile);
    deflater.finish();
    byte[] compressed = new byte[profile.length + 100];
    int length = deflater.deflate(compressed);
    deflater.end();
    return join("profile\0\0".getBytes(ISO_8859_1), Arrays.copyOf(compressed, length));
  }

  /** A JPEG with a segment added at its start. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] data) {
    ByteBuffer head =
        ByteBuffer.allocate(4)
            .putShort((short) (0xff00 | marker))
            .putShort((short) (data.length + 2));
    return join(
        Arrays.copyOf(jpeg, 2), head.array(), data, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** A JPEG with EXIF data. */
  static byte[] withExif(byte[] jpeg, byte[] exif) {
    return withSegment(jpeg, 0xe1, join("Exif\0\0".getBytes(ISO_8859_1), exif));
  }

  /** A JPEG with a profile, or a part of one. */
  static byte[] withProfile(byte[] jpeg, int part, int parts, byte[] profile) {
    return withSegment(
        jpeg,
        0xe2,
        join(
            "ICC_PROFILE\0".getBytes(ISO_8859_1), new byte[] {(byte) part, (byte) parts}, profile));
  }

  /** EXIF data that says nothing but an orientation, as a value of the TIFF type SHORT. */
  static byte[] exif(int orientation, ByteOrder order) {
    boolean little = order == ByteOrder.LITTLE_ENDIAN;
    byte low = (byte) orientation;
    byte high = (byte) (orientation >> 8);
    return exif(order, 8, 1, 3, little ? low : high, little ? high : low, 0, 0);
  }

  /** EXIF data of one entry, its four bytes of value and all else made as one likes. */
  static byte[] exif(ByteOrder order, int offset, int entries, int type, int... value) {
    return ByteBuffer.allocate(26)
        .order(order)
        .put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(ISO_8859_1))
        .putShort((short) 42)
        .putInt(offset)
        .putShort((short) entries)
        .putShort((short) 274)
        .putShort((short) type)
        .putInt(1)
        .put((byte) value[0])
        .put((byte) value[1])
        .put((byte) value[2])
        .put((byte) value[3])
        .putInt(0)
        .array();
  }

  /** A profile of sRGB with red and green exchanged. */
  static byte[] exchangingProfile() {
    ICC_Profile profile =
        ICC_Profile.getInstance(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData());
    byte[] red = profile.getData(ICC_Profile.icSigRedColorantTag);
    byte[] green = profile.getData(ICC_Profile.icSigGreenColorantTag);
    profile.setData(ICC_Profile.icSigRedColorantTag, green);
    profile.setData(ICC_Profile.icSigGreenColorantTag, red);
    return profile.getData();
  }

  /** The profile of linear light, which the JDK itself brings. */
  static byte[] linearProfile() {
    return ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
  }
}
