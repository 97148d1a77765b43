package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A photograph in a file, and its true mask.
 *
 * @param name the name
 * @param source the file; empty if masks come without photographs
 * @param mask the true mask
 * @param resize whether a mask of another size than the photograph's is resized
 */
record FileSample(String name, Optional<Path> source, Truth mask, boolean resize)
    implements Sample {
  @Override
  public RgbImage photograph() throws IOException {
    return Images.read(
        source.orElseThrow(
            () ->
                new IOException(
                    "%s has a mask, %s, but no photograph: the data set was read without"
                            .formatted(name, mask.file())
                        + " photographs")));
  }

  @Override
  public CategoryMask truth() throws IOException {
    CategoryMask truth = mask.read();
    if (source.isEmpty()) {
      return truth;
    }
    Picture.Size size = Images.readSize(source.get());
    if (truth.width() == size.width() && truth.height() == size.height()) {
      return truth;
    }
    if (resize) {
      return resized(truth, size.width(), size.height());
    }
    boolean turned = truth.width() == size.height() && truth.height() == size.width();
    throw new IOException(
        ("%s has %d x %d pixels, but its photograph %s has %d x %d%s. Make both equal, or have masks"
                + " resized (resize-masks).")
            .formatted(
                mask.file(),
                truth.width(),
                truth.height(),
                source.get(),
                size.width(),
                size.height(),
                turned
                    ? ", the sides exchanged: photographs are turned upright as their EXIF data"
                        + " says, masks are not"
                    : ""));
  }

  @Override
  public OptionalLong bytes() throws IOException {
    if (source.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Files.size(source.get()));
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(source.get(), e), e);
    }
  }

  /** Each pixel becomes the one of the mask that its center lies in. */
  private static CategoryMask resized(CategoryMask mask, int width, int height) {
    int[] pixels = new int[Math.multiplyExact(width, height)];
    int[] row = new int[mask.width()];
    for (int y = 0, i = 0; y < height; y++) {
      mask.copyRow(nearest(y, height, mask.height()), row, 0);
      for (int x = 0; x < width; x++, i++) {
        pixels[i] = row[nearest(x, width, mask.width())];
      }
    }
    return CategoryMask.copyOf(width, height, pixels);
  }

  private static int nearest(int pixel, int length, int from) {
    return (int) ((2L * pixel + 1) * from / (2L * length));
  }
}
