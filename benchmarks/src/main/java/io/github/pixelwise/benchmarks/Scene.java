package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.GaussianBlur;
import java.io.IOException;

/**
 * A photo and its results.
 *
 * @param photo the photo
 * @param model a model with generated scores
 * @param result its mask in the model's colors
 * @param hard its foreground
 * @param soft the foreground with soft edges
 */
record Scene(
    RgbImage photo, ModelCard model, SegmentationResult result, AlphaMask hard, AlphaMask soft) {
  static final GaussianBlur BLUR = GaussianBlur.ofKernelSize(7);

  /**
   * Makes a scene.
   *
   * @param size the photo's size, such as {@code 1920x1280}
   * @param classes the number of classes
   */
  static Scene of(String size, int classes) throws IOException {
    String[] sides = size.split("x", -1);
    RgbImage photo = Photographs.of(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    ModelCard model = ScoresBackend.model(classes);
    try (Segmenter segmenter = ScoresBackend.segmenter(model, Preprocessor.from(model.input()))) {
      SegmentationResult result = segmenter.segment(photo);
      AlphaMask hard = Alpha.foreground(result.mask(), result.labels());
      return new Scene(photo, model, result, hard, Alpha.feather(hard, BLUR));
    }
  }
}
