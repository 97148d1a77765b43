package io.github.pixelwise.training.augment;

import java.util.random.RandomGenerator;

/** Random factors of colors, as torchvision's {@code ColorJitter} applies them. */
record Jitter(Range brightness, Range contrast, Range saturation, Range hue) {
  static final Jitter NONE = new Jitter(Range.ONE, Range.ONE, Range.ONE, Range.ZERO);

  /**
   * Changes samples in a random order of the four steps; steps that change nothing are left out.
   */
  void apply(byte[] rgb, RandomGenerator random) {
    int[] steps = {0, 1, 2, 3};
    for (int i = steps.length; i > 1; i--) {
      int other = (int) (random.nextDouble() * i);
      int step = steps[i - 1];
      steps[i - 1] = steps[other];
      steps[other] = step;
    }
    double brighter = brightness.draw(random);
    double starker = contrast.draw(random);
    double richer = saturation.draw(random);
    double turned = hue.draw(random);
    for (int step : steps) {
      if (step == 0 && !brightness.isOnly(1)) {
        ColorChanges.brightness(rgb, brighter);
      } else if (step == 1 && !contrast.isOnly(1)) {
        ColorChanges.contrast(rgb, starker);
      } else if (step == 2 && !saturation.isOnly(1)) {
        ColorChanges.saturation(rgb, richer);
      } else if (step == 3 && !hue.isOnly(0)) {
        ColorChanges.hue(rgb, turned);
      }
    }
  }
}
