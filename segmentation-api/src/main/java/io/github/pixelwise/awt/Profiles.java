package io.github.pixelwise.awt;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Optional;

/** Colour spaces of files, and the way from them to sRGB. */
final class Profiles {
  /** More than any RGB profile has; bounds what a hostile file makes us allocate. */
  static final int MAX_BYTES = 1 << 24;

  /** Levels of each primary that are tried; 0 to 255 in steps of 15. */
  private static final int LEVELS = 18;

  /** How far, of 255, two profiles of sRGB move a colour by their own rounding. */
  private static final int ROUNDING = 2;

  private Profiles() {}

  /** The colour space of an ICC profile; empty if it is broken or not one of RGB. */
  static Optional<ColorSpace> rgb(byte[] profile) {
    try {
      ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
      if (space.getType() != ColorSpace.TYPE_RGB) {
        return Optional.empty();
      }
      space.toRGB(new float[3]); // only now is the profile looked into
      return Optional.of(space);
    } catch (IllegalArgumentException | CMMException e) {
      return Optional.empty();
    }
  }

  /**
   * The conversion of samples to sRGB; empty if they are sRGB.
   *
   * <p>The world has dozens of profiles of sRGB that differ in name, text and rounding. Converting
   * by one of them would change some samples by one level and all that is computed from them, so a
   * profile is judged by what it does: if it moves no colour further than rounding would, it is
   * sRGB.
   */
  static Optional<ColorConvertOp> toSrgb(ColorSpace space) {
    if (space.isCS_sRGB()) {
      return Optional.empty();
    }
    ColorConvertOp op = new ColorConvertOp(space, ColorSpace.getInstance(ColorSpace.CS_sRGB), null);
    return space.getType() == ColorSpace.TYPE_RGB && isIdentity(op)
        ? Optional.empty()
        : Optional.of(op);
  }

  /** One row of interleaved 8-bit RGB samples as the raster that conversions take. */
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
