package io.github.pixelwise.internal.decode;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.TensorLayout;
import java.util.Optional;

/**
 * The dimensions of a network's output, whichever axes it leaves out: the batch axis for a single
 * image, or the channel axis for categories.
 *
 * @param images the images of a batch
 * @param channels the channels
 * @param height the grid's height
 * @param width the grid's width
 */
public record OutputShape(int images, int channels, int height, int width) {
  /** Reads a tensor's sides; empty if it has too few or too many for such an output. */
  public static Optional<OutputShape> of(FloatTensor output, OutputSpec spec) {
    boolean planar = spec.layout() == TensorLayout.NCHW;
    boolean categories = spec.kind() == OutputKind.CATEGORIES;
    int[] sides = output.shape();
    return switch (sides.length) {
      case 4 -> Optional.of(of(sides[0], planar, sides[1], sides[2], sides[3]));
      case 3 ->
          Optional.of(
              categories && (planar || sides[2] != 1)
                  ? new OutputShape(sides[0], 1, sides[1], sides[2])
                  : of(1, planar, sides[0], sides[1], sides[2]));
      case 2 ->
          spec.channels(2) == 1
              ? Optional.of(new OutputShape(1, 1, sides[0], sides[1]))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static OutputShape of(int images, boolean planar, int first, int second, int third) {
    return planar
        ? new OutputShape(images, first, second, third)
        : new OutputShape(images, third, first, second);
  }

  /**
   * Whether the grid matches an input with these sides: it has the stride, or, if that is 1, is
   * finer than the input by the same whole factor in both directions.
   */
  public boolean isGridOf(int inputWidth, int inputHeight, OutputSpec spec) {
    int finer = spec.stride() == 1 ? Math.max(1, width / inputWidth) : 1;
    return width == finer * spec.gridSide(inputWidth)
        && height == finer * spec.gridSide(inputHeight);
  }
}
