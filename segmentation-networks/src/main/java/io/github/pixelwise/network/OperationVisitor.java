package io.github.pixelwise.network;

/**
 * A visitor with one method for each kind of operation. Each new kind adds a method, so every
 * visitor must handle it.
 *
 * @param <R> the type of the result
 */
public interface OperationVisitor<R> {
  /**
   * {@return the result for the network's input}
   *
   * @param operation the network's input
   */
  R input(Operation.Input operation);

  /**
   * {@return the result for a convolution}
   *
   * @param operation the convolution
   */
  R convolution(Operation.Convolution operation);

  /**
   * {@return the result for a transposed convolution}
   *
   * @param operation the transposed convolution
   */
  R transposedConvolution(Operation.TransposedConvolution operation);

  /**
   * {@return the result for a batch norm}
   *
   * @param operation the batch norm
   */
  R batchNorm(Operation.BatchNorm operation);

  /**
   * {@return the result for an activation}
   *
   * @param operation the activation
   */
  R activation(Operation.Activation operation);

  /**
   * {@return the result for a max pool}
   *
   * @param operation the max pool
   */
  R maxPool(Operation.MaxPool operation);

  /**
   * {@return the result for an average pool}
   *
   * @param operation the average pool
   */
  R averagePool(Operation.AveragePool operation);

  /**
   * {@return the result for a global average pool}
   *
   * @param operation the global average pool
   */
  R globalAveragePool(Operation.GlobalAveragePool operation);

  /**
   * {@return the result for an upsampling}
   *
   * @param operation the upsampling
   */
  R upsample(Operation.Upsample operation);

  /**
   * {@return the result for a dropout}
   *
   * @param operation the dropout
   */
  R dropout(Operation.Dropout operation);

  /**
   * {@return the result for a sum}
   *
   * @param operation the sum
   */
  R add(TensorOperation.Add operation);

  /**
   * {@return the result for a product}
   *
   * @param operation the product
   */
  R multiply(TensorOperation.Multiply operation);

  /**
   * {@return the result for a concatenation}
   *
   * @param operation the concatenation
   */
  R concatenate(TensorOperation.Concatenate operation);

  /**
   * {@return the result for a softmax}
   *
   * @param operation the softmax
   */
  R softmax(Operation.Softmax operation);

  /**
   * {@return the result for an arg-max}
   *
   * @param operation the arg-max
   */
  R argMax(Operation.ArgMax operation);

  /**
   * {@return the result for a constant}
   *
   * @param operation the constant
   */
  R constant(TensorOperation.Constant operation);

  /**
   * {@return the result for a difference}
   *
   * @param operation the difference
   */
  R subtract(TensorOperation.Subtract operation);

  /**
   * {@return the result for a clip}
   *
   * @param operation the clip
   */
  R clip(TensorOperation.Clip operation);

  /**
   * {@return the result for a PReLU}
   *
   * @param operation the PReLU
   */
  R prelu(TensorOperation.PRelu operation);

  /**
   * {@return the result for a padding}
   *
   * @param operation the padding
   */
  R pad(TensorOperation.Pad operation);

  /**
   * {@return the result for a resize}
   *
   * @param operation the resize
   */
  R resize(TensorOperation.Resize operation);

  /**
   * {@return the result for an adaptive average pool}
   *
   * @param operation the adaptive average pool
   */
  R adaptiveAveragePool(TensorOperation.AdaptiveAveragePool operation);

  /**
   * {@return the result for a linear layer}
   *
   * @param operation the linear layer
   */
  R linear(AttentionOperation.Linear operation);

  /**
   * {@return the result for a layer norm}
   *
   * @param operation the layer norm
   */
  R layerNorm(AttentionOperation.LayerNorm operation);

  /**
   * {@return the result for a layer scale}
   *
   * @param operation the layer scale
   */
  R layerScale(AttentionOperation.LayerScale operation);

  /**
   * {@return the result for a split into heads}
   *
   * @param operation the split into heads
   */
  R splitHeads(AttentionOperation.SplitHeads operation);

  /**
   * {@return the result for a join of heads}
   *
   * @param operation the join of heads
   */
  R joinHeads(AttentionOperation.JoinHeads operation);

  /**
   * {@return the result for a permutation}
   *
   * @param operation the permutation
   */
  R permute(AttentionOperation.Permute operation);

  /**
   * {@return the result for a matrix product}
   *
   * @param operation the matrix product
   */
  R matrixProduct(AttentionOperation.MatrixProduct operation);

  /**
   * {@return the result for a product with a number}
   *
   * @param operation the product with a number
   */
  R scale(AttentionOperation.Scale operation);
}
