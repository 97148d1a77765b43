package io.github.pixelwise;

import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.TensorLayout;
import java.util.List;

/**
 * How a photograph becomes one or more inputs of a network, and how their scores become one map.
 * Called by several threads at once.
 *
 * <p>The stages of a segmentation are <i>prepare</i>, <i>score</i> and <i>decode</i>. A plan is the
 * first one and the link to the third: decoding never knows how many inputs there were.
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
   * @return scores whose geometry is of the photograph
   */
  ScoreMap merge(List<ScoreMap> scores);

  /**
   * One input a photograph: what a segmenter does by default.
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
   * The photograph and its mirror image, whose scores are averaged: test-time augmentation by
   * flipping, which takes twice the time and often makes masks a little better.
   *
   * @param preprocessor makes the inputs; of the same size for a photograph and its mirror image
   * @param layout the order of the input's axes
   * @return the plan
   */
  static InputPlan mirrored(Preprocessor preprocessor, TensorLayout layout) {
    return new MirroredPlan(preprocessor, layout);
  }
}
