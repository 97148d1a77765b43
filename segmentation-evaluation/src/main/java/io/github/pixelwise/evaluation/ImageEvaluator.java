package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.evaluation.internal.Example;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Evaluates single images. May be used by several threads. */
final class ImageEvaluator {
  private static final int WORST = 12;
  private static final int BEST = 6;

  private final LabelMap labels;
  private final Predictor predictor;
  private final Optional<Boundary> boundary;
  private final boolean calibration;

  ImageEvaluator(
      LabelMap labels, Predictor predictor, Optional<Boundary> boundary, boolean calibration) {
    this.labels = labels;
    this.predictor = predictor;
    this.boundary = boundary;
    this.calibration = calibration;
  }

  ImageResult evaluate(Sample sample) throws IOException {
    CategoryMask truth = sample.truth();
    Predictor.Prediction prediction = predictor.predict(sample, calibration);
    CategoryMask mask = prediction.mask();
    if (mask.width() != truth.width() || mask.height() != truth.height()) {
      throw new IOException(
          "the mask of %s has %d x %d pixels, its prediction %d x %d"
              .formatted(
                  sample.name(), truth.width(), truth.height(), mask.width(), mask.height()));
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(labels);
    matrix.add(truth, mask);
    return new ImageResult(
        sample.name(),
        truth.width(),
        truth.height(),
        ImageResult.cells(matrix),
        boundary.map(
            width ->
                BoundaryCounts.of(
                    truth, mask, labels.size(), labels.ignoreIndex(), width.pixels())),
        prediction
            .confidence()
            .map(confidence -> Calibration.of(truth, mask, confidence, labels.ignoreIndex())));
  }

  /** The images of the lowest IoU and of the highest, evaluated again for their pictures. */
  List<Example> examples(Dataset dataset, EvaluationReport report) throws IOException {
    Map<String, Sample> samples =
        dataset.samples().stream().collect(Collectors.toMap(Sample::name, Function.identity()));
    List<ImageResult> ranked =
        report.images().stream()
            .filter(image -> image.pixels() > 0)
            .sorted(
                Comparator.comparingDouble(ImageResult::meanIou)
                    .thenComparingDouble(ImageResult::pixelAccuracy)
                    .thenComparing(ImageResult::name))
            .toList();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < ranked.size(); i++) {
      if (i < WORST || i >= ranked.size() - BEST) {
        Sample sample = Objects.requireNonNull(samples.get(ranked.get(i).name()));
        Predictor.Prediction prediction = predictor.predict(sample, false);
        examples.add(
            new Example(
                ranked.get(i),
                Optional.ofNullable(prediction.photograph()),
                sample.truth(),
                prediction.mask()));
      }
    }
    return examples;
  }
}
