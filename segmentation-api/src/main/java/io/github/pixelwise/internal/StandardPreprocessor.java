package io.github.pixelwise.internal;

import io.github.pixelwise.ChannelOrder;
import io.github.pixelwise.FloatTensor;
import io.github.pixelwise.ImageGeometry;
import io.github.pixelwise.InputSpec;
import io.github.pixelwise.ModelInput;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.TensorLayout;

/** Resizes, normalises and lays out, as an {@link InputSpec} says. */
public final class StandardPreprocessor implements Preprocessor {
  private final InputSpec spec;

  /** The normalised value of every sample, a table a channel. */
  private final float[][] normalized = new float[3][256];

  /** Prepares the tables. */
  public StandardPreprocessor(InputSpec spec) {
    this.spec = spec;
    for (int channel = 0; channel < 3; channel++) {
      for (int sample = 0; sample < 256; sample++) {
        normalized[channel][sample] = normalize(sample, channel);
      }
    }
  }

  private float normalize(double sample, int channel) {
    return (float) ((sample * spec.scale() - spec.mean().get(channel)) / spec.std().get(channel));
  }

  @Override
  public ModelInput prepare(RgbImage image) {
    ImageGeometry geometry = spec.geometry(image.width(), image.height());
    RgbImage content =
        Resampler.resize(
            image, geometry.contentWidth(), geometry.contentHeight(), spec.interpolation());
    int width = geometry.inputWidth();
    int height = geometry.inputHeight();
    boolean planar = spec.layout() == TensorLayout.NCHW;
    float[] values = new float[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    for (int channel = 0; channel < 3; channel++) {
      int first = planar ? channel * width * height : channel;
      fill(content, geometry, channel, values, first, planar ? 1 : 3);
    }
    return new ModelInput(
        planar
            ? FloatTensor.of(values, 1, 3, height, width)
            : FloatTensor.of(values, 1, height, width, 3),
        geometry);
  }

  /** Fills one channel, whose pixels lie {@code step} apart from {@code first} on. */
  private void fill(
      RgbImage content, ImageGeometry geometry, int channel, float[] values, int first, int step) {
    int sample = spec.channelOrder() == ChannelOrder.RGB ? channel : 2 - channel;
    float[] table = normalized[channel];
    float padding = normalize(spec.padding(), channel);
    int width = geometry.inputWidth();
    int left = Math.max(0, geometry.contentLeft());
    int right = Math.min(width, geometry.contentLeft() + content.width());
    byte[] row = new byte[content.width() * 3];
    for (int y = 0, out = first; y < geometry.inputHeight(); y++) {
      int contentY = y - geometry.contentTop();
      boolean inside = contentY >= 0 && contentY < content.height();
      if (inside) {
        content.copyRow(contentY, row, 0);
      }
      for (int x = 0; x < width; x++, out += step) {
        values[out] =
            inside && x >= left && x < right
                ? table[row[(x - geometry.contentLeft()) * 3 + sample] & 0xff]
                : padding;
      }
    }
  }
}
