package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.decode.OutputAdvice;
import io.github.pixelwise.internal.decode.OutputShape;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** A card with gaps, which are filled in from the first output of its network. */
public final class BareModel {
  /** Stands for unknown labels; recognized by identity. */
  private static final LabelMap UNKNOWN_LABELS = LabelMap.of(List.of("class 0", "class 1"));

  private BareModel() {}

  /**
   * Creates a card for a file whose output is not known yet.
   *
   * @throws IllegalArgumentException if the file's name does not show its format
   */
  public static ModelCard of(Path file, InputSpec input) {
    return of(file, input, OutputSpec.logits("", 0).withLayout(input.layout()), UNKNOWN_LABELS);
  }

  /**
   * Creates a card for a file.
   *
   * @throws IllegalArgumentException if the file's name does not show its format
   */
  public static ModelCard of(Path file, InputSpec input, OutputSpec output, LabelMap labels) {
    String name = String.valueOf(file.getFileName());
    return ModelCard.builder(name, input, output, labels)
        .file(
            format(file)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            ("the name of a model's file should end in .onnx, .pt or "
                                    + ".torchscript, found %s. Rename it, or give its format to "
                                    + "ModelCard.builder.")
                                .formatted(file))),
            file)
        .build();
  }

  /** The format that a file's name shows. */
  static Optional<ModelFormat> format(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".onnx")) {
      return Optional.of(ModelFormat.ONNX);
    }
    return name.endsWith(".pt") || name.endsWith(".torchscript")
        ? Optional.of(ModelFormat.TORCHSCRIPT)
        : Optional.empty();
  }

  /** Whether the card's output is still unknown. */
  public static boolean isBare(ModelCard model) {
    return model.output().stride() == 0;
  }

  /**
   * Completes a card from an output: the stride follows from the sizes (a power of two if one
   * fits). If the labels are unknown, too, there is one class per channel, named "class 0", "class
   * 1" and so on.
   *
   * @throws IllegalArgumentException if the output is not a grid, or does not have one channel per
   *     label
   */
  public static ModelCard completed(ModelCard bare, FloatTensor output, ImageGeometry geometry) {
    OutputSpec spec = bare.output();
    boolean labeled = bare.labels() != UNKNOWN_LABELS;
    int expected = spec.channels(bare.labels().size());
    OutputShape shape =
        OutputShape.of(output, spec)
            .filter(s -> labeled ? s.channels() == expected : s.channels() > 1)
            .orElseThrow(
                () ->
                    unclear(
                        bare,
                        labeled
                            ? "%d channels for its %d labels"
                                .formatted(expected, bare.labels().size())
                            : "two or more channels, one per class",
                        output,
                        geometry));
    int channels = shape.channels();
    OutputSpec known =
        IntStream.rangeClosed(1, Math.max(geometry.inputWidth(), geometry.inputHeight()))
            .boxed()
            .sorted((a, b) -> Boolean.compare(Integer.bitCount(a) > 1, Integer.bitCount(b) > 1))
            .map(spec::withStride)
            .filter(s -> shape.isGridOf(geometry.inputWidth(), geometry.inputHeight(), s))
            .findFirst()
            .orElseThrow(() -> unclear(bare, "a grid over the input", output, geometry));
    LabelMap labels =
        labeled
            ? bare.labels()
            : LabelMap.of(IntStream.range(0, channels).mapToObj(i -> "class " + i).toList());
    return bare.toBuilder().output(known).labels(labels).build();
  }

  private static IllegalArgumentException unclear(
      ModelCard bare, String expected, FloatTensor output, ImageGeometry geometry) {
    boolean oneChannel =
        OutputShape.of(output, bare.output()).filter(s -> s.channels() == 1).isPresent()
            && bare.output().channels(2) > 1;
    return new IllegalArgumentException(
        "an input of %d x %d should give %s in %s: %s; found %s. %s"
            .formatted(
                geometry.inputWidth(),
                geometry.inputHeight(),
                CardKeys.word(bare.output().kind()),
                bare.output().layout(),
                expected,
                output,
                oneChannel
                    ? OutputAdvice.ONE_CHANNEL
                    : "Correct or complete the description of the output and its labels, on a "
                        + "card or with an OutputSpec and a LabelMap."));
  }
}
