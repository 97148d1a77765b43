package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.internal.util.Colors;
import io.github.pixelwise.postprocess.internal.Runs;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes masks visible as pictures or as overlays on photographs.
 *
 * <p>Palettes are called only for the categories in a mask, and only by the calling thread.
 */
public final class Coloring {
  /** Opacities are in fixed point of 16 bits. */
  private static final int ONE = 1 << 16;

  private Coloring() {}

  /**
   * Gives every pixel its category's color (the tutorials' {@code decode_segmap}).
   *
   * @param mask the mask
   * @param palette the colors
   * @return a picture of the mask's size
   * @throws IllegalArgumentException if a color lies outside {@code 0..0xffffff}
   */
  public static RgbImage colorize(CategoryMask mask, Palette palette) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(palette, "palette");
    BitSet categories = Runs.categories(mask);
    int[] colors = new int[categories.length()];
    categories.stream().forEach(category -> colors[category] = color(palette, category));
    return Painting.onBlack(
        mask, (category, rgb, from, to) -> fill(rgb, from, to, colors[category]));
  }

  /**
   * Gives every pixel of a result's mask its category's color in the result's palette.
   *
   * @param result the result
   * @return a picture of the mask's size
   * @throws IllegalArgumentException if a color lies outside {@code 0..0xffffff}
   */
  public static RgbImage colorize(SegmentationResult result) {
    return colorize(result.mask(), result.palette());
  }

  /**
   * Tints a photograph with the colors of its classes.
   *
   * <p>The photograph is unchanged where there is nothing to show: in void pixels, those of the
   * labels' {@linkplain io.github.pixelwise.LabelMap#ignoreIndex() ignore index}, and in pixels
   * whose color in the palette is black, such as the background of PASCAL VOC and unlabeled pixels
   * of CamVid. {@link #overlay(RgbImage, CategoryMask, Palette, double, IntPredicate)} lets the
   * caller choose, and accepts other masks, such as those of a data set.
   *
   * @param image the photograph
   * @param result the result for it; its mask must have the photograph's size
   * @param opacity the opacity of the colors, from 0 (only the photograph) to 1 (only the colors)
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ, the opacity lies outside 0..1 or a color
   *     outside {@code 0..0xffffff}
   */
  public static RgbImage overlay(RgbImage image, SegmentationResult result, double opacity) {
    return overlay(image, result.mask(), result.palette(), opacity, c -> isVisible(c, result));
  }

  /**
   * Tints a photograph with the colors of some classes. A sample becomes {@code (1 - opacity) *
   * photograph + opacity * color}, rounded.
   *
   * @param image the photograph
   * @param mask its mask
   * @param palette the colors
   * @param opacity the opacity of the colors, from 0 (only the photograph) to 1 (only the colors)
   * @param tinted tells which categories to tint; pixels of the others do not change
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ, the opacity lies outside 0..1 or a color
   *     outside {@code 0..0xffffff}
   */
  public static RgbImage overlay(
      RgbImage image, CategoryMask mask, Palette palette, double opacity, IntPredicate tinted) {
    Checks.pair(image, mask);
    Objects.requireNonNull(palette, "palette");
    Objects.requireNonNull(tinted, "tinted");
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException("opacity must lie in 0..1, found " + opacity);
    }
    int share = (int) Math.round(opacity * ONE);
    BitSet categories = Runs.categories(mask);
    @Nullable Tint[] tints = new Tint[categories.length()];
    categories.stream()
        .filter(tinted)
        .forEach(category -> tints[category] = new Tint(color(palette, category), share));
    return Painting.on(
        image,
        mask,
        (category, rgb, from, to) -> {
          Tint tint = tints[category];
          if (tint != null) {
            tint.blend(rgb, from, to);
          }
        });
  }

  /**
   * Draws the outlines of classes on a picture, each inside its class in the palette's color.
   *
   * <p>A pixel is drawn if a pixel of another category is at most {@code width} pixels away, {@code
   * dx * dx + dy * dy <= width * width}. So there is a line of this width on each side of the
   * border between two classes, and none along the picture's own border. As in {@link
   * #overlay(RgbImage, SegmentationResult, double)}, void pixels and those whose color is black do
   * not change, but classes next to them are outlined. {@link #outline(RgbImage, CategoryMask,
   * Palette, int, IntPredicate)} lets the caller choose.
   *
   * <p>For both the colors and their outlines, draw these last:
   *
   * <pre>{@code
   * RgbImage overlay = Coloring.overlay(photo, result, 0.4);
   * RgbImage picture = Coloring.outline(overlay, result, 3);
   * }</pre>
   *
   * @param image the picture to draw on, such as the photograph or its overlay
   * @param result the result for the photograph; its mask must have the picture's size
   * @param width the lines' width in pixels, 1 or more
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ, the width is below 1 or a color lies
   *     outside {@code 0..0xffffff}
   */
  public static RgbImage outline(RgbImage image, SegmentationResult result, int width) {
    return outline(image, result.mask(), result.palette(), width, c -> isVisible(c, result));
  }

  /**
   * Draws the outlines of some classes on a picture, each inside its class in the palette's color.
   *
   * @param image the picture to draw on, such as the photograph or its overlay
   * @param mask the photograph's mask
   * @param palette the colors
   * @param width the lines' width in pixels, 1 or more
   * @param outlined tells which categories to outline; pixels of the others do not change
   * @return a picture of the same size
   * @throws IllegalArgumentException if the sizes differ, the width is below 1 or a color lies
   *     outside {@code 0..0xffffff}
   */
  public static RgbImage outline(
      RgbImage image, CategoryMask mask, Palette palette, int width, IntPredicate outlined) {
    Checks.pair(image, mask);
    Objects.requireNonNull(palette, "palette");
    Objects.requireNonNull(outlined, "outlined");
    Checks.atLeast(1, "the outlines' width", width);
    BitSet categories = Runs.categories(mask);
    int[] colors = new int[categories.length()];
    categories.stream()
        .forEach(c -> colors[c] = outlined.test(c) ? color(palette, c) : Outline.NONE);
    return Outline.draw(image, mask, colors, width);
  }

  /** Whether an overlay shows a category. */
  static boolean isVisible(int category, SegmentationResult result) {
    return category != result.labels().ignoreIndex() && color(result.palette(), category) != 0;
  }

  private static void fill(byte[] rgb, int from, int to, int color) {
    if (color == 0) {
      return; // as the array is from the start
    }
    rgb[from] = (byte) (color >> 16);
    rgb[from + 1] = (byte) (color >> 8);
    rgb[from + 2] = (byte) color;
    for (int done = 3; done < to - from; done *= 2) {
      System.arraycopy(rgb, from, rgb, from + done, Math.min(done, to - from - done));
    }
  }

  private static int color(Palette palette, int category) {
    return Colors.require("the color of category " + category, palette.rgb(category));
  }

  /** What becomes of the photograph's samples under a color, by their value. */
  private static final class Tint {
    private final byte[] red;
    private final byte[] green;
    private final byte[] blue;

    Tint(int rgb, int share) {
      red = blends(rgb >> 16, share);
      green = blends(rgb >> 8 & 0xff, share);
      blue = blends(rgb & 0xff, share);
    }

    private static byte[] blends(int color, int share) {
      byte[] blends = new byte[256];
      for (int sample = 0; sample < blends.length; sample++) {
        blends[sample] = (byte) ((sample * (ONE - share) + color * share + ONE / 2) >> 16);
      }
      return blends;
    }

    void blend(byte[] rgb, int from, int to) {
      for (int i = from; i < to; i += 3) {
        rgb[i] = red[rgb[i] & 0xff];
        rgb[i + 1] = green[rgb[i + 1] & 0xff];
        rgb[i + 2] = blue[rgb[i + 2] & 0xff];
      }
    }
  }
}
