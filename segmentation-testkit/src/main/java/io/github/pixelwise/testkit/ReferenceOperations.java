package io.github.pixelwise.testkit;

import io.github.pixelwise.model.FloatTensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The operations of a {@link ReferenceProgram}, on NCHW tensors. Written to be read, not to be
 * fast.
 */
final class ReferenceOperations {
  private ReferenceOperations() {}

  /**
   * Weights the channels of each pixel: one row per channel of the result, whose last number is the
   * bias.
   */
  static FloatTensor affine(FloatTensor input, float[][] rows) {
    float[] in = input.toFloatArray();
    int batch = input.side(0);
    int channels = input.side(1);
    int pixels = input.side(2) * input.side(3);
    float[] out = new float[batch * rows.length * pixels];
    for (int i = 0; i < out.length; i++) {
      float[] row = rows[i / pixels % rows.length];
      int first = i / pixels / rows.length * channels * pixels + i % pixels;
      float sum = row[channels];
      for (int channel = 0; channel < channels; channel++) {
        sum += row[channel] * in[first + channel * pixels];
      }
      out[i] = sum;
    }
    return FloatTensor.of(out, batch, rows.length, input.side(2), input.side(3));
  }

  static FloatTensor sigmoid(FloatTensor input) {
    float[] values = input.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1 / (1 + Math.exp(-values[i])));
    }
    return FloatTensor.of(values, input.shape());
  }

  /** Turns each pixel's values into probabilities. */
  static FloatTensor softmax(FloatTensor input) {
    float[] values = input.toFloatArray();
    int channels = input.side(1);
    int pixels = input.side(2) * input.side(3);
    for (int i = 0; i < values.length / channels; i++) {
      int first = i / pixels * channels * pixels + i % pixels;
      double sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += Math.exp(values[first + channel * pixels]);
      }
      for (int channel = 0; channel < channels; channel++) {
        int value = first + channel * pixels;
        values[value] = (float) (Math.exp(values[value]) / sum);
      }
    }
    return FloatTensor.of(values, input.shape());
  }

  /** Rounds to the nearest 16-bit float, ties to even; the exponent has no upper limit. */
  static FloatTensor half(FloatTensor input) {
    float[] values = input.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      // A 16-bit ulp is 2^13 times a 32-bit ulp, and at least 2^-24, the smallest number above
      // zero.
      double ulp = Math.max(0x1p-24, 0x1p13 * Math.ulp(values[i]));
      values[i] = (float) (Math.rint(values[i] / ulp) * ulp);
    }
    return FloatTensor.of(values, input.shape());
  }

  /** The channel of each pixel's highest value, the first of several. */
  static FloatTensor argMax(FloatTensor input) {
    float[] in = input.toFloatArray();
    int channels = input.side(1);
    int pixels = input.side(2) * input.side(3);
    float[] out = new float[input.side(0) * pixels];
    for (int i = 0; i < out.length; i++) {
      int first = i / pixels * channels * pixels + i % pixels;
      int best = 0;
      for (int channel = 1; channel < channels; channel++) {
        best = in[first + channel * pixels] > in[first + best * pixels] ? channel : best;
      }
      out[i] = best;
    }
    return FloatTensor.of(out, input.side(0), input.side(2), input.side(3));
  }

  /** Adds an axis of one channel. */
  static FloatTensor channel(FloatTensor input) {
    return FloatTensor.of(input.toFloatArray(), input.side(0), 1, input.side(1), input.side(2));
  }

  /** Keeps every stride-th pixel and row, starting with the first. */
  static FloatTensor every(FloatTensor input, int stride) {
    FloatBuffer in = input.buffer();
    int planes = input.side(0) * input.side(1);
    int height = input.side(2);
    int width = input.side(3);
    int columns = (width - 1) / stride + 1;
    int rows = (height - 1) / stride + 1;
    FloatBuffer out = FloatBuffer.allocate(planes * rows * columns);
    for (int plane = 0; plane < planes; plane++) {
      for (int y = 0; y < height; y += stride) {
        for (int x = 0; x < width; x += stride) {
          out.put(in.get((plane * height + y) * width + x));
        }
      }
    }
    return FloatTensor.of(out.array(), input.side(0), input.side(1), rows, columns);
  }

  /** Reorders the axes: axis i of the result is axis {@code axes[i]} of the input. */
  static FloatTensor transpose(FloatTensor input, int[] axes) {
    float[] in = input.toFloatArray();
    int[] shape = Arrays.stream(axes).map(input::side).toArray();
    int[] steps = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      steps[i] = 1;
      for (int axis = axes[i] + 1; axis < input.rank(); axis++) {
        steps[i] *= input.side(axis);
      }
    }
    float[] out = new float[in.length];
    for (int i = 0; i < out.length; i++) {
      int from = 0;
      for (int axis = axes.length - 1, rest = i; axis >= 0; rest /= shape[axis], axis--) {
        from += rest % shape[axis] * steps[axis];
      }
      out[i] = in[from];
    }
    return FloatTensor.of(out, shape);
  }

  /** Convolves several times with a kernel that is zero except for a one in its center. */
  static FloatTensor identity(FloatTensor input, int kernel, int times) {
    float[] weights = new float[kernel * kernel];
    weights[weights.length / 2] = 1;
    FloatTensor result = input;
    for (int i = 0; i < times; i++) {
      result = convolve(result, kernel, weights);
    }
    return result;
  }

  /** Convolves each plane with one kernel of odd sides. Pixels beyond the edge are zero. */
  private static FloatTensor convolve(FloatTensor input, int kernel, float[] weights) {
    float[] in = input.toFloatArray();
    int height = input.side(2);
    int width = input.side(3);
    float[] out = new float[in.length];
    for (int i = 0; i < out.length; i++) {
      int left = i % width - kernel / 2;
      int top = i / width % height - kernel / 2;
      int plane = i / width / height * height * width;
      float sum = 0;
      for (int y = Math.max(0, top); y < Math.min(height, top + kernel); y++) {
        for (int x = Math.max(0, left); x < Math.min(width, left + kernel); x++) {
          sum += in[plane + y * width + x] * weights[(y - top) * kernel + x - left];
        }
      }
      out[i] = sum;
    }
    return FloatTensor.of(out, input.shape());
  }
}
