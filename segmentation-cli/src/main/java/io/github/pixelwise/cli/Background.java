package io.github.pixelwise.cli;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.awt.Images;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a cut-out is put before. */
@FunctionalInterface
interface Background {
  /** Nothing: the cut-out has an alpha channel. */
  Background TRANSPARENT =
      (photo, alpha, file) ->
          Images.write(Compositing.cutout(Foreground.estimate(photo, alpha), alpha), file);

  /** Writes the foreground of a photograph before this background. */
  void write(RgbImage photo, AlphaMask alpha, Path file) throws IOException;

  /** Reads the value of {@code --background}. */
  final class Converter implements ITypeConverter<Background> {
    /** The widest blur that can be asked for, and so the widest of all. */
    private static final int WIDEST_BLUR = 500;

    @Override
    public Background convert(String value) {
      if (value.equals("transparent")) {
        return TRANSPARENT;
      }
      if (value.equals("blur") || value.startsWith("blur:")) {
        return blur(value);
      }
      if (value.startsWith("#")) {
        if (!value.matches("#[0-9a-fA-F]{6}")) {
          throw new TypeConversionException(
              "expected a colour as #rrggbb, for example #ffffff, found \"" + value + "\"");
        }
        int rgb = Integer.parseInt(value.substring(1), 16);
        return (photo, alpha, file) ->
            Images.write(Compositing.over(Foreground.estimate(photo, alpha), alpha, rgb), file);
      }
      try {
        RgbImage picture = Images.read(Path.of(value));
        return (photo, alpha, file) ->
            Images.write(Compositing.over(Foreground.estimate(photo, alpha), alpha, picture), file);
      } catch (IOException e) {
        throw new TypeConversionException(
            "expected transparent, a colour as #rrggbb, blur, blur:PX or a picture: "
                + e.getMessage());
      }
    }

    private static Background blur(String value) {
      boolean valid = value.equals("blur") || value.matches("blur:[1-9][0-9]{0,2}");
      int asked = valid && value.length() > 5 ? Integer.parseInt(value.substring(5)) : 0;
      if (!valid || asked > WIDEST_BLUR) {
        throw new TypeConversionException(
            "expected blur, or blur:PX with 1 to %d pixels, found \"%s\""
                .formatted(WIDEST_BLUR, value));
      }
      return (photo, alpha, file) -> {
        double radius =
            asked > 0
                ? asked
                : Math.min(WIDEST_BLUR, Math.max(photo.width(), photo.height()) / 80.0);
        Images.write(Compositing.blurBackground(photo, alpha, radius), file);
      };
    }
  }
}
