package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.Regions;
import io.github.pixelwise.tile.Tiles;
import java.util.Map;
import java.util.Optional;

/**
 * How masks are made.
 *
 * @param thresholds how confident the network must be
 * @param relabeling new names of the model's classes
 * @param sharpened whether edges follow those of the photograph
 * @param tiles how photographs are divided
 * @param minRegion the smallest region to keep, in pixels
 */
record MaskRecipe(
    Thresholds thresholds,
    Map<String, String> relabeling,
    boolean sharpened,
    Optional<Tiles> tiles,
    int minRegion) {
  /** The classes of masks. */
  LabelMap labels(LabelMap ofModel) {
    return relabeling.isEmpty() ? ofModel : Relabeling.of(ofModel, relabeling).labels();
  }

  /** What a segmenter is told. Fails if the model lacks a class. */
  SegmentationOptions options(ModelCard model) {
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withThresholds(thresholds);
    if (sharpened) {
      options = options.withSharpening();
    }
    if (!relabeling.isEmpty()) {
      options = options.withRelabeling(Relabeling.of(model.labels(), relabeling));
    }
    return tiles.isEmpty() ? options : options.withTiles(tiles.get().size(), tiles.get().overlap());
  }

  /** A result without small regions. */
  SegmentationResult cleaned(SegmentationResult result) {
    return minRegion > 1
        ? result.withMask(Regions.dropSmall(result.mask(), result.labels(), minRegion))
        : result;
  }
}
