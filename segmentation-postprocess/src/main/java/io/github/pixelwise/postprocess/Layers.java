package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;

/**
 * The colors that a picture's pixels mix: {@code image = a * foreground + (1 - a) * background}.
 * Where alpha is 0 or 255, both are the picture's own color.
 */
record Layers(RgbImage foreground, RgbImage background) {
  static Layers estimate(RgbImage image, AlphaMask alpha) {
    return new LayerEstimation(image, alpha).run();
  }
}
