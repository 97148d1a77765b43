package io.github.pixelwise.imaging;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;

/**
 * Writes the rows of a raster as interleaved 8-bit sRGB samples, or its alpha. Not safe for use by
 * several threads.
 */
@FunctionalInterface
interface PixelRows {
  /**
   * Copies row {@code y}. Reads the whole row before it writes, so source and target may be the
   * same array.
   */
  void copy(int y, byte[] samples, int offset);

  static PixelRows alpha(Raster raster, ColorModel model) {
    int width = raster.getWidth();
    int band = raster.getNumBands() - 1;
    if (!(model instanceof IndexColorModel) && !hasTables(model)) {
      return (y, alpha, offset) -> {
        float[] components = new float[band + 1];
        for (int x = 0; x < width; x++) {
          model.getNormalizedComponents(raster.getDataElements(x, y, null), components, 0);
          alpha[offset + x] = level(components[band]);
        }
      };
    }
    byte[] table =
        model instanceof IndexColorModel palette
            ? alphas(palette)
            : table(model.getComponentSize(band));
    int[] samples = new int[width];
    return (y, alpha, offset) -> {
      raster.getSamples(0, y, width, 1, band, samples);
      for (int x = 0; x < width; x++) {
        alpha[offset + x] = table[samples[x]];
      }
    };
  }

  private static byte[] alphas(IndexColorModel model) {
    byte[] alphas = new byte[size(model)];
    Arrays.fill(alphas, (byte) 255);
    model.getAlphas(alphas);
    return alphas;
  }

  /** The number of possible indices. Damaged files contain some beyond the palette. */
  private static int size(IndexColorModel model) {
    return Math.max(model.getMapSize(), 1 << model.getPixelSize());
  }

  static PixelRows colors(Raster raster, ColorModel model, ColorSpace space) {
    if (model instanceof IndexColorModel palette) {
      return palette(raster, palette, space);
    }
    if (model.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      return hasTables(model) ? gray(raster, model) : normalized(raster, model);
    }
    if (space.getType() == ColorSpace.TYPE_CMYK
        && !(space instanceof ICC_ColorSpace)
        && hasTables(model)) {
      return inks(raster, model);
    }
    if (!space.isCS_sRGB()) {
      return converted(raster, space);
    }
    if (isBytes(raster, model)) {
      return bytes(raster);
    }
    return hasTables(model) ? integers(raster, model) : normalized(raster, model);
  }

  private static PixelRows palette(Raster raster, IndexColorModel model, ColorSpace space) {
    int size = size(model);
    byte[][] maps = new byte[3][size]; // black beyond the palette
    model.getReds(maps[0]);
    model.getGreens(maps[1]);
    model.getBlues(maps[2]);
    byte[] colors = new byte[size * 3];
    for (int i = 0; i < colors.length; i++) {
      colors[i] = maps[i % 3][i / 3];
    }
    if (!space.isCS_sRGB()) {
      Profiles.toSrgb(space).filter(Profiles.row(colors.clone()), Profiles.row(colors));
    }
    int[] indices = new int[raster.getWidth()];
    return (y, rgb, offset) -> {
      raster.getSamples(0, y, indices.length, 1, 0, indices);
      for (int x = 0, out = offset; x < indices.length; x++, out += 3) {
        int in = indices[x] * 3;
        rgb[out] = colors[in];
        rgb[out + 1] = colors[in + 1];
        rgb[out + 2] = colors[in + 2];
      }
    };
  }

  // Ignores the curve in a gray profile: the samples were made to be viewed as they are, and a gray
  // photograph must not differ from the same one stored as RGB.
  private static PixelRows gray(Raster raster, ColorModel model) {
    byte[] table = table(model.getComponentSize(0));
    int[] samples = new int[raster.getWidth()];
    return (y, rgb, offset) -> {
      raster.getSamples(0, y, samples.length, 1, 0, samples);
      for (int x = 0, out = offset; x < samples.length; x++, out += 3) {
        byte level = table[Math.min(samples[x], table.length - 1)];
        rgb[out] = level;
        rgb[out + 1] = level;
        rgb[out + 2] = level;
      }
    };
  }

  private static PixelRows bytes(Raster raster) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] pixels = new byte[width * bands];
    return (y, rgb, offset) -> {
      raster.getDataElements(0, y, width, 1, pixels); // in the order of bands, whatever the layout
      if (bands == 3) {
        System.arraycopy(pixels, 0, rgb, offset, pixels.length);
      } else {
        for (int in = 0, out = offset; in < pixels.length; in += bands, out += 3) {
          rgb[out] = pixels[in];
          rgb[out + 1] = pixels[in + 1];
          rgb[out + 2] = pixels[in + 2];
        }
      }
    };
  }

  private static PixelRows integers(Raster raster, ColorModel model) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[][] tables = new byte[3][];
    Arrays.setAll(tables, band -> table(model.getComponentSize(band)));
    int[] pixels = new int[width * bands];
    return (y, rgb, offset) -> {
      raster.getPixels(0, y, width, 1, pixels);
      for (int in = 0, out = offset; in < pixels.length; in += bands, out += 3) {
        for (int band = 0; band < 3; band++) {
          byte[] table = tables[band];
          rgb[out + band] = table[Math.min(pixels[in + band], table.length - 1)];
        }
      }
    };
  }

  // CMYK without a profile, by the formula that viewers use: R = (1 - C) (1 - K), and so on. The
  // JDK's own CMYK color space makes pictures far too light.
  private static PixelRows inks(Raster raster, ColorModel model) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] table = table(model.getComponentSize(0));
    int[] pixels = new int[width * bands];
    return (y, rgb, offset) -> {
      raster.getPixels(0, y, width, 1, pixels);
      for (int in = 0, out = offset; in < pixels.length; in += bands, out += 3) {
        int light = 255 - (table[pixels[in + 3]] & 0xff);
        for (int band = 0; band < 3; band++) {
          int ink = table[pixels[in + band]] & 0xff;
          rgb[out + band] = (byte) (light - (light * ink + 127) / 255);
        }
      }
    };
  }

  // 32-bit, signed and floating-point samples of scientific TIFFs: correct, not fast.
  private static PixelRows normalized(Raster raster, ColorModel model) {
    int width = raster.getWidth();
    int blue = model.getNumColorComponents() - 1; // gray has only one
    return (y, rgb, offset) -> {
      float[] components = new float[model.getNumComponents()];
      for (int x = 0, out = offset; x < width; x++, out += 3) {
        model.getNormalizedComponents(raster.getDataElements(x, y, null), components, 0);
        for (int band = 0; band < 3; band++) {
          rgb[out + band] = level(components[Math.min(band, blue)]);
        }
      }
    };
  }

  private static byte level(float unit) {
    return (byte) Math.round(Math.max(0, Math.min(1, unit)) * 255);
  }

  // Each row is copied first, for two reasons. The conversion passes the whole array behind a
  // raster to native code: rows of one 36 MB array took 59 s instead of 0.1 s. And it assumes that
  // pixels with three bands are three bytes apart, even if alpha lies between them.
  private static PixelRows converted(Raster raster, ColorSpace space) {
    ColorConvertOp toSrgb = Profiles.toSrgb(space);
    int bands = space.getNumComponents();
    int width = raster.getWidth();
    int[] colors = new int[bands];
    Arrays.setAll(colors, band -> band);
    SampleModel model = raster.getSampleModel();
    SampleModel packed =
        model instanceof ComponentSampleModel
            ? new PixelInterleavedSampleModel(
                model.getDataType(), width, 1, bands, width * bands, colors)
            : model.createSubsetSampleModel(colors).createCompatibleSampleModel(width, 1);
    WritableRaster source = Raster.createWritableRaster(packed, null);
    byte[] converted = new byte[width * 3];
    return (y, rgb, offset) -> {
      source.setRect(raster.createChild(0, y, width, 1, 0, 0, colors));
      toSrgb.filter(source, Profiles.row(converted));
      System.arraycopy(converted, 0, rgb, offset, converted.length);
    };
  }

  private static boolean isBytes(Raster raster, ColorModel model) {
    return raster.getSampleModel() instanceof ComponentSampleModel
        && raster.getTransferType() == DataBuffer.TYPE_BYTE
        && Arrays.stream(model.getComponentSize()).allMatch(bits -> bits == 8);
  }

  private static boolean hasTables(ColorModel model) {
    return switch (model.getTransferType()) {
      case DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT, DataBuffer.TYPE_INT ->
          Arrays.stream(model.getComponentSize()).allMatch(bits -> bits <= 16);
      default -> false;
    };
  }

  /** Maps samples of this many bits to eight bits, rounded to the nearest. */
  private static byte[] table(int bits) {
    int max = (1 << bits) - 1;
    byte[] table = new byte[max + 1];
    for (int i = 0; i <= max; i++) {
      table[i] = (byte) ((i * 255 + max / 2) / max);
    }
    return table;
  }
}
