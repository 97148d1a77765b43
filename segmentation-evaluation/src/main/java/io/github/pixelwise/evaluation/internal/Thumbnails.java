package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.model.Interpolation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

/** Small copies of pictures, and their files as {@code data:} URIs. */
final class Thumbnails {
  /** The most pixels of the long side. */
  static final int SIDE = 400;

  private static final double JPEG_QUALITY = 0.8;

  private Thumbnails() {}

  private static int shrunk(int side, int width, int height) {
    int longSide = Math.max(width, height);
    return longSide <= SIDE ? side : (int) Math.max(1, Math.round((double) side * SIDE / longSide));
  }

  static RgbImage of(RgbImage image) {
    return Resampler.resize(
        image,
        shrunk(image.width(), image.width(), image.height()),
        shrunk(image.height(), image.width(), image.height()),
        Interpolation.BILINEAR);
  }

  /** Takes the category at the center of each pixel. */
  static CategoryMask of(CategoryMask mask) {
    int width = shrunk(mask.width(), mask.width(), mask.height());
    int height = shrunk(mask.height(), mask.width(), mask.height());
    int[] row = new int[mask.width()];
    int[] categories = new int[width * height];
    for (int y = 0; y < height; y++) {
      mask.copyRow((int) ((2L * y + 1) * mask.height() / (2L * height)), row, 0);
      for (int x = 0; x < width; x++) {
        categories[y * width + x] = row[(int) ((2L * x + 1) * mask.width() / (2L * width))];
      }
    }
    return CategoryMask.copyOf(width, height, categories);
  }

  static String jpegUri(RgbImage image) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Images.writeJpeg(image, JPEG_QUALITY, file);
    return uri("image/jpeg", file);
  }

  static String pngUri(RgbImage image) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Images.writePng(image, file);
    return uri("image/png", file);
  }

  private static String uri(String type, ByteArrayOutputStream file) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(file.toByteArray());
  }
}
