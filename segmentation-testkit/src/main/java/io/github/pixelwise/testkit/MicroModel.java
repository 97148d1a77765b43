package io.github.pixelwise.testkit;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.TensorLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/**
 * A network of a few kilobytes at most, whose output is known without an engine.
 *
 * <p>Each takes batches of any length, of images of any size with three channels, and tells red,
 * green and blue (classes 0, 1 and 2) apart by three logits
 *
 * <pre>{@code
 *  1.00 r + 0.25 g - 0.50 b + 0.125
 * -0.50 r + 1.00 g + 0.25 b
 *  0.25 r - 0.50 g + 1.00 b - 0.125
 * }</pre>
 *
 * <p>unless its comment says otherwise. The weights are not symmetrical, so mixed-up channels are
 * noticed, and they have few binary digits, so sums of {@link #input}'s samples are exact.
 */
public enum MicroModel {
  /** The logits, by a convolution of 1 x 1. */
  AFFINE {
    @Override
    public FloatTensor expected(FloatTensor input) {
      return eachPixel(input, 3, MicroModel::logits);
    }
  },

  /** Two outputs: first {@code aux}, the negated logits, then {@code out}. */
  TWO_OUTPUTS {
    @Override
    public FloatTensor expected(FloatTensor input) {
      return AFFINE.expected(input);
    }
  },

  /**
   * The logits of every fourth pixel and row, starting with the first: a grid of stride 4. A
   * convolution instead of a pooling, because some engines cannot pool an image smaller than the
   * window.
   */
  STRIDED {
    @Override
    public FloatTensor expected(FloatTensor input) {
      return everyNth(AFFINE.expected(input), 4);
    }
  },

  /**
   * One channel: the probability of green (class 1) against red (class 0), which is the sigmoid of
   * {@code -4 r + 4 g + 0.5 b + 0.25}.
   */
  SIGMOID {
    @Override
    public FloatTensor expected(FloatTensor input) {
      return eachPixel(
          input,
          1,
          (r, g, b) -> new float[] {1 / (1 + (float) Math.exp(4 * r - 4 * g - 0.5f * b - 0.25f))});
    }
  },

  /**
   * The class, as a 64-bit integer and without a channel axis, by arg-max in the graph. A format
   * that has floats only may give it as a float.
   */
  CATEGORIES {
    @Override
    public FloatTensor expected(FloatTensor input) {
      FloatTensor classes = eachPixel(input, 1, (r, g, b) -> new float[] {argMax(logits(r, g, b))});
      return FloatTensor.of(
          classes.toFloatArray(), classes.side(0), classes.side(2), classes.side(3));
    }
  },

  /** The logits, input and output pixel by pixel (NHWC). */
  CHANNELS_LAST {
    @Override
    public FloatTensor expected(FloatTensor input) {
      float[] values = input.toFloatArray();
      for (int i = 0; i < values.length; i += 3) {
        System.arraycopy(logits(values[i], values[i + 1], values[i + 2]), 0, values, i, 3);
      }
      return FloatTensor.of(values, input.shape());
    }
  },

  /**
   * The input itself, computed slowly: 24 convolutions of 11 x 11, padded by 5, from each channel
   * to itself, whose kernel is zero except for a one in its center. An image of 384 x 384 keeps a
   * processor core busy for a few tenths of a second.
   */
  SLOW {
    @Override
    public FloatTensor expected(FloatTensor input) {
      return input;
    }
  };

  /**
   * Returns the network's output, computed in plain Java.
   *
   * @param input an input in the card's layout
   * @return the output that the card names; an engine's must be within 1e-5 of it
   */
  public abstract FloatTensor expected(FloatTensor input);

  /**
   * Returns an input of pseudo-random samples. They are multiples of 1/256, so that two classes
   * never tie.
   *
   * @param seed the seed of the samples
   * @param batch the number of images
   * @param width their width
   * @param height their height
   * @return a tensor in the card's layout, with samples from 0 to below 1
   */
  public FloatTensor input(long seed, int batch, int width, int height) {
    Random random = new Random(seed);
    float[] values = new float[batch * height * width * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256) / 256f;
    }
    return descriptor().input().layout() == TensorLayout.NCHW
        ? FloatTensor.of(values, batch, 3, height, width)
        : FloatTensor.of(values, batch, height, width, 3);
  }

  /**
   * Returns the model's card.
   *
   * @return the card, whose files are beside it in this jar
   */
  public ModelCard descriptor() {
    String card = "models/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".properties";
    URL location = Objects.requireNonNull(MicroModel.class.getResource(card), card);
    try {
      return ModelCard.read(location);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a network of 1 x 1 convolutions does to one pixel. */
  @FunctionalInterface
  private interface PixelFunction {
    float[] apply(float r, float g, float b);
  }

  private static float[] logits(float r, float g, float b) {
    return new float[] {
      r + 0.25f * g - 0.5f * b + 0.125f,
      -0.5f * r + g + 0.25f * b,
      0.25f * r - 0.5f * g + b - 0.125f
    };
  }

  private static int argMax(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** Applies a function to every pixel of an NCHW tensor. */
  private static FloatTensor eachPixel(FloatTensor input, int channels, PixelFunction function) {
    float[] in = input.toFloatArray();
    int batch = input.side(0);
    int pixels = input.side(2) * input.side(3);
    float[] out = new float[batch * channels * pixels];
    for (int image = 0; image < batch; image++) {
      for (int i = 0; i < pixels; i++) {
        int pixel = image * 3 * pixels + i;
        float[] result = function.apply(in[pixel], in[pixel + pixels], in[pixel + 2 * pixels]);
        for (int channel = 0; channel < channels; channel++) {
          out[(image * channels + channel) * pixels + i] = result[channel];
        }
      }
    }
    return FloatTensor.of(out, batch, channels, input.side(2), input.side(3));
  }

  private static FloatTensor everyNth(FloatTensor input, int stride) {
    float[] in = input.toFloatArray();
    int height = input.side(2);
    int width = input.side(3);
    int gridHeight = (height + stride - 1) / stride;
    int gridWidth = (width + stride - 1) / stride;
    float[] out = new float[input.side(0) * input.side(1) * gridHeight * gridWidth];
    for (int i = 0; i < out.length; i++) {
      int x = i % gridWidth * stride;
      int y = i / gridWidth % gridHeight * stride;
      int plane = i / gridWidth / gridHeight;
      out[i] = in[(plane * height + y) * width + x];
    }
    return FloatTensor.of(out, input.side(0), input.side(1), gridHeight, gridWidth);
  }
}
