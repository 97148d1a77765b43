package io.github.pixelwise;

import io.github.pixelwise.internal.pipeline.AugmentedPlan;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.TensorLayout;
import java.util.List;

/**
 * Turns a photograph into one or more inputs of a network, and merges their scores into one map.
 * Called by several threads at once.
 *
 * <p>The stages of a segmentation are <i>prepare</i>, <i>score</i> and <i>decode</i>. A plan is the
 * first stage, and merges the scores for the third, so that decoding need not know how many inputs
 * there were.
 */
public interface InputPlan {
  /**
   * Prepares a photograph.
   *
   * @param image the photograph
   * @return its inputs, one or more, each a batch of one
   */
  List<ModelInput> prepare(RgbImage image);

  /**
   * Merges the scores of a photograph's inputs.
   *
   * @param scores the scores of each input, in the order of the inputs
   * @return the merged scores, with the photograph's geometry
   */
  ScoreMap merge(List<ScoreMap> scores);

  /**
   * One input per photograph, the default.
   *
   * @param preprocessor makes the input
   * @return the plan
   */
  static InputPlan single(Preprocessor preprocessor) {
    return new InputPlan() {
      @Override
      public List<ModelInput> prepare(RgbImage image) {
        return List.of(preprocessor.prepare(image));
      }

      @Override
      public ScoreMap merge(List<ScoreMap> scores) {
        return scores.get(0);
      }
    };
  }

  /**
   * Averages the scores of the photograph and its mirror image: test-time augmentation by flipping,
   * which takes twice as long and often makes masks a little better. {@link
   * SegmenterBuilder#augmentation} also takes other sizes.
   *
   * @param preprocessor makes the photograph's input, which is then mirrored
   * @param layout the order of the input's axes
   * @return the plan
   */
  static InputPlan mirrored(Preprocessor preprocessor, TensorLayout layout) {
    return new AugmentedPlan(List.of(preprocessor), true, layout);
  }
}
