package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.SegmentationResult;
import java.util.List;

/** Results without a network. */
final class Results {
  private Results() {}

  /** A result of three classes, whose void is 255. */
  static SegmentationResult of(CategoryMask mask, Palette palette) {
    return of(mask, palette, 255);
  }

  static SegmentationResult of(CategoryMask mask, Palette palette, int ignoreIndex) {
    return SegmentationResult.builder(
            mask, LabelMap.of(List.of("background", "cat", "dog"), ignoreIndex), palette)
        .build();
  }
}
