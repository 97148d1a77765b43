package io.github.pixelwise.internal.card;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.ResizeMode;

/** What an output's properties need of its other properties, and of the input's. */
public final class OutputRules {
  private OutputRules() {}

  /**
   * Checks an output.
   *
   * @return the output
   * @throws IllegalArgumentException if its properties contradict each other or the input's; the
   *     message says what to write instead
   */
  public static OutputSpec checked(OutputSpec output, InputSpec input) {
    String kind = CardValues.word(output.kind());
    boolean lanczos = output.interpolation() == Interpolation.LANCZOS;
    if (output.minMax() && !output.kind().isBinary()) {
      throw new IllegalArgumentException(
          "only an output with one channel, of the kind sigmoid or binary-logits, is normalized by "
              + "its minimum and maximum, found the kind "
              + kind);
    }
    if (lanczos && !output.kind().isBinary()) {
      throw new IllegalArgumentException(
          "only an output with one channel, of the kind sigmoid or binary-logits, is enlarged by "
              + "Lanczos, found the kind %s. Use bilinear interpolation.".formatted(kind));
    }
    if (lanczos
        && (input.resize() != ResizeMode.STRETCH
            || input.crop().isPresent()
            || output.alignment() != GridAlignment.HALF_PIXEL)) {
      throw new IllegalArgumentException(
          "an output is enlarged by Lanczos only if its input is stretched (input.resize = stretch, "
              + "no input.crop) and its grid has half-pixel alignment. Use bilinear interpolation.");
    }
    if (output.softEdge() && output.kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "an output of the kind categories has no probabilities, so its cutouts cannot have soft "
              + "edges; use hard edges");
    }
    return output;
  }
}
