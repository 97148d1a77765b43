package io.github.pixelwise.products;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.GaussianBlur;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What a {@link Recipe} makes of one photograph. Each product is made when it is written, so that
 * only one takes memory at a time. Plain heap values, which outlive the segmenter; immutable.
 */
public final class Products {
  private static final double OVERLAY_OPACITY = 0.5;
  private static final int OUTLINE_WIDTH = 3;

  private final Recipe recipe;
  private final Picture photo;
  private final SegmentationResult result;
  private final ModelCard model;
  private final RuntimeInfo runtime;

  Products(
      Recipe recipe,
      Picture photo,
      SegmentationResult result,
      ModelCard model,
      RuntimeInfo runtime) {
    this.recipe = recipe;
    this.photo = photo;
    this.result = result;
    this.model = model;
    this.runtime = runtime;
  }

  /** {@return the mask, without small regions, and what belongs to it} */
  public SegmentationResult result() {
    return result;
  }

  /**
   * Writes a product, at the photograph's size if it is a picture.
   *
   * @param product the product; it need not be one that the recipe asks for
   * @param out the stream; it is flushed and not closed
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if it is a cutout that is not possible, see {@link
   *     Recipe#products}
   */
  public void write(Product product, OutputStream out) throws IOException {
    switch (product) {
      case MASK -> PalettePng.write(result, out);
      case COLOR -> Images.writePng(Coloring.colorize(result), out);
      case OVERLAY -> Images.writePng(overlay(), out);
      case CUTOUT -> recipe.background().write(photo, alpha(), out);
      case JSON -> Report.write(result, model, runtime, out);
    }
  }

  private RgbImage overlay() {
    RgbImage overlay = Coloring.overlay(photo.onWhite(), result, OVERLAY_OPACITY);
    return recipe.outline() ? Coloring.outline(overlay, result, OUTLINE_WIDTH) : overlay;
  }

  private AlphaMask alpha() {
    String[] classes = recipe.classes().toArray(String[]::new);
    AlphaMask alpha =
        classes.length == 0
            ? Alpha.foreground(result.mask(), result.labels())
            : Alpha.ofClasses(result.mask(), result.labels(), classes);
    return recipe.feather() == 0
        ? alpha
        : Alpha.feather(alpha, GaussianBlur.ofKernelSize(2 * recipe.feather() + 1));
  }
}
