package io.github.pixelwise.products;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.Captions;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.shape.Shapes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link Recipe} for one photograph. Each product is created when it is written, so
 * only one at a time is in memory, besides the shapes, which several products share. Immutable;
 * usable after the segmenter is closed.
 */
public final class Products {
  private static final double OVERLAY_OPACITY = 0.5;
  private static final int OUTLINE_WIDTH = 3;

  private final Recipe recipe;
  private final Picture photo;
  private final SegmentationResult result;
  private final ModelCard model;
  private final RuntimeInfo runtime;
  private final Tracing tracing;
  private final Origin origin;

  /** Traces shapes when the first product needs them. */
  private static final class Tracing {
    private @Nullable Shapes shapes;

    synchronized Shapes shapes(Recipe recipe, SegmentationResult result) {
      if (shapes == null) {
        shapes = recipe.shapes().shapes(result);
      }
      return shapes;
    }
  }

  Products(
      Recipe recipe,
      Picture photo,
      SegmentationResult result,
      ModelCard model,
      RuntimeInfo runtime) {
    this(recipe, photo, result, model, runtime, new Tracing(), Origin.UNKNOWN);
  }

  private Products(
      Recipe recipe,
      Picture photo,
      SegmentationResult result,
      ModelCard model,
      RuntimeInfo runtime,
      Tracing tracing,
      Origin origin) {
    this.recipe = recipe;
    this.photo = photo;
    this.result = result;
    this.model = model;
    this.runtime = runtime;
    this.tracing = tracing;
    this.origin = origin;
  }

  /**
   * Says where the photograph is, for files that refer to it: those of LabelMe, and SVG.
   *
   * @param photo its path, relative to the folder of these files, with slashes
   * @return the same products with this path; without one, files do not refer to a photograph
   */
  public Products withPath(String photo) {
    return with(origin.withPath(photo));
  }

  /**
   * Names the photograph for files of several ones: {@link Product#COCO}, {@link Product#CVAT}, and
   * {@link Product#SUMMARY}.
   *
   * @param name its name, or its path in the folder of photographs, with slashes
   * @return the same products with this name; without one, it is {@code photo}
   */
  public Products withName(String name) {
    return with(origin.withName(name));
  }

  /**
   * Looks for where the photograph lies on the map: in a world file beside it, such as {@code
   * photo.tfw} beside {@code photo.tif}. If there is one, {@link Product#GEOJSON} has map
   * coordinates, else pixels. The photograph must be upright in its file.
   *
   * @param photograph the photograph's file
   * @return the same products, at this place
   * @throws IOException if there is a world file but it cannot be read; the message names it
   */
  public Products withMapOf(Path photograph) throws IOException {
    return with(origin.withPosition(MapPosition.find(photograph)));
  }

  /** {@return what says where the photograph lies on the map, such as a file's name} */
  public Optional<String> mapSource() {
    return origin.position().map(MapPosition::source);
  }

  private Products with(Origin changed) {
    return new Products(recipe, photo, result, model, runtime, tracing, changed);
  }

  /** {@return the segmentation result, with small regions removed from its mask} */
  public SegmentationResult result() {
    return result;
  }

  /**
   * Returns what a cutout keeps of the photograph, without the photograph's own transparency.
   *
   * @return a mask of the photograph's size
   * @throws IllegalArgumentException if a cutout is not possible, see {@link Recipe#products}
   */
  public AlphaMask alpha() {
    return recipe.alpha(result, model, photo.onWhite());
  }

  /**
   * Writes a product. Pictures have the photograph's size; a legend is below it.
   *
   * @param product the product; it need not be one of the recipe's
   * @param out the stream; flushed but not closed
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if it is a cutout that is not possible, see {@link
   *     Recipe#products}, or if it is transparent but a JPEG is wanted, or if it is a confidence
   *     that the recipe's products do not include
   */
  public void write(Product product, OutputStream out) throws IOException {
    switch (product) {
      case MASK -> PalettePng.write(result, out);
      case COLOR -> Images.writePng(Coloring.colorize(result), out);
      case OVERLAY -> recipe.format().write(overlay(), out);
      case CUTOUT -> recipe.background().write(photo, alpha(), recipe.format(), out);
      case SUMMARY -> Summary.write(origin.name(), result, out);
      case CONFIDENCE -> Images.writePng(confidence(), out);
      case JSON -> Report.write(result, recipe, model, runtime, out);
      case GEOJSON, YOLO, LABELME, SVG, COCO, CVAT ->
          ShapeFiles.write(product, tracing.shapes(recipe, result), recipe, result, origin, out);
    }
  }

  private ConfidenceMap confidence() {
    return result
        .confidence()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "confidence is only computed if the recipe's products include it; add it to"
                        + " them"));
  }

  private RgbImage overlay() {
    RgbImage overlay = Coloring.overlay(photo.onWhite(), result, OVERLAY_OPACITY);
    if (recipe.outline()) {
      overlay = Coloring.outline(overlay, result, OUTLINE_WIDTH);
    }
    return recipe.legend() ? Captions.legend(overlay, result) : overlay;
  }
}
