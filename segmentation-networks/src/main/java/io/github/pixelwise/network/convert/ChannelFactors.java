package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Weights;
import java.util.Arrays;

/**
 * A layer that multiplies each channel by a factor and adds an offset. Batch norm is {@code (x -
 * mean) / sqrt(variance + epsilon) * weight + bias}; a layer scale has no offset.
 */
final class ChannelFactors {
  private final double[] factors;
  private final double[] summands;

  private ChannelFactors(double[] factors, double[] summands) {
    this.factors = factors;
    this.summands = summands;
  }

  /** Whether a layer is one of these. */
  static boolean areOf(Layer layer) {
    return layer.operation() instanceof Operation.BatchNorm
        || layer.operation() instanceof AttentionOperation.LayerScale;
  }

  static ChannelFactors of(Layer layer, Weights weights) {
    if (layer.operation() instanceof AttentionOperation.LayerScale) {
      float[] values = weights.values(layer.name());
      double[] factors = new double[values.length];
      Arrays.setAll(factors, i -> values[i]);
      return new ChannelFactors(factors, new double[values.length]);
    }
    double epsilon = ((Operation.BatchNorm) layer.operation()).epsilon();
    float[] weight = weights.values(layer.name() + ".weight");
    float[] bias = weights.values(layer.name() + ".bias");
    float[] mean = weights.values(layer.name() + ".running_mean");
    float[] variance = weights.values(layer.name() + ".running_var");
    double[] factors = new double[weight.length];
    double[] summands = new double[weight.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = weight[i] / Math.sqrt(variance[i] + epsilon);
      summands[i] = bias[i] - mean[i] * factors[i];
    }
    return new ChannelFactors(factors, summands);
  }

  /**
   * Multiplies the weights of the preceding convolution, in place.
   *
   * @param run the number of successive weights of one output channel
   */
  float[] multiply(float[] weights, int run) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] * factors[i / run % factors.length]);
    }
    return weights;
  }

  /** Changes one number per channel, such as the bias of a convolution, in place. */
  float[] apply(float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (numbers[i] * factors[i] + summands[i]);
    }
    return numbers;
  }
}
