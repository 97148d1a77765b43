package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.TensorLayout;
import java.util.Arrays;

/** Resizes and normalizes images, and lays them out, as an {@link InputSpec} says. */
public final class StandardPreprocessor implements Preprocessor {
  private final InputSpec spec;
  private final Parallelism parallelism;

  /**
   * The value of every sample, one table per channel: normalized, or the sample itself if all are
   * to be divided by the highest one, which is known only when the image is resized.
   */
  private final float[][] tables = new float[3][256];

  /** Prepares the tables. */
  public StandardPreprocessor(InputSpec spec, Parallelism parallelism) {
    this.spec = spec;
    this.parallelism = parallelism;
    for (int channel = 0; channel < 3; channel++) {
      for (int sample = 0; sample < 256; sample++) {
        tables[channel][sample] = value(sample, channel);
      }
    }
  }

  private float value(double sample, int channel) {
    return spec.scaledByMaximum() ? (float) sample : standardize(sample * spec.scale(), channel);
  }

  private float standardize(double scaled, int channel) {
    return (float) ((scaled - spec.mean().get(channel)) / spec.std().get(channel));
  }

  @Override
  public ModelInput prepare(RgbImage image) {
    ImageGeometry geometry = spec.geometry(image.width(), image.height());
    int width = geometry.inputWidth();
    int height = geometry.inputHeight();
    boolean planar = spec.layout() == TensorLayout.NCHW;
    int channelStep = planar ? width * height : 1;
    int pixelStep = planar ? 1 : 3;
    float[] values = new float[Sizes.samples(width, height, 3)];
    if (!isCovered(geometry)) {
      for (int channel = 0; channel < 3; channel++) {
        float padding = value(spec.padding(), channel);
        int first = channel * channelStep;
        for (int i = 0; i < width * height; i++) {
          values[first + i * pixelStep] = padding;
        }
      }
    }
    int left = Math.max(0, geometry.contentLeft());
    int[] highest = new int[height];
    Resampler.resize(
        image,
        geometry,
        spec.interpolation(),
        parallelism,
        (y, rgb) -> {
          for (int channel = 0; channel < 3; channel++) {
            int[] samples = rgb[spec.channelOrder() == ChannelOrder.RGB ? channel : 2 - channel];
            float[] table = tables[channel];
            int first = channel * channelStep + (y * width + left) * pixelStep;
            for (int x = 0; x < samples.length; x++) {
              values[first + x * pixelStep] = table[samples[x]];
            }
            if (spec.scaledByMaximum()) {
              highest[y] = Math.max(highest[y], Arrays.stream(samples).max().orElse(0));
            }
          }
        });
    if (spec.scaledByMaximum()) {
      double maximum = Math.max(1, Arrays.stream(highest).max().orElse(1));
      for (int channel = 0; channel < 3; channel++) {
        int first = channel * channelStep;
        for (int i = 0; i < width * height; i++) {
          int at = first + i * pixelStep;
          values[at] = standardize(values[at] / maximum, channel);
        }
      }
    }
    return new ModelInput(
        planar
            ? FloatTensor.of(values, 1, 3, height, width)
            : FloatTensor.of(values, 1, height, width, 3),
        geometry);
  }

  /** Whether the content covers the whole input, so there is nothing to pad. */
  private static boolean isCovered(ImageGeometry geometry) {
    return geometry.contentLeft() <= 0
        && geometry.contentTop() <= 0
        && geometry.contentLeft() + geometry.contentWidth() >= geometry.inputWidth()
        && geometry.contentTop() + geometry.contentHeight() >= geometry.inputHeight();
  }
}
