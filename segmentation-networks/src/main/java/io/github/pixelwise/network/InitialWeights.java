package io.github.pixelwise.network;

import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The weights of a network before it is trained.
 *
 * <p>Where batch norm follows, which is everywhere except for the scores and the embedded network,
 * the scale of a kernel does not change what the network computes. So one rule serves all networks,
 * although the published ones differ: by fan-out in torchvision's backbones, PyTorch's defaults in
 * U-Net.
 */
final class InitialWeights {
  /** As in SegFormer, ConvNeXt, and most transformers. */
  private static final double LINEAR_DEVIATION = 0.02;

  /** As in ConvNeXt: at first, a block changes almost nothing. */
  private static final float LAYER_SCALE = 1e-6f;

  private InitialWeights() {}

  static Map<String, WeightTensor> of(Network network, long seed) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    for (Layer layer : network.layers()) {
      List<Parameter> parameters = layer.parameters();
      for (int i = 0; i < parameters.size(); i++) {
        Parameter parameter = parameters.get(i);
        weights.put(
            parameter.name(),
            WeightTensor.of(
                parameter.shape(),
                i == 0
                    ? first(layer.operation(), parameter, mixed(seed, weights.size()))
                    : () -> constant(parameter)));
      }
    }
    return weights;
  }

  /**
   * The seed of a kernel. Random's first numbers are nearly the same for seeds that are neighbors,
   * so all bits of a seed depend on all bits of the run's seed and the kernel's index.
   */
  private static long mixed(long seed, int index) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + index).nextLong();
  }

  /** The values of a layer's first parameter. */
  private static Supplier<float[]> first(Operation operation, Parameter parameter, long seed) {
    if (operation instanceof AttentionOperation.Linear) {
      return normal(parameter, LINEAR_DEVIATION, seed);
    }
    if (operation instanceof AttentionOperation.LayerScale) {
      return () -> filled(parameter, LAYER_SCALE);
    }
    return parameter.shape().size() == 4 && !(operation instanceof TensorOperation.Constant)
        ? kernels(operation, parameter, seed)
        : () -> constant(parameter);
  }

  private static float[] filled(Parameter parameter, float value) {
    float[] values = new float[Math.toIntExact(parameter.size())];
    Arrays.fill(values, value);
    return values;
  }

  /** Norms start as the identity, and biases start at 0. */
  private static float[] constant(Parameter parameter) {
    boolean factor =
        parameter.name().endsWith(".weight") || parameter.name().endsWith(".running_var");
    return filled(parameter, factor ? 1 : 0);
  }

  private static Supplier<float[]> kernels(Operation operation, Parameter parameter, long seed) {
    List<Integer> shape = parameter.shape();
    int inputs = shape.get(1) * shape.get(2) * shape.get(3);
    if (operation instanceof Operation.TransposedConvolution transposed) {
      Kernel.Axis across = transposed.kernel().horizontal();
      Kernel.Axis down = transposed.kernel().vertical();
      int size = across.size();
      if (across.equals(down) && size == 2 * across.stride() && shape.get(0).equals(shape.get(1))) {
        return () -> bilinear(shape.get(0), size);
      }
      inputs = Math.max(1, shape.get(0) * size * down.size() / (across.stride() * down.stride()));
    }
    return normal(parameter, Math.sqrt(2.0 / inputs), seed);
  }

  private static Supplier<float[]> normal(Parameter parameter, double deviation, long seed) {
    return () -> {
      Random random = new Random(seed);
      float[] values = new float[Math.toIntExact(parameter.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * deviation);
      }
      return values;
    };
  }

  /**
   * Bilinear weights: each channel depends only on itself, with weights that fall linearly from the
   * center of the window.
   */
  private static float[] bilinear(int channels, int size) {
    double center = (size - 1) / 2.0;
    double half = size / 2.0;
    float[] values = new float[channels * channels * size * size];
    for (int channel = 0; channel < channels; channel++) {
      int start = (channel * channels + channel) * size * size;
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          double down = 1 - Math.abs(y - center) / half;
          double across = 1 - Math.abs(x - center) / half;
          values[start + y * size + x] = (float) (down * across);
        }
      }
    }
    return values;
  }
}
