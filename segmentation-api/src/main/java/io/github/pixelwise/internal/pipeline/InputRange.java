package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.spi.ElementType;
import java.util.Locale;

/** Checks that a network's input can hold samples after a card's scale, mean and std. */
final class InputRange {
  private static final int CHANNELS = 3;

  private InputRange() {}

  /**
   * Checks that the input can hold all samples, and that an integer type keeps them apart: rounding
   * may join at most two, as it does in quantized networks.
   *
   * @throws IllegalArgumentException if it cannot; the message says what to write
   */
  static void require(ElementType type, InputSpec input) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double shortest = Double.POSITIVE_INFINITY;
    for (int channel = 0; channel < CHANNELS; channel++) {
      double least = (0 - input.mean().get(channel)) / input.std().get(channel);
      double range = 255 * input.scale() / input.std().get(channel);
      low = Math.min(low, least);
      high = Math.max(high, least + range);
      shortest = Math.min(shortest, range);
    }
    boolean fits = Math.rint(low) >= type.min() && Math.rint(high) <= type.max();
    if (!fits || (type.isWhole() && shortest < 127.5)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "its input \"%s\" takes %s, but scale, mean and std turn samples of 0 to 255 into "
                  + "%.4g to %.4g. %s",
              input.name(),
              type,
              low,
              high,
              type.isWhole()
                  ? "For a network that takes unscaled samples, write input.scale = 1%s and no input.std"
                      .formatted(
                          type == ElementType.INT8
                              ? ", input.mean = 128, 128, 128"
                              : ", no input.mean")
                  : "Correct input.scale, input.mean and input.std"));
    }
  }
}
