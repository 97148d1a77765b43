package io.github.pixelwise.products;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The file format of overlays and cutouts. */
public final class PictureFormat {
  /** PNG, which is lossless. */
  public static final PictureFormat PNG = new PictureFormat(Kind.PNG, 100);

  /** The quality of JPEG and WebP, if nothing else is said. */
  public static final int QUALITY = 90;

  private enum Kind {
    PNG(".png"),
    JPEG(".jpg"),
    WEBP(".webp");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  private final Kind kind;
  private final int quality;

  private PictureFormat(Kind kind, int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("the quality must be 1 to 100, found " + quality);
    }
    this.kind = kind;
    this.quality = quality;
  }

  /**
   * JPEG, which has no transparency. Above a quality of 90, colors have the full resolution
   * (4:4:4), otherwise half of it (4:2:0).
   *
   * @param quality from 1 for small files to 100 for good pictures
   * @return the format
   * @throws IllegalArgumentException if the quality is outside 1..100
   */
  public static PictureFormat jpeg(int quality) {
    return new PictureFormat(Kind.JPEG, quality);
  }

  /**
   * Lossy WebP, whose alpha is lossless. It needs an ImageIO plug-in, see {@link
   * Images#writeWebp(RgbImage, double, OutputStream)}.
   *
   * @param quality from 1 for small files to 100 for good pictures
   * @return the format
   * @throws IllegalArgumentException if the quality is outside 1..100
   */
  public static PictureFormat webp(int quality) {
    return new PictureFormat(Kind.WEBP, quality);
  }

  /**
   * Reads a format's name.
   *
   * @param text {@code png}, {@code jpg}, or {@code webp}
   * @param quality the quality, 1 to 100; empty for {@link #QUALITY}; PNG has none
   * @return the format
   * @throws IllegalArgumentException if there is no such format, or if the quality is outside
   *     1..100
   */
  public static PictureFormat parse(String text, Optional<Integer> quality) {
    return switch (text) {
      case "png" -> PNG;
      case "jpg", "jpeg" -> jpeg(quality.orElse(QUALITY));
      case "webp" -> webp(quality.orElse(QUALITY));
      default ->
          throw new IllegalArgumentException(
              "expected png, jpg, or webp, found \"%s\"".formatted(text));
    };
  }

  /** {@return the suffix of files, such as {@code .png}} */
  public String suffix() {
    return kind.suffix;
  }

  /** {@return whether pixels can be transparent} */
  public boolean hasAlpha() {
    return kind != Kind.JPEG;
  }

  /** {@return whether files differ by quality} */
  public boolean hasQuality() {
    return kind != Kind.PNG;
  }

  void write(RgbImage image, OutputStream out) throws IOException {
    switch (kind) {
      case PNG -> Images.writePng(image, out);
      case JPEG -> Images.writeJpeg(image, quality / 100.0, out);
      case WEBP -> Images.writeWebp(image, quality / 100.0, out);
    }
  }

  void write(RgbaImage image, OutputStream out) throws IOException {
    switch (kind) {
      case PNG -> Images.writePng(image, out);
      case JPEG ->
          throw new IllegalArgumentException(
              "a JPEG cannot be transparent. Put the cutout on an opaque background, or write PNG"
                  + " or WebP");
      case WEBP -> Images.writeWebp(image, quality / 100.0, out);
    }
  }
}
