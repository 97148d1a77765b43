package io.github.pixelwise.imaging;

import java.awt.color.ColorSpace;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import javax.imageio.stream.ImageInputStream;

/**
 * What a file says about its pixels: how they are turned, the color profile of a JPEG or PNG, the
 * canvas of an animation, the bands of a TIFF.
 *
 * <p>It is read from the file's bytes, so it does not depend on the plug-in that decodes the
 * pixels; ImageIO itself ignores most of it. Broken EXIF data and profiles count as absent.
 *
 * @param orientation how the pixels must be turned to be upright
 * @param colors the color space of RGB samples, if the file has a profile for them and the plug-in
 *     does not apply it
 * @param masks what the plug-in must not see
 * @param canvas where an animation's first frame lies
 * @param bands what the bands of a TIFF are
 */
record Surroundings(
    Orientation orientation,
    Optional<ColorSpace> colors,
    List<MaskedInput.Mask> masks,
    Optional<Canvas> canvas,
    Optional<TiffBands> bands) {
  private static final int GIF_EXTENSION = 0x21;
  private static final int GIF_FRAME = 0x2c;

  /** The surroundings of a file that says nothing. */
  static final Surroundings NONE = of(Orientation.UPRIGHT);

  static Surroundings of(Orientation orientation) {
    return of(orientation, Optional.empty(), List.of());
  }

  static Surroundings of(
      Orientation orientation, Optional<ColorSpace> colors, List<MaskedInput.Mask> masks) {
    return new Surroundings(orientation, colors, masks, Optional.empty(), Optional.empty());
  }

  /**
   * Reads the surroundings of a file's pixels.
   *
   * @param in the file, whose position and byte order change
   * @throws IOException if the file is damaged or truncated in a way that the JDK's reader would
   *     not notice
   */
  static Surroundings read(ImageInputStream in, ImageFormat format) throws IOException {
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    return switch (format) {
      case JPEG -> JpegSegments.read(in);
      case PNG -> PngChunks.read(in);
      case GIF -> gif(in);
      case TIFF, BIG_TIFF -> tiff(in);
      case WEBP -> WebpChunks.read(in);
      default -> NONE;
    };
  }

  private static Surroundings tiff(ImageInputStream in) throws IOException {
    TiffDirectory directory = TiffDirectory.read(in, 0, in.length());
    directory.requirePixelsBefore(in.length());
    return new Surroundings(
        directory.orientation().orElse(Orientation.UPRIGHT),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.of(directory.bands(in)));
  }

  // Reads the screen, its palette, extension blocks, and the position of the first frame.
  private static Surroundings gif(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    in.seek(6);
    try {
      int width = in.readUnsignedShort();
      int height = in.readUnsignedShort();
      int flags = in.readUnsignedByte();
      in.skipBytes(2 + paletteBytes(flags));
      int block = in.readUnsignedByte();
      while (block == GIF_EXTENSION) {
        in.skipBytes(1);
        for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
          in.skipBytes(length);
        }
        block = in.readUnsignedByte();
      }
      if (block != GIF_FRAME) {
        return NONE;
      }
      Canvas canvas = new Canvas(width, height, in.readUnsignedShort(), in.readUnsignedShort());
      return new Surroundings(
          Orientation.UPRIGHT, Optional.empty(), List.of(), Optional.of(canvas), Optional.empty());
    } catch (EOFException e) {
      return NONE; // If pixels are missing, the decoder will say so.
    }
  }

  private static int paletteBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }
}
