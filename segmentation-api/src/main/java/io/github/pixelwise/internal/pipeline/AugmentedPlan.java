package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.InputPlan;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.internal.decode.ScoreMean;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Averages the scores of a photograph in several sizes, and of their mirror images. */
public final class AugmentedPlan implements InputPlan {
  private final List<Preprocessor> sizes;
  private final boolean mirrored;
  private final TensorLayout layout;

  /**
   * @param sizes a preprocessor for each size; scores are averaged on the grid of the first
   * @param mirrored whether each input is followed by its mirror image
   * @param layout the order of the inputs' axes
   */
  public AugmentedPlan(List<Preprocessor> sizes, boolean mirrored, TensorLayout layout) {
    this.sizes = List.copyOf(sizes);
    this.mirrored = mirrored;
    this.layout = Objects.requireNonNull(layout, "layout");
  }

  /**
   * Plans an augmentation. Scores are averaged on the grid of scale 1 or, without it, of the
   * largest one.
   *
   * @param own the user's own preprocessor, if there is one
   * @param preprocessors makes a preprocessor for each size otherwise
   * @throws IllegalArgumentException if the model cannot be run like this
   */
  public static InputPlan of(
      ModelCard model,
      TestTimeAugmentation augmentation,
      @Nullable Preprocessor own,
      Function<InputSpec, Preprocessor> preprocessors) {
    if (model.output().kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "model %s outputs categories without scores, so they cannot be averaged. Open it without test-time augmentation."
              .formatted(model.name()));
    }
    List<Double> scales = new ArrayList<>(augmentation.scales());
    Collections.reverse(scales);
    if (scales.remove(1.0)) {
      scales.add(0, 1.0);
    }
    return new AugmentedPlan(
        scales.stream()
            .map(scale -> preprocessor(model, augmentation, scale, own, preprocessors))
            .toList(),
        augmentation.mirror(),
        model.input().layout());
  }

  private static Preprocessor preprocessor(
      ModelCard model,
      TestTimeAugmentation augmentation,
      double scale,
      @Nullable Preprocessor own,
      Function<InputSpec, Preprocessor> preprocessors) {
    if (scale == 1) {
      return own == null ? preprocessors.apply(model.input()) : own;
    }
    SizeRule size = model.input().crop().orElse(model.input().size());
    if (own == null && size.kind() != SizeRule.Kind.FIXED) {
      return preprocessors.apply(model.input().scaled(scale));
    }
    throw new IllegalArgumentException(
        "model %s cannot be run with test-time augmentation %s: %s. Use \"mirror\", which keeps the size."
            .formatted(
                model.name(),
                augmentation,
                own == null
                    ? "its input has the fixed size %d x %d".formatted(size.width(), size.height())
                    : "the preprocessor that was set makes inputs of one size"));
  }

  @Override
  public List<ModelInput> prepare(RgbImage image) {
    List<ModelInput> inputs = new ArrayList<>();
    for (Preprocessor size : sizes) {
      ModelInput input = size.prepare(image);
      inputs.add(input);
      if (mirrored) {
        // Mirrors the whole tensor, padding included, so that both inputs share one geometry.
        inputs.add(new ModelInput(mirrored(input.tensor()), input.geometry()));
      }
    }
    return inputs;
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
    ScoreMean mean = new ScoreMean(scores.get(0));
    for (int i = 0; i < scores.size(); i++) {
      mean.add(scores.get(i), mirrored && i % 2 == 1);
    }
    return mean.mean();
  }
}
