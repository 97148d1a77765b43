package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.internal.util.Colors;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import java.util.Objects;

/** Cuts out the foreground of a picture, replaces its background, or blurs it. */
public final class Compositing {
  /** The softening of edges, 3 pixels on each side, which {@code segment run} uses too. */
  private static final GaussianBlur SOFT = GaussianBlur.ofKernelSize(7);

  private Compositing() {}

  /**
   * Cuts classes out of a photograph, with soft edges that hold none of the background's colors:
   * the mask is feathered by 3 pixels, and {@link Foreground#estimate} finds the colors.
   *
   * <pre>{@code
   * RgbaImage people = Compositing.cutout(photo, segmenter.segment(photo), "person").trim();
   * }</pre>
   *
   * @param image the photograph
   * @param result the result for it; its mask must have the photograph's size
   * @param classes the names of the classes to keep; case is ignored; if there are none, everything
   *     but the class named background is kept
   * @return a picture of the same size with straight alpha; {@link RgbaImage#trim} crops it to what
   *     was kept
   * @throws IllegalArgumentException if the sizes differ, if there is no class with one of the
   *     names, or if no names are given and no class is named background; the message lists the
   *     available classes
   */
  public static RgbaImage cutout(RgbImage image, SegmentationResult result, String... classes) {
    Objects.requireNonNull(image, "image");
    AlphaMask hard =
        classes.length == 0
            ? Alpha.foreground(result.mask(), result.labels())
            : Alpha.ofClasses(result.mask(), result.labels(), classes);
    AlphaMask alpha = Alpha.feather(hard, SOFT);
    return cutout(Foreground.estimate(image, alpha), alpha);
  }

  /**
   * Makes everything but the foreground of a picture transparent.
   *
   * <p>Pixels with alpha 0 become transparent black, so a saved file does not contain the removed
   * parts.
   *
   * @param image the picture; where its edges are soft, {@link Foreground#estimate} takes the old
   *     background's colors out of them
   * @param alpha its foreground
   * @return a picture of the same size with straight alpha
   * @throws IllegalArgumentException if the sizes differ
   */
  public static RgbaImage cutout(RgbImage image, AlphaMask alpha) {
    Checks.pair(image, alpha);
    int width = image.width();
    byte[] rgba = new byte[Sizes.samples(width, image.height(), 4)];
    Rows.inParallel(
        image.height(),
        16,
        (from, to) -> {
          byte[] colors = new byte[width * 3];
          byte[] alphas = new byte[width];
          for (int y = from, i = from * width * 4; y < to; y++) {
            image.copyRow(y, colors, 0);
            alpha.copyRow(y, alphas, 0);
            for (int x = 0; x < width; x++, i += 4) {
              if (alphas[x] != 0) {
                rgba[i] = colors[x * 3];
                rgba[i + 1] = colors[x * 3 + 1];
                rgba[i + 2] = colors[x * 3 + 2];
                rgba[i + 3] = alphas[x];
              }
            }
          }
        });
    return RgbaImage.of(width, image.height(), rgba);
  }

  /**
   * Puts a color behind a picture's foreground: {@code C = a * F + (1 - a) * B}, rounded.
   *
   * @param image the picture; where its edges are soft, {@link Foreground#estimate} takes the old
   *     background's colors out of them
   * @param alpha its foreground
   * @param background the color as {@code 0xRRGGBB}
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ, or the color lies outside {@code
   *     0..0xffffff}
   */
  public static RgbImage over(RgbImage image, AlphaMask alpha, int background) {
    return composite(image, alpha, solid(background));
  }

  /**
   * Puts a picture behind another one's foreground: {@code C = a * F + (1 - a) * B}, rounded.
   *
   * @param image the picture; where its edges are soft, {@link Foreground#estimate} takes the old
   *     background's colors out of them
   * @param alpha its foreground
   * @param background the picture to put behind; if it has a different size, it is cropped around
   *     its center to the first picture's aspect ratio and scaled bilinearly to its size
   * @return a picture of the first picture's size
   * @throws IllegalArgumentException if the sizes of image and alpha mask differ
   */
  public static RgbImage over(RgbImage image, AlphaMask alpha, RgbImage background) {
    return composite(image, alpha, covering(background, image));
  }

  /**
   * Puts a picture with transparency behind another one's foreground. Where the background is
   * opaque, the result is that of {@link #over(RgbImage, AlphaMask, RgbImage)}; elsewhere it is
   * transparent: {@code A = a + (1 - a) * b}, {@code C = (a * F + (1 - a) * b * B) / A}, rounded.
   *
   * @param image the picture; where its edges are soft, {@link Foreground#estimate} takes the old
   *     background's colors out of them
   * @param alpha its foreground
   * @param background the colors of the picture to put behind; if it has a different size, it is
   *     cropped around its center to the first picture's aspect ratio and scaled bilinearly to its
   *     size, each color weighted with its alpha
   * @param backgroundAlpha the alpha of that picture
   * @return a picture of the first picture's size with straight alpha; transparent black where both
   *     are transparent
   * @throws IllegalArgumentException if the sizes of image and alpha mask differ, or those of
   *     background and background alpha
   */
  public static RgbaImage over(
      RgbImage image, AlphaMask alpha, RgbImage background, AlphaMask backgroundAlpha) {
    Checks.pair(image, alpha);
    Checks.pair(background, backgroundAlpha);
    int width = image.width();
    boolean fits = background.width() == width && background.height() == image.height();
    // Colors are multiplied by alpha before scaling, so that invisible colors do not bleed in.
    RgbImage behind =
        fits ? background : Cover.fit(over(background, backgroundAlpha, 0), width, image.height());
    RgbImage shares = Cover.fit(gray(backgroundAlpha), width, image.height());
    byte[] rgba = new byte[Sizes.samples(width, image.height(), 4)];
    Rows.inParallel(
        image.height(),
        16,
        (from, to) -> {
          byte[] front = new byte[width * 3];
          byte[] alphas = new byte[width];
          byte[] back = new byte[width * 3];
          byte[] backAlphas = new byte[width * 3];
          for (int y = from; y < to; y++) {
            image.copyRow(y, front, 0);
            alpha.copyRow(y, alphas, 0);
            behind.copyRow(y, back, 0);
            shares.copyRow(y, backAlphas, 0);
            for (int i = 0; i < front.length; i++) {
              int a = alphas[i / 3] & 0xff;
              int b = backAlphas[i] & 0xff;
              int share = 255 * a + (255 - a) * b;
              int total = (share + 127) / 255;
              if (total > 0) {
                int sum =
                    255 * a * (front[i] & 0xff) + (255 - a) * (fits ? b : 255) * (back[i] & 0xff);
                int out = y * width * 4 + i / 3 * 4;
                rgba[out + i % 3] = (byte) Math.min(255, (sum + share / 2) / share);
                rgba[out + 3] = (byte) total;
              }
            }
          }
        });
    return RgbaImage.of(width, image.height(), rgba);
  }

  private static RgbImage gray(AlphaMask alpha) {
    byte[] levels = alpha.toByteArray();
    byte[] rgb = new byte[Sizes.samples(alpha.width(), alpha.height(), 3)];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = levels[i / 3];
    }
    return RgbImage.of(alpha.width(), alpha.height(), rgb);
  }

  /**
   * Blurs the background of a picture without a halo: the foreground does not bleed into the blur,
   * and the sharp background does not show through soft edges.
   *
   * <p>Each blurred color is the mean of background colors, weighted by a Gaussian and by {@code 1
   * - alpha}, so pixels with alpha 255 and pixels outside the picture do not contribute. Where
   * alpha is neither 0 nor 255, the colors of foreground and background are estimated first; see
   * {@link Foreground#estimate}. A Gaussian of 6 pixels or more is computed at a smaller size,
   * which changes samples by up to 2 out of 255.
   *
   * @param image the picture
   * @param alpha its foreground
   * @param sigma the Gaussian's standard deviation in pixels, above 0, at most 682
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ, or sigma is out of range
   */
  public static RgbImage blurBackground(RgbImage image, AlphaMask alpha, double sigma) {
    Checks.pair(image, alpha);
    if (!(sigma > 0 && sigma <= BackgroundBlur.MAX_SIGMA)) {
      throw new IllegalArgumentException(
          "sigma must be above 0 and at most %.0f, found %s"
              .formatted(BackgroundBlur.MAX_SIGMA, sigma));
    }
    return BackgroundBlur.apply(Layers.estimate(image, alpha), alpha, sigma);
  }

  /** The rows of a background. */
  @FunctionalInterface
  private interface Background {
    void copyRow(int y, byte[] target);
  }

  private static Background solid(int rgb) {
    Colors.require("the background", rgb);
    return (y, target) -> {
      for (int i = 0; i < target.length; i += 3) {
        target[i] = (byte) (rgb >> 16);
        target[i + 1] = (byte) (rgb >> 8);
        target[i + 2] = (byte) rgb;
      }
    };
  }

  private static Background covering(RgbImage background, RgbImage image) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(background, "background");
    RgbImage fitted = Cover.fit(background, image.width(), image.height());
    return (y, target) -> fitted.copyRow(y, target, 0);
  }

  private static RgbImage composite(RgbImage image, AlphaMask alpha, Background background) {
    Checks.pair(image, alpha);
    int width = image.width();
    byte[] rgb = new byte[Sizes.samples(width, image.height(), 3)];
    Rows.inParallel(
        image.height(),
        16,
        (from, to) -> {
          byte[] alphas = new byte[width];
          byte[] behind = new byte[width * 3];
          for (int y = from; y < to; y++) {
            int offset = y * width * 3;
            image.copyRow(y, rgb, offset);
            alpha.copyRow(y, alphas, 0);
            background.copyRow(y, behind);
            blend(rgb, offset, alphas, behind);
          }
        });
    return RgbImage.of(width, image.height(), rgb);
  }

  /** Puts a background behind a row of the foreground, which begins at {@code offset}. */
  private static void blend(byte[] rgb, int offset, byte[] alpha, byte[] background) {
    for (int x = 0, i = 0; x < alpha.length; x++, i += 3) {
      int a = alpha[x] & 0xff;
      if (a < 255) {
        rgb[offset + i] = blend(a, rgb[offset + i], background[i]);
        rgb[offset + i + 1] = blend(a, rgb[offset + i + 1], background[i + 1]);
        rgb[offset + i + 2] = blend(a, rgb[offset + i + 2], background[i + 2]);
      }
    }
  }

  private static byte blend(int alpha, byte foreground, byte background) {
    return (byte) ((alpha * (foreground & 0xff) + (255 - alpha) * (background & 0xff) + 127) / 255);
  }
}
