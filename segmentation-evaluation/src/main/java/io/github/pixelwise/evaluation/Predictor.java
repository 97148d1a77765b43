package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.OutputKind;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where predicted masks come from. May be used by several threads. */
interface Predictor {
  /** What reports call it. */
  String name();

  /** Whether predictions can come with their confidence. */
  boolean hasConfidence();

  /**
   * Predicts one mask.
   *
   * @param confident whether the confidence is needed
   */
  Prediction predict(Sample sample, boolean confident) throws IOException;

  /**
   * A predicted mask.
   *
   * @param photograph the photograph; null if nothing needed to read it
   * @param mask categories of the data set
   * @param confidence the probability of each pixel's class, if it was needed
   */
  record Prediction(
      @Nullable RgbImage photograph, CategoryMask mask, Optional<ConfidenceMap> confidence) {}

  /** A model's. */
  static Predictor of(Segmenter segmenter, ClassMap classes, SegmentationOptions options) {
    RuntimeInfo runtime = segmenter.runtime();
    String name =
        "%s on %s %s, %s%s%s"
            .formatted(
                segmenter.model().name(),
                runtime.backend(),
                runtime.version(),
                runtime.device(),
                runtime.augmentation().equals(TestTimeAugmentation.NONE)
                    ? ""
                    : ", test-time augmentation " + runtime.augmentation(),
                options.sharpening() ? ", sharpened" : "");
    return new Predictor() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean hasConfidence() {
        return segmenter.model().output().kind() != OutputKind.CATEGORIES;
      }

      @Override
      public Prediction predict(Sample sample, boolean confident) throws IOException {
        RgbImage photograph = sample.photograph();
        SegmentationResult result =
            segmenter.segment(photograph, confident ? options.withConfidence() : options);
        return new Prediction(
            photograph,
            classes.apply(result.mask()),
            confident ? result.confidence() : Optional.empty());
      }
    };
  }

  /** Those of a data set whose masks are predictions. */
  static Predictor of(Dataset predictions) {
    Map<String, Sample> samples =
        predictions.samples().stream()
            .collect(Collectors.toUnmodifiableMap(Sample::name, Function.identity()));
    return new Predictor() {
      @Override
      public String name() {
        return predictions.name();
      }

      @Override
      public boolean hasConfidence() {
        return false;
      }

      @Override
      public Prediction predict(Sample sample, boolean confident) throws IOException {
        Sample prediction = samples.get(sample.name());
        if (prediction == null) {
          throw new IOException(
              "%s has no prediction for %s; limit the data set to the photographs that have one"
                  .formatted(predictions.name(), sample.name()));
        }
        return new Prediction(null, prediction.truth(), Optional.empty());
      }
    };
  }
}
