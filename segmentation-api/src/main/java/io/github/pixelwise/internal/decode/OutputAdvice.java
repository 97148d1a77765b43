package io.github.pixelwise.internal.decode;

import io.github.pixelwise.internal.card.CardValues;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.TensorLayout;
import java.util.Optional;

/** What to correct if a network's output does not match its description, on a card or in Java. */
public final class OutputAdvice {
  /** For a single channel instead of one per class. */
  public static final String ONE_CHANNEL =
      "For a single channel, use the kind (output.kind on a card) binary-logits, or sigmoid if "
          + "its values are in 0..1, both with two labels, or categories if they are classes.";

  private OutputAdvice() {}

  /** The advice for an output whose shape does not fit. */
  public static String of(
      FloatTensor output, int classes, OutputSpec spec, ImageGeometry geometry) {
    int channels = spec.channels(classes);
    Optional<OutputShape> found = OutputShape.of(output, spec);
    OutputSpec other =
        spec.withLayout(spec.layout() == TensorLayout.NCHW ? TensorLayout.NHWC : TensorLayout.NCHW);
    boolean otherLayoutFits =
        OutputShape.of(output, other)
            .filter(shape -> shape.channels() == channels)
            .filter(shape -> shape.isGridOf(geometry.inputWidth(), geometry.inputHeight(), spec))
            .isPresent();
    if (otherLayoutFits) {
      return correct("the output's layout", "output.layout");
    }
    int foundChannels = found.map(OutputShape::channels).orElse(0);
    if (foundChannels == channels) {
      return correct("the output's stride", "output.stride");
    }
    if (foundChannels == 1) {
      return ONE_CHANNEL;
    }
    return channels == 1 || foundChannels == 0
        ? correct("the output's kind", "output.kind")
        : correct("the labels or the output's kind", "labels or output.kind");
  }

  /** The advice for numbers that are not probabilities. */
  public static String notProbabilities(OutputKind kind) {
    return "Correct the output's kind (output.kind on a card) from %s to %s."
        .formatted(
            CardValues.word(kind),
            CardValues.word(kind.isBinary() ? OutputKind.BINARY_LOGITS : OutputKind.LOGITS));
  }

  private static String correct(String what, String key) {
    return "Correct %s (%s on a card).".formatted(what, key);
  }
}
