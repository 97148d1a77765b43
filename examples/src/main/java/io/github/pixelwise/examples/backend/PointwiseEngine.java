package io.github.pixelwise.examples.backend;

import io.github.pixelwise.model.FloatTensor;
import java.nio.FloatBuffer;

/**
 * Runs a network. Not thread-safe, because it keeps a row of samples, as native engines keep
 * buffers.
 */
final class PointwiseEngine implements AutoCloseable {
  private final PointwiseNetwork network;
  private float[] samples = {};

  PointwiseEngine(PointwiseNetwork network) {
    this.network = network;
  }

  /** Scores a batch of images [N x 3 x H x W]. */
  FloatTensor run(FloatTensor images) {
    int count = images.side(0);
    int height = images.side(2);
    int width = images.side(3);
    int stride = network.stride();
    int gridHeight = (height + stride - 1) / stride;
    int gridWidth = (width + stride - 1) / stride;
    int classes = network.rows().size();
    float[] scores = new float[count * classes * gridHeight * gridWidth];
    for (int image = 0; image < count; image++) {
      for (int y = 0; y < gridHeight; y++) {
        read(images.buffer(), image, y * stride, height, width);
        for (int category = 0; category < classes; category++) {
          int start = ((image * classes + category) * gridHeight + y) * gridWidth;
          float[] row = network.rows().get(category);
          for (int x = 0; x < gridWidth; x++) {
            scores[start + x] = score(row, x * stride, width);
          }
        }
      }
    }
    return FloatTensor.of(scores, count, classes, gridHeight, gridWidth);
  }

  /** Reads one row from each plane of an image. */
  private void read(FloatBuffer images, int image, int y, int height, int width) {
    if (samples.length < PointwiseNetwork.SAMPLES * width) {
      samples = new float[PointwiseNetwork.SAMPLES * width];
    }
    for (int plane = 0; plane < PointwiseNetwork.SAMPLES; plane++) {
      int start = ((image * PointwiseNetwork.SAMPLES + plane) * height + y) * width;
      images.get(start, samples, plane * width, width);
    }
  }

  private float score(float[] row, int x, int width) {
    float score =
        row[0] * samples[x]
            + row[1] * samples[x + width]
            + row[2] * samples[x + 2 * width]
            + row[3];
    return network.sigmoid() ? (float) (1 / (1 + Math.exp(-score))) : score;
  }

  /** Does nothing: a native engine would free its memory here. */
  @Override
  public void close() {}
}
