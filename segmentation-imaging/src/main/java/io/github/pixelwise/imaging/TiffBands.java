package io.github.pixelwise.imaging;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a TIFF says its bands are. The JDK's reader guesses this from their number: three gray bands
 * become red, green and blue, and five become components of a made-up color space.
 *
 * @param photometric the photometric interpretation; -1 if the file does not say
 * @param extra what the first band beyond the colors is; -1 if the file does not say
 * @param profile the color space of RGB bands, if the file has a profile for them
 * @param misread what samples the file has, if the JDK's reader gets them wrong
 */
record TiffBands(
    int photometric, int extra, Optional<ColorSpace> profile, Optional<String> misread) {
  private static final int UNSAID = -1;
  private static final int WHITE_IS_ZERO = 0;
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int CMYK = 5;
  static final int YCBCR = 6;
  private static final int LAB = 8;

  private static final int PREMULTIPLIED = 1;
  private static final int STRAIGHT = 2;
  private static final int COREL_ALPHA = 999;

  /**
   * Returns the picture in a plug-in's image, which shares the image's samples.
   *
   * @throws UnreadablePictureException if the bands cannot be shown as colors
   */
  BufferedImage picture(BufferedImage image, Failures failures) throws UnreadablePictureException {
    if (misread.isPresent()) {
      throw failures.unknownSamples(misread.get());
    }
    int type = image.getColorModel().getColorSpace().getType();
    boolean readable =
        switch (photometric) {
          case WHITE_IS_ZERO -> bands(image) == 1;
          case BLACK_IS_ZERO -> bands(image) <= 2;
          case RGB, YCBCR, LAB -> bands(image) >= 3;
          case PALETTE -> image.getColorModel() instanceof IndexColorModel;
          case CMYK -> type == ColorSpace.TYPE_CMYK || type == ColorSpace.TYPE_RGB;
          case UNSAID -> bands(image) <= 4;
          default -> false;
        };
    if (!readable) {
      throw failures.unknownBands(bands(image), photometric);
    }
    return switch (photometric) {
      case BLACK_IS_ZERO -> picture(image, 1, ColorSpace.getInstance(ColorSpace.CS_GRAY));
      case RGB, YCBCR, LAB -> picture(image, 3, profile.orElse(Profiles.SRGB));
      default -> image;
    };
  }

  private BufferedImage picture(BufferedImage image, int colors, ColorSpace space) {
    ColorModel model = image.getColorModel();
    ColorSpace own = model.getColorSpace();
    boolean alpha = bands(image) > colors && isAlpha(bands(image) - colors);
    boolean premultiplied = alpha && extra == PREMULTIPLIED;
    boolean isShownSo =
        bands(image) == (alpha ? colors + 1 : colors)
            && own.getType() == space.getType()
            && model.hasAlpha() == alpha
            && model.isAlphaPremultiplied() == premultiplied;
    if (isShownSo || model instanceof IndexColorModel) {
      return image;
    }
    int[] kept = IntStream.range(0, alpha ? colors + 1 : colors).toArray();
    WritableRaster raster =
        image
            .getRaster()
            .createWritableChild(0, 0, image.getWidth(), image.getHeight(), 0, 0, kept);
    ColorModel shown =
        new ComponentColorModel(
            own.getType() == space.getType() ? own : space,
            Arrays.copyOf(model.getComponentSize(), kept.length),
            alpha,
            premultiplied,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            model.getTransferType());
    return new BufferedImage(shown, raster, premultiplied, null);
  }

  /** Whether the first of this many bands beyond the colors is alpha, as in Pillow. */
  private boolean isAlpha(int others) {
    return switch (extra) {
      case PREMULTIPLIED, STRAIGHT, COREL_ALPHA -> true;
      case UNSAID -> others == 1;
      default -> false;
    };
  }

  private static int bands(BufferedImage image) {
    return image.getRaster().getNumBands();
  }
}
