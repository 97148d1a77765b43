package io.github.pixelwise.imaging;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageTypeSpecifier;

/**
 * Turns the pixels of an image of any type into interleaved 8-bit sRGB samples.
 *
 * <p>{@link BufferedImage#getRGB} would do this too, but slowly, making gray lighter (Java treats
 * gray as linear light) and truncating 16-bit samples instead of rounding them.
 */
final class Pixels {
  private static final byte OPAQUE = (byte) 255;

  /** The minimum number of pixels per thread. */
  private static final int BAND_PIXELS = 1 << 16;

  /** The minimum if each thread needs its own conversion, which takes 4 ms to create. */
  private static final int CONVERTED_BAND_PIXELS = 1 << 20;

  private Pixels() {}

  /**
   * Returns the picture in an image, turned upright.
   *
   * @param image the image as it is stored
   * @param space the color space of its samples
   * @param target the array for the colors, see {@link #toRgb}
   * @param orientation how it is stored
   * @throws IllegalArgumentException if its bands are not colors
   */
  static Picture picture(
      BufferedImage image, ColorSpace space, byte[] target, Orientation orientation) {
    // The JDK makes up a color space for five or more bands; converting from it would invent
    // colors.
    if (space.getType() >= ColorSpace.TYPE_2CLR && !(space instanceof ICC_ColorSpace)) {
      throw new IllegalArgumentException(
          "an image of %d bands without a color space is not supported"
              .formatted(space.getNumComponents()));
    }
    BufferedImage straight = straight(image);
    int storedWidth = image.getWidth();
    int storedHeight = image.getHeight();
    int width = orientation.swapsSides() ? storedHeight : storedWidth;
    int height = orientation.swapsSides() ? storedWidth : storedHeight;
    Optional<AlphaMask> alpha =
        alpha(straight)
            .map(stored -> orientation.turn(stored, storedWidth, storedHeight))
            .map(upright -> AlphaMask.of(width, height, upright));
    byte[] rgb = orientation.turn(toRgb(straight, space, target), storedWidth, storedHeight);
    return new Picture(RgbImage.of(width, height, rgb), alpha);
  }

  /**
   * Returns the color samples of an image.
   *
   * @param image the image, whose colors are not premultiplied
   * @param space the color space of its samples: {@link #space}, or the one given by its file
   * @param target the array for the samples: a new one, or that of {@link #ownArray}
   * @return {@code target}
   */
  static byte[] toRgb(BufferedImage image, ColorSpace space, byte[] target) {
    Raster raster = image.getRaster();
    int pixels = space.isCS_sRGB() ? BAND_PIXELS : CONVERTED_BAND_PIXELS;
    Rows.inParallel(
        image.getHeight(),
        Math.max(1, pixels / image.getWidth()),
        (from, to) -> {
          PixelRows row = PixelRows.colors(raster, image.getColorModel(), space);
          for (int y = from; y < to; y++) {
            row.copy(y, target, y * image.getWidth() * 3);
          }
        });
    return target;
  }

  /** The color space that an image declares for its samples. */
  static ColorSpace space(BufferedImage image) {
    return Profiles.orSrgb(image.getColorModel().getColorSpace());
  }

  /** A new image whose array has the layout of the result. */
  static BufferedImage newImage(int width, int height) {
    return ImageTypeSpecifier.createInterleaved(
            Profiles.SRGB, new int[] {0, 1, 2}, DataBuffer.TYPE_BYTE, false, false)
        .createBufferedImage(width, height);
  }

  /**
   * A new array for the samples of an image.
   *
   * @throws IllegalArgumentException if no array can hold them
   */
  static byte[] newArray(BufferedImage image) {
    return new byte[Sizes.samples(image.getWidth(), image.getHeight(), 3)];
  }

  /**
   * The array of an image that nobody else uses, if it has the layout of the result, so that a
   * photograph need not be in memory twice.
   */
  static Optional<byte[]> ownArray(BufferedImage image) {
    Raster raster = image.getRaster();
    boolean packed =
        raster.getSampleModel() instanceof ComponentSampleModel model
            && raster.getDataBuffer() instanceof DataBufferByte buffer
            && buffer.getNumBanks() == 1
            && buffer.getOffset() == 0
            && buffer.getData().length == 3L * image.getWidth() * image.getHeight()
            && model.getNumBands() == 3
            && model.getPixelStride() == 3
            && model.getScanlineStride() == image.getWidth() * 3
            && Arrays.stream(model.getBandOffsets()).max().getAsInt() == 2;
    return packed
        ? Optional.of(((DataBufferByte) raster.getDataBuffer()).getData())
        : Optional.empty();
  }

  /** Divides premultiplied colors by alpha, in a copy; returns other images unchanged. */
  private static BufferedImage straight(BufferedImage image) {
    ColorModel model = image.getColorModel();
    if (!model.hasAlpha() || !model.isAlphaPremultiplied()) {
      return image;
    }
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean floating = model.getTransferType() >= DataBuffer.TYPE_FLOAT;
    boolean bytes = Arrays.stream(model.getComponentSize()).allMatch(bits -> bits <= 8);
    double most = floating ? 1 : bytes ? 255 : 65535;
    int type =
        floating ? DataBuffer.TYPE_FLOAT : bytes ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT;
    ColorModel straight =
        new ComponentColorModel(model.getColorSpace(), true, false, Transparency.TRANSLUCENT, type);
    WritableRaster target =
        straight.createCompatibleWritableRaster(image.getWidth(), image.getHeight());
    double[] row = new double[image.getWidth() * bands];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, image.getWidth(), 1, row);
      for (int i = 0; i < row.length; i++) {
        row[i] /= floating ? 1 : (1L << model.getComponentSize(i % bands)) - 1;
      }
      for (int i = 0; i < row.length; i++) {
        double alpha = row[i / bands * bands + bands - 1];
        boolean divided = i % bands < bands - 1 && alpha > 0;
        row[i] = Math.min(1, divided ? row[i] / alpha : row[i]) * most + (floating ? 0 : 0.5);
      }
      target.setPixels(0, y, image.getWidth(), 1, row);
    }
    return new BufferedImage(straight, target, false, null);
  }

  /** The alpha of an image; empty if all of it is opaque. */
  private static Optional<byte[]> alpha(BufferedImage image) {
    ColorModel model = image.getColorModel();
    if (!model.hasAlpha()) {
      return Optional.empty();
    }
    int width = image.getWidth();
    byte[] alpha = new byte[Sizes.samples(width, image.getHeight(), 1)];
    Rows.inParallel(
        image.getHeight(),
        Math.max(1, BAND_PIXELS / width),
        (from, to) -> {
          PixelRows row = PixelRows.alpha(image.getRaster(), model);
          for (int y = from; y < to; y++) {
            row.copy(y, alpha, y * width);
          }
        });
    for (byte level : alpha) {
      if (level != OPAQUE) {
        return Optional.of(alpha);
      }
    }
    return Optional.empty();
  }

  static BufferedImage toBufferedImage(RgbImage image) {
    BufferedImage copy =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] samples = array(copy);
    int stride = image.width() * 3;
    for (int y = 0, start = 0; y < image.height(); y++, start += stride) {
      image.copyRow(y, samples, start);
      for (int i = start; i < start + stride; i += 3) {
        swap(samples, i, i + 2);
      }
    }
    return copy;
  }

  static BufferedImage toBufferedImage(RgbaImage image) {
    BufferedImage copy =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_4BYTE_ABGR);
    byte[] samples = array(copy);
    int stride = image.width() * 4;
    for (int y = 0, start = 0; y < image.height(); y++, start += stride) {
      image.copyRow(y, samples, start);
      for (int i = start; i < start + stride; i += 4) {
        swap(samples, i, i + 3);
        swap(samples, i + 1, i + 2);
      }
    }
    return copy;
  }

  private static byte[] array(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  private static void swap(byte[] samples, int i, int j) {
    byte first = samples[i];
    samples[i] = samples[j];
    samples[j] = first;
  }
}
