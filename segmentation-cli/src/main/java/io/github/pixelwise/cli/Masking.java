package io.github.pixelwise.cli;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.postprocess.Regions;

/**
 * How masks are made.
 *
 * @param thresholds how sure the network must be
 * @param minRegion the pixels a region must have to be kept
 */
record Masking(Thresholds thresholds, int minRegion) {
  SegmentationResult segment(Segmenter segmenter, RgbImage photo) {
    SegmentationResult result =
        segmenter.segment(photo, SegmentationOptions.MASK_ONLY.withThresholds(thresholds));
    return minRegion <= 1
        ? result
        : result.withMask(Regions.dropSmall(result.mask(), result.labels(), minRegion));
  }
}
