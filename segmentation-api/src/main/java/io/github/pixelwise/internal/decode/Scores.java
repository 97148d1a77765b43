package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.TensorLayout;

/** Takes the scores of images out of a network's output. */
public final class Scores {
  private Scores() {}

  /**
   * Takes one image's scores out of a network's output. A single image's scores in NCHW are wrapped
   * without a copy.
   *
   * @param output the output tensor: {@code [n, c, h, w]} or {@code [n, h, w, c]} by the layout of
   *     {@code spec}, without {@code n} for a single image; categories may also come without {@code
   *     c}. For a stride of 1 the grid may be finer than the input, by the same whole factor in
   *     both directions.
   * @param image the image's index in the batch
   * @param classes the number of classes
   * @param spec what the output is
   * @param geometry where the source image lies in the network's input
   * @return the scores; for an output that is normalized or enlarged by Lanczos, probabilities of
   *     the kind {@link OutputKind#SIGMOID}
   * @throws IndexOutOfBoundsException if the batch has no such image
   * @throws IllegalArgumentException if the tensor's shape is not what {@code spec} says; the
   *     message shows both
   */
  public static ScoreMap of(
      FloatTensor output, int image, int classes, OutputSpec spec, ImageGeometry geometry) {
    int channels = spec.channels(classes);
    OutputShape shape =
        OutputShape.of(output, spec)
            .filter(
                found ->
                    found.channels() == channels
                        && found.isGridOf(geometry.inputWidth(), geometry.inputHeight(), spec))
            .orElseThrow(() -> unfit(output, classes, spec, geometry));
    float[] scores = output.image(image, shape.images());
    if (spec.layout() == TensorLayout.NHWC && channels > 1) {
      float[] planes = new float[scores.length];
      for (int i = 0, pixels = shape.height() * shape.width(); i < pixels; i++) {
        for (int c = 0; c < channels; c++) {
          planes[c * pixels + i] = scores[i * channels + c];
        }
      }
      scores = planes;
    }
    OutputSpec kept = spec;
    if (spec.minMax() || spec.interpolation() == Interpolation.LANCZOS) {
      scores = spec.minMax() ? stretched(probabilities(scores, spec)) : probabilities(scores, spec);
      kept = spec.withKind(OutputKind.SIGMOID);
    }
    return ScoreMap.of(kept, geometry, channels, shape.width(), shape.height(), scores);
  }

  private static float[] probabilities(float[] scores, OutputSpec spec) {
    float[] probabilities = scores.clone();
    if (spec.kind() == OutputKind.BINARY_LOGITS) {
      for (int i = 0; i < scores.length; i++) {
        probabilities[i] = ThresholdRows.sigmoid(scores[i]);
      }
    }
    return probabilities;
  }

  /** Stretches the range of some numbers to 0..1, in place; all become 0 if they are the same. */
  private static float[] stretched(float[] numbers) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float number : numbers) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    float range = high > low ? high - low : 1;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (numbers[i] - low) / range;
    }
    return numbers;
  }

  private static IllegalArgumentException unfit(
      FloatTensor output, int classes, OutputSpec spec, ImageGeometry geometry) {
    int channels = spec.channels(classes);
    int width = spec.gridSide(geometry.inputWidth());
    int height = spec.gridSide(geometry.inputHeight());
    int images = output.rank() == 4 ? output.side(0) : 1;
    int[] expected =
        spec.layout() == TensorLayout.NCHW
            ? new int[] {images, channels, height, width}
            : new int[] {images, height, width, channels};
    return new IllegalArgumentException(
        "output \"%s\" should be %s %s for an input of %d x %d, found %s. %s"
            .formatted(
                spec.name(),
                spec.layout(),
                FloatTensor.describe(expected),
                geometry.inputWidth(),
                geometry.inputHeight(),
                FloatTensor.describe(output.shape()),
                OutputAdvice.of(output, classes, spec, geometry)));
  }
}
