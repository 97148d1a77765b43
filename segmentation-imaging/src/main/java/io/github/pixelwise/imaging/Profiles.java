package io.github.pixelwise.imaging;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The color spaces of files, and conversions from them to sRGB. */
final class Profiles {
  /** More than any RGB profile has; limits how much memory a hostile file can make us allocate. */
  static final int MAX_BYTES = 1 << 24;

  /** The number of tested levels of each primary: 0 to 255 in steps of 15. */
  private static final int LEVELS = 18;

  /** The largest difference, of 255, that rounding in sRGB profiles can cause. */
  private static final int ROUNDING = 2;

  static final ColorSpace SRGB = ColorSpace.getInstance(ColorSpace.CS_sRGB);

  /** Larger profiles are rare, and would be kept in memory forever. */
  private static final int MOST_REMEMBERED = 1 << 20;

  /** A file's profile, and the color space found for it. */
  private record Judged(ByteBuffer profile, Optional<ColorSpace> space) {}

  // Judging a profile takes half as long as reading the photograph, and the next photograph usually
  // has the same profile.
  private static volatile Judged last = new Judged(ByteBuffer.allocate(0), Optional.empty());

  private Profiles() {}

  /**
   * The color space of an ICC profile, or sRGB as in {@link #orSrgb}; empty if the profile is
   * broken or not for RGB.
   */
  static Optional<ColorSpace> rgb(byte[] profile) {
    ByteBuffer key = ByteBuffer.wrap(profile);
    Judged judged = last;
    if (!judged.profile.equals(key)) {
      judged = new Judged(key, judge(profile));
      if (profile.length <= MOST_REMEMBERED) {
        last = judged;
      }
    }
    return judged.space;
  }

  private static Optional<ColorSpace> judge(byte[] profile) {
    try {
      ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
      return space.getType() == ColorSpace.TYPE_RGB
          ? Optional.of(orSrgb(space)) // the JDK parses the profile only here
          : Optional.empty();
    } catch (IllegalArgumentException | CMMException e) {
      return Optional.empty();
    }
  }

  /**
   * A color space itself, or sRGB if samples in it are sRGB as they are.
   *
   * <p>The world has dozens of profiles of sRGB that differ in name, text and rounding. Converting
   * with one of them would change some samples by one level, and everything computed from them. So
   * a profile is judged by what it does: if it changes no color by more than rounding would, it is
   * sRGB.
   */
  static ColorSpace orSrgb(ColorSpace space) {
    return space.getType() == ColorSpace.TYPE_RGB && !space.isCS_sRGB() && isIdentity(toSrgb(space))
        ? SRGB
        : space;
  }

  /** The conversion of samples to sRGB, for one thread at a time. */
  static ColorConvertOp toSrgb(ColorSpace space) {
    return new ColorConvertOp(space, SRGB, null);
  }

  /** Wraps one row of interleaved 8-bit RGB samples as a raster for conversions. */
  static WritableRaster row(byte[] rgb) {
    int width = rgb.length / 3;
    return Raster.createInterleavedRaster(
        new DataBufferByte(rgb, rgb.length), width, 1, rgb.length, 3, new int[] {0, 1, 2}, null);
  }

  private static boolean isIdentity(ColorConvertOp op) {
    byte[] colors = new byte[LEVELS * LEVELS * LEVELS * 3];
    for (int i = 0, level = 0; i < colors.length; level++) {
      colors[i++] = (byte) (level / (LEVELS * LEVELS) * 15);
      colors[i++] = (byte) (level / LEVELS % LEVELS * 15);
      colors[i++] = (byte) (level % LEVELS * 15);
    }
    byte[] converted = new byte[colors.length];
    op.filter(row(colors), row(converted));
    for (int i = 0; i < colors.length; i++) {
      if (Math.abs((converted[i] & 0xff) - (colors[i] & 0xff)) > ROUNDING) {
        return false;
      }
    }
    return true;
  }
}
