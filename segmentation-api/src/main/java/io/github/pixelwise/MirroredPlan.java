package io.github.pixelwise;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.TensorLayout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;

/** Averages the scores of an input and of its mirror image, as {@link InputPlan#mirrored} says. */
final class MirroredPlan implements InputPlan {
  private final Preprocessor preprocessor;
  private final TensorLayout layout;

  MirroredPlan(Preprocessor preprocessor, TensorLayout layout) {
    this.preprocessor = Objects.requireNonNull(preprocessor, "preprocessor");
    this.layout = Objects.requireNonNull(layout, "layout");
  }

  @Override
  public List<ModelInput> prepare(RgbImage image) {
    ModelInput input = preprocessor.prepare(image);
    // Mirrors the whole tensor, padding included, so that both inputs share one geometry.
    return List.of(input, new ModelInput(mirrored(input.tensor()), input.geometry()));
  }

  private FloatTensor mirrored(FloatTensor tensor) {
    int[] shape = tensor.shape();
    int width = shape[layout == TensorLayout.NCHW ? 3 : 2];
    int samples = layout == TensorLayout.NCHW ? 1 : shape[3];
    FloatBuffer from = tensor.buffer();
    float[] to = new float[from.remaining()];
    int row = width * samples;
    for (int start = 0; start < to.length; start += row) {
      for (int x = 0; x < width; x++) {
        from.get(start + x * samples, to, start + (width - 1 - x) * samples, samples);
      }
    }
    return FloatTensor.of(to, shape);
  }

  @Override
  public ScoreMap merge(List<ScoreMap> scores) {
    ScoreMap first = scores.get(0);
    ScoreMap second = scores.get(1);
    if (first.spec().kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "categories cannot be averaged; open the model with a plan that makes one input");
    }
    int width = first.width();
    float[] mean = new float[first.channels() * first.height() * width];
    float[] mirror = new float[width];
    for (int channel = 0, start = 0; channel < first.channels(); channel++) {
      for (int y = 0; y < first.height(); y++, start += width) {
        first.copyRow(channel, y, mean, start);
        second.copyRow(channel, y, mirror, 0);
        for (int x = 0; x < width; x++) {
          mean[start + x] = (mean[start + x] + mirror[width - 1 - x]) / 2;
        }
      }
    }
    return ScoreMap.of(
        first.spec(), first.geometry(), first.channels(), width, first.height(), mean);
  }
}
