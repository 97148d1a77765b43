package io.github.pixelwise.internal;

import io.github.pixelwise.FloatTensor;
import io.github.pixelwise.ImageGeometry;
import io.github.pixelwise.InputSpec;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFormat;
import io.github.pixelwise.OutputSpec;
import io.github.pixelwise.TensorLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A network without a card: what its output is, is read off the first one it gives. */
public final class BareModel {
  /** Stand for what is not known yet: logits of a single class, which decide nothing. */
  private static final OutputSpec UNKNOWN_OUTPUT = OutputSpec.logits("", 1);

  private static final LabelMap UNKNOWN_LABELS = LabelMap.of(List.of("class 0"));

  private BareModel() {}

  /**
   * A card of a file whose output is not known yet.
   *
   * @throws IllegalArgumentException if the file's name does not tell its format
   */
  public static ModelDescriptor of(Path file, InputSpec input) {
    return of(file, input, UNKNOWN_OUTPUT, UNKNOWN_LABELS);
  }

  /**
   * A card of a file.
   *
   * @throws IllegalArgumentException if the file's name does not tell its format
   */
  public static ModelDescriptor of(Path file, InputSpec input, OutputSpec output, LabelMap labels) {
    String name = String.valueOf(file.getFileName());
    return ModelDescriptor.builder(name, input, output, labels)
        .file(format(file, name), file)
        .build();
  }

  private static ModelFormat format(Path file, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".onnx")) {
      return ModelFormat.ONNX;
    }
    if (lower.endsWith(".pt") || lower.endsWith(".torchscript")) {
      return ModelFormat.TORCHSCRIPT;
    }
    throw new IllegalArgumentException(
        ("the name of a model's file should end in .onnx, .pt or .torchscript, found %s. Rename it,"
                + " or name its format to ModelDescriptor.builder.")
            .formatted(file));
  }

  /** Whether the card's output is still to be found out. */
  static boolean isBare(ModelDescriptor model) {
    return model.output().equals(UNKNOWN_OUTPUT) && model.labels().equals(UNKNOWN_LABELS);
  }

  /**
   * Completes a card by an output: as many classes as it has channels, of the names "class 0",
   * "class 1"...; its layout is the input's, its stride follows from the sizes (a power of two
   * where one fits).
   *
   * @throws IllegalArgumentException if it is no grid of logits
   */
  static ModelDescriptor completed(
      ModelDescriptor bare, FloatTensor output, ImageGeometry geometry) {
    TensorLayout layout = bare.input().layout();
    boolean planar = layout == TensorLayout.NCHW;
    int classes = output.rank() == 4 ? output.side(planar ? 1 : 3) : 1;
    if (classes < 2) {
      throw unclear("two or more channels, a class each", layout, output, geometry);
    }
    OutputSpec guess = OutputSpec.logits("", 1);
    OutputSpec spec =
        IntStream.rangeClosed(1, Math.max(geometry.inputWidth(), geometry.inputHeight()))
            .boxed()
            .sorted((a, b) -> Boolean.compare(Integer.bitCount(a) > 1, Integer.bitCount(b) > 1))
            .map(
                stride ->
                    new OutputSpec(
                        "", layout, guess.kind(), stride, guess.alignment(), guess.threshold()))
            .filter(
                candidate ->
                    candidate.gridSide(geometry.inputWidth()) == output.side(planar ? 3 : 2)
                        && candidate.gridSide(geometry.inputHeight())
                            == output.side(planar ? 2 : 1))
            .findFirst()
            .orElseThrow(() -> unclear("a grid over the input", layout, output, geometry));
    LabelMap labels = LabelMap.of(IntStream.range(0, classes).mapToObj(i -> "class " + i).toList());
    return ModelDescriptor.builder(bare.name(), bare.input(), spec, labels)
        .file(bare.files().get(0))
        .build();
  }

  private static IllegalArgumentException unclear(
      String expected, TensorLayout layout, FloatTensor output, ImageGeometry geometry) {
    return new IllegalArgumentException(
        ("a network given without an OutputSpec should answer an input of %d x %d with logits in"
                + " %s: %s; found %s. Give an OutputSpec and a LabelMap.")
            .formatted(geometry.inputWidth(), geometry.inputHeight(), layout, expected, output));
  }
}
