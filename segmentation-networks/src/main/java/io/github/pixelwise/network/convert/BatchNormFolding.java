package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Weights;

/**
 * Batch norm as a factor and an offset for each channel: {@code (x - mean) / sqrt(variance +
 * epsilon) * weight + bias}.
 */
final class BatchNormFolding {
  private final double[] factors;
  private final double[] summands;

  private BatchNormFolding(double[] factors, double[] summands) {
    this.factors = factors;
    this.summands = summands;
  }

  static BatchNormFolding of(Layer layer, Weights weights) {
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
    return new BatchNormFolding(factors, summands);
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

  /** Normalizes one number per channel, such as the bias of a convolution, in place. */
  float[] apply(float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (numbers[i] * factors[i] + summands[i]);
    }
    return numbers;
  }
}
