package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.util.List;
import java.util.Optional;

/** Small reports to test with. */
public final class Reports {
  static final int VOID = 255;

  private Reports() {}

  static RunInfo info(int samples, String... classes) {
    return new RunInfo(
        "streets",
        samples,
        "tiny on onnx",
        LabelMap.of(List.of(classes)),
        Palette.of(List.of(0x102030, 0xff0000, 0x00ff00)),
        "none",
        false,
        List.of());
  }

  static CategoryMask mask(int... categories) {
    return CategoryMask.copyOf(categories.length, 1, categories);
  }

  static ImageResult image(String name, CategoryMask truth, CategoryMask prediction, int classes) {
    ConfusionMatrix matrix = ConfusionMatrix.of(classes, VOID);
    matrix.add(truth, prediction);
    return new ImageResult(
        name,
        truth.width(),
        truth.height(),
        ImageResult.cells(matrix),
        Optional.empty(),
        Optional.empty());
  }

  /** Road, car and a bus that nothing has; with void on both sides. */
  static EvaluationReport tiny() {
    return new EvaluationReport(
        info(2, "road", "car", "bus, \"big\""),
        EmptyClasses.SKIP,
        List.of(
            image("b", mask(0, 0, 1, VOID), mask(0, 1, 1, 1), 3),
            image("a", mask(0, 0, 1, 1), mask(0, 0, 1, VOID), 3)));
  }
}
