package io.github.pixelwise.products;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * The background of a cutout: nothing, a color, a picture, or the photograph's own background,
 * blurred.
 */
public final class Background {
  /** Nothing: the cutout has an alpha channel. */
  public static final Background TRANSPARENT =
      new Background(
          (photo, mask, format, out) ->
              format.write(Compositing.cutout(foreground(photo, mask), alpha(photo, mask)), out));

  /**
   * The photograph's own background, with a blur of 1/80 of its longer side, at most 500 pixels.
   */
  public static final Background BLURRED =
      new Background(
          (photo, mask, format, out) ->
              writeBlurred(
                  photo,
                  mask,
                  Math.max(photo.colors().width(), photo.colors().height()) / 80.0,
                  format,
                  out));

  /** The widest blur in pixels. */
  private static final int WIDEST_BLUR = 500;

  private final Layer layer;

  private Background(Layer layer) {
    this.layer = layer;
  }

  /** Puts a background behind a photograph. */
  @FunctionalInterface
  private interface Layer {
    void write(Picture photo, AlphaMask mask, PictureFormat format, OutputStream out)
        throws IOException;
  }

  /**
   * A color.
   *
   * @param rgb the color as {@code 0xRRGGBB}
   * @return the background
   * @throws IllegalArgumentException if it is outside {@code 0..0xffffff}
   */
  public static Background ofColor(int rgb) {
    if (rgb >>> 24 != 0) {
      throw new IllegalArgumentException(
          "the background's color must lie in 0..0xffffff, found 0x%x".formatted(rgb));
    }
    return new Background(
        (photo, mask, format, out) ->
            format.write(Compositing.over(foreground(photo, mask), alpha(photo, mask), rgb), out));
  }

  /**
   * A picture, scaled to cover the photograph. Its transparent parts are transparent in the cutout.
   *
   * @param picture the picture
   * @return the background
   */
  public static Background ofPicture(Picture picture) {
    Objects.requireNonNull(picture, "picture");
    return new Background(
        (photo, mask, format, out) -> {
          RgbImage foreground = foreground(photo, mask);
          AlphaMask alpha = alpha(photo, mask);
          if (picture.alpha().isPresent()) {
            format.write(
                Compositing.over(foreground, alpha, picture.colors(), picture.alpha().get()), out);
          } else {
            format.write(Compositing.over(foreground, alpha, picture.colors()), out);
          }
        });
  }

  /**
   * The photograph's own background, blurred.
   *
   * @param pixels the blur's standard deviation in pixels, 1 to 500
   * @return the background
   * @throws IllegalArgumentException if it is outside 1..500
   */
  public static Background ofBlur(int pixels) {
    if (pixels < 1 || pixels > WIDEST_BLUR) {
      throw new IllegalArgumentException(
          "the background's blur must be 1 to %d pixels, found %d".formatted(WIDEST_BLUR, pixels));
    }
    return new Background(
        (photo, mask, format, out) -> writeBlurred(photo, mask, pixels, format, out));
  }

  /**
   * Reads a background that is not a picture.
   *
   * @param text {@code transparent}, a color as {@code #rrggbb}, {@code blur}, or {@code blur:PX}
   *     with 1 to 500 pixels
   * @return the background; empty if the text is none of these, for example a file name
   * @throws IllegalArgumentException if the text starts like a color or a blur but is not valid;
   *     the message says what is expected
   */
  public static Optional<Background> parse(String text) {
    if (text.equals("transparent")) {
      return Optional.of(TRANSPARENT);
    }
    if (text.equals("blur")) {
      return Optional.of(BLURRED);
    }
    if (text.startsWith("blur:")) {
      return Optional.of(parseBlur(text));
    }
    return text.startsWith("#") ? Optional.of(parseColor(text)) : Optional.empty();
  }

  private static Background parseBlur(String text) {
    int pixels =
        text.matches("blur:[1-9][0-9]{0,2}")
            ? Integer.parseInt(text.substring("blur:".length()))
            : 0;
    if (pixels < 1 || pixels > WIDEST_BLUR) {
      throw new IllegalArgumentException(
          "expected blur, or blur:PX with 1 to %d pixels, found \"%s\""
              .formatted(WIDEST_BLUR, text));
    }
    return ofBlur(pixels);
  }

  private static Background parseColor(String text) {
    if (!text.matches("#[0-9a-fA-F]{6}")) {
      throw new IllegalArgumentException(
          "expected a color as #rrggbb, for example #ffffff, found \"" + text + "\"");
    }
    return ofColor(Integer.parseInt(text.substring(1), 16));
  }

  /**
   * Writes the foreground of a photograph on this background.
   *
   * @param mask the foreground; transparent parts of the photograph itself are always excluded
   */
  void write(Picture photo, AlphaMask mask, PictureFormat format, OutputStream out)
      throws IOException {
    layer.write(photo, mask, format, out);
  }

  private static void writeBlurred(
      Picture photo, AlphaMask mask, double sigma, PictureFormat format, OutputStream out)
      throws IOException {
    format.write(
        Compositing.blurBackground(photo.onWhite(), mask, Math.min(WIDEST_BLUR, sigma)), out);
  }

  private static AlphaMask alpha(Picture photo, AlphaMask mask) {
    return photo.alpha().map(mask::min).orElse(mask);
  }

  /** Returns the foreground's own colors; in a picture with alpha, they are already separate. */
  private static RgbImage foreground(Picture photo, AlphaMask mask) {
    return photo.alpha().isPresent() ? photo.colors() : Foreground.estimate(photo.colors(), mask);
  }
}
