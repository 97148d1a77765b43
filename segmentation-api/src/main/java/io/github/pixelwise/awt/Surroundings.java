package io.github.pixelwise.awt;

import java.awt.color.ColorSpace;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.stream.ImageInputStream;

/**
 * What a file says about its pixels: how they are turned, and the colour profile of a JPEG or PNG.
 *
 * <p>It is read from the file's bytes and so does not depend on the plug-in that decodes the
 * pixels; ImageIO itself passes over most of it. EXIF data and profiles that are broken count as
 * absent.
 *
 * @param orientation how the pixels are turned to be upright
 * @param colors the colour space of RGB samples, if the file has a profile for them and the plug-in
 *     does not see to it
 * @param masks what the plug-in must not see
 */
record Surroundings(
    Orientation orientation, Optional<ColorSpace> colors, List<MaskedInput.Mask> masks) {
  private static final int WEBP_EXIF = 0x46495845;
  private static final int WEBP_PROFILE = 0x50434349;

  /** Of a file that says nothing. */
  static final Surroundings NONE = of(Orientation.UPRIGHT);

  static Surroundings of(Orientation orientation) {
    return new Surroundings(orientation, Optional.empty(), List.of());
  }

  /**
   * Reads them.
   *
   * @param in the file, whose position and byte order change
   * @throws IOException if the file is damaged or cut short where the JDK's reader would not notice
   */
  static Surroundings read(ImageInputStream in, ImageFormat format) throws IOException {
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    return switch (format) {
      case JPEG -> JpegSegments.read(in);
      case PNG -> PngChunks.read(in);
      case TIFF -> tiff(in);
      case WEBP -> webp(in);
      default -> NONE;
    };
  }

  private static Surroundings tiff(ImageInputStream in) throws IOException {
    TiffDirectory directory = TiffDirectory.read(in, 0, in.length());
    directory.requirePixelsBefore(in.length());
    return of(directory.orientation());
  }

  // RIFF chunks: type, length, data, padding to an even length. The plug-in converts by a profile,
  // and fails if it is broken; it passes over a chunk of an unknown type.
  private static Surroundings webp(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    Orientation orientation = Orientation.UPRIGHT;
    List<MaskedInput.Mask> masks = new ArrayList<>();
    try {
      in.seek(12);
      while (true) {
        int type = in.readInt();
        long length = in.readUnsignedInt();
        long start = in.getStreamPosition();
        if (type == WEBP_EXIF) {
          orientation = TiffDirectory.orientation(in, start, start + length);
        } else if (type == WEBP_PROFILE && length <= Profiles.MAX_BYTES) {
          byte[] profile = new byte[(int) length];
          in.readFully(profile);
          if (Profiles.rgb(profile).isEmpty()) {
            masks.add(new MaskedInput.Mask(start - 8, start - 4));
          }
        }
        in.seek(start + length + (length & 1));
      }
    } catch (EOFException e) {
      return new Surroundings(orientation, Optional.empty(), masks);
    }
  }
}
