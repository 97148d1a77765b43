package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.postprocess.shape.Shapes;
import java.util.List;

/**
 * How shapes are made.
 *
 * @param classes the classes whose shapes are written; all but the background if empty
 * @param tolerance by how many pixels borders may move to have fewer points
 * @param smoothing how often corners are rounded
 */
record ShapeRecipe(List<String> classes, double tolerance, int smoothing) {
  /** All shapes of a result. */
  Shapes shapes(SegmentationResult result) {
    Shapes shapes = Shapes.of(result.mask());
    if (tolerance > 0) {
      shapes = shapes.simplified(tolerance);
    }
    return smoothing > 0 ? shapes.smoothed(smoothing) : shapes;
  }

  /** Whether the shapes of a category are written. */
  boolean isWritten(int category, LabelMap labels) {
    String name = labels.name(category);
    return classes.isEmpty()
        ? category < labels.size() && !name.equalsIgnoreCase(Recipe.BACKGROUND)
        : classes.stream().anyMatch(name::equalsIgnoreCase);
  }
}
