package io.github.pixelwise.network;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/**
 * What transformers, and networks that follow them, need besides convolutions. Tokens are the nodes
 * of a grid, so a linear layer is a 1 x 1 convolution and a layer norm works on each node's
 * channels. Where attention needs matrices, each channel is one: heads are channels, and a head's
 * tokens are its columns. Each kind matches the PyTorch function named in its documentation.
 */
public sealed interface AttentionOperation extends Operation {
  /**
   * {@code Linear} on the channels of each node.
   *
   * @param channels the number of output channels
   */
  record Linear(int channels) implements AttentionOperation {
    /**
     * Creates a linear layer.
     *
     * @param channels the number of output channels, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public Linear {
      if (channels < 1) {
        throw new IllegalArgumentException(
            "a linear layer needs at least 1 output channel, found " + channels);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0).withChannels(channels);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      return List.of(
          new Parameter(layer + ".weight", List.of(channels, input.channels()), true),
          new Parameter(layer + ".bias", List.of(channels), true));
    }

    @Override
    public long multiplyAdds(Shape input, Shape output) {
      return output.nodes() * channels * input.channels();
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.linear(this);
    }
  }

  /**
   * {@code LayerNorm} over the channels of each node.
   *
   * @param epsilon the number added to the variance
   */
  record LayerNorm(double epsilon) implements AttentionOperation {
    /**
     * Creates a layer norm.
     *
     * @param epsilon the number added to the variance
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public LayerNorm {
      if (!(epsilon >= 0 && Double.isFinite(epsilon))) {
        throw new IllegalArgumentException(
            "the epsilon of a layer norm must be at least 0, found " + epsilon);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      List<Integer> shape = List.of(input.channels());
      return List.of(
          new Parameter(layer + ".weight", shape, true),
          new Parameter(layer + ".bias", shape, true));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.layerNorm(this);
    }
  }

  /**
   * LayerScale: each channel times a learned factor. From Touvron et al., "Going deeper with Image
   * Transformers" (2021). Its only parameter has the layer's own name.
   */
  record LayerScale() implements AttentionOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      return List.of(new Parameter(layer, List.of(input.channels()), true));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.layerScale(this);
    }
  }

  /**
   * {@code reshape} of c x h x w into the matrices of several heads: heads x c/heads x hw. A head
   * has successive channels.
   *
   * @param heads the number of heads
   * @param length the number of channels of each head
   */
  record SplitHeads(int heads, int length) implements AttentionOperation {
    /**
     * Creates a split.
     *
     * @param heads the number of heads, at least 1
     * @param length the number of channels of each head, at least 1
     * @throws IllegalArgumentException if one is below 1
     */
    public SplitHeads {
      if (heads < 1 || length < 1) {
        throw new IllegalArgumentException(
            "a split needs at least 1 head of at least 1 channel, found %d heads of %d"
                .formatted(heads, length));
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      Shape input = inputs.get(0);
      if (input.channels() != (long) heads * length) {
        throw new IllegalArgumentException(
            "cannot split %d channels into %d heads of %d"
                .formatted(input.channels(), heads, length));
      }
      return new Shape(heads, Math.multiplyExact(input.width(), input.height()), length);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.splitHeads(this);
    }
  }

  /**
   * {@code reshape} of the matrices of several heads, heads x c/heads x hw, into c x h x w, with
   * the sides of a second input.
   *
   * @param channels the number of channels of all heads together
   */
  record JoinHeads(int channels) implements AttentionOperation {
    /**
     * Creates a join.
     *
     * @param channels the number of channels of all heads together, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public JoinHeads {
      if (channels < 1) {
        throw new IllegalArgumentException(
            "joined heads have at least 1 channel, found " + channels);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      Shape heads = inputs.get(0);
      Shape grid = inputs.get(1);
      if (heads.width() != grid.nodes() || (long) heads.channels() * heads.height() != channels) {
        throw new IllegalArgumentException(
            "cannot join heads of %s into %s".formatted(heads, grid.withChannels(channels)));
      }
      return grid.withChannels(channels);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.joinHeads(this);
    }
  }

  /**
   * {@code permute}: the axes in another order.
   *
   * @param channels the input's axis that becomes the channels
   * @param height the input's axis that becomes the height
   * @param width the input's axis that becomes the width
   */
  record Permute(Axis channels, Axis height, Axis width) implements AttentionOperation {
    /**
     * Creates a permutation.
     *
     * @param channels the input's axis that becomes the channels
     * @param height the input's axis that becomes the height
     * @param width the input's axis that becomes the width
     * @throws IllegalArgumentException if an axis appears twice
     */
    public Permute {
      Objects.requireNonNull(channels, "channels");
      Objects.requireNonNull(height, "height");
      Objects.requireNonNull(width, "width");
      if (EnumSet.of(channels, height, width).size() < 3) {
        throw new IllegalArgumentException(
            "a permutation needs each axis once, found %s, %s, %s"
                .formatted(channels, height, width));
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      Shape input = inputs.get(0);
      return new Shape(channels.lengthIn(input), width.lengthIn(input), height.lengthIn(input));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.permute(this);
    }
  }

  /** {@code matmul}: the matrix product of each channel of two inputs. */
  record MatrixProduct() implements AttentionOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      Shape first = inputs.get(0);
      Shape second = inputs.get(1);
      if (first.channels() != second.channels() || first.width() != second.height()) {
        throw new IllegalArgumentException(
            "cannot multiply the matrices of %s and %s: the channels must be equal, and the width of the first must be the height of the second"
                .formatted(first, second));
      }
      return new Shape(first.channels(), second.width(), first.height());
    }

    @Override
    public long multiplyAdds(Shape input, Shape output) {
      return output.channels() * output.nodes() * input.width();
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.matrixProduct(this);
    }
  }

  /**
   * The product with a constant number.
   *
   * @param factor the number, finite
   */
  record Scale(float factor) implements AttentionOperation {
    /**
     * Creates a product.
     *
     * @param factor the number
     * @throws IllegalArgumentException if it is not finite
     */
    public Scale {
      if (!Float.isFinite(factor)) {
        throw new IllegalArgumentException("a factor must be finite, found " + factor);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.scale(this);
    }
  }
}
