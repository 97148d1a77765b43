package io.github.pixelwise.cli;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** What a cut-out is put on. */
@FunctionalInterface
interface Background {
  /** Nothing: the cut-out has an alpha channel. */
  Background TRANSPARENT =
      (photo, mask, out) -> {
        AlphaMask alpha = alpha(photo, mask);
        Images.writePng(Compositing.cutout(foreground(photo, mask), alpha), out);
      };

  /** The widest blur that can be asked for, and so the widest of all. */
  int WIDEST_BLUR = 500;

  /**
   * Writes the foreground of a photograph on this background, as PNG.
   *
   * @param mask the foreground; what is transparent in the photograph itself is none
   */
  void write(Picture photo, AlphaMask mask, OutputStream out) throws IOException;

  /**
   * Reads the value of {@code --background}.
   *
   * @param reader reads the background, if it is a picture
   * @throws IllegalArgumentException if it is none; the message says what is expected
   */
  static Background parse(String value, PhotographReader reader) {
    if (value.equals("transparent")) {
      return TRANSPARENT;
    }
    if (value.equals("blur") || value.startsWith("blur:")) {
      return blur(value);
    }
    if (value.startsWith("#")) {
      if (!value.matches("#[0-9a-fA-F]{6}")) {
        throw new IllegalArgumentException(
            "expected a color as #rrggbb, for example #ffffff, found \"" + value + "\"");
      }
      int rgb = Integer.parseInt(value.substring(1), 16);
      return (photo, mask, out) ->
          Images.writePng(Compositing.over(foreground(photo, mask), alpha(photo, mask), rgb), out);
    }
    if (Path.of(value).equals(Photograph.STANDARD_STREAM)) {
      throw new IllegalArgumentException("a background is not read from standard input");
    }
    try {
      return picture(reader.read(Path.of(value)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected transparent, a color as #rrggbb, blur, blur:PX or a picture: " + e.getMessage(),
          e);
    }
  }

  private static Background picture(Picture background) {
    return (photo, mask, out) -> {
      RgbImage foreground = foreground(photo, mask);
      AlphaMask alpha = alpha(photo, mask);
      if (background.alpha().isPresent()) {
        Images.writePng(
            Compositing.over(foreground, alpha, background.colors(), background.alpha().get()),
            out);
      } else {
        Images.writePng(Compositing.over(foreground, alpha, background.colors()), out);
      }
    };
  }

  private static Background blur(String value) {
    boolean valid = value.equals("blur") || value.matches("blur:[1-9][0-9]{0,2}");
    int asked = valid && value.length() > 5 ? Integer.parseInt(value.substring(5)) : 0;
    if (!valid || asked > WIDEST_BLUR) {
      throw new IllegalArgumentException(
          "expected blur, or blur:PX with 1 to %d pixels, found \"%s\""
              .formatted(WIDEST_BLUR, value));
    }
    return (photo, mask, out) -> {
      RgbImage image = photo.onWhite();
      double radius =
          asked > 0 ? asked : Math.min(WIDEST_BLUR, Math.max(image.width(), image.height()) / 80.0);
      Images.writePng(Compositing.blurBackground(image, mask, radius), out);
    };
  }

  private static AlphaMask alpha(Picture photo, AlphaMask mask) {
    return photo.alpha().map(mask::min).orElse(mask);
  }

  /**
   * The foreground's own colors; those of a picture with alpha are told apart from others already.
   */
  private static RgbImage foreground(Picture photo, AlphaMask mask) {
    return photo.alpha().isPresent() ? photo.colors() : Foreground.estimate(photo.colors(), mask);
  }
}
