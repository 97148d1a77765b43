package io.github.pixelwise.opencv;

import static org.bytedeco.opencv.global.opencv_core.CV_32F;

import io.github.pixelwise.model.FloatTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_dnn.Net;

/** A network imported for one input shape, with memory for that input. Not thread-safe. */
final class SizedNet implements AutoCloseable {
  /** Owned; closed by {@link #close}. */
  private final Net net;

  /** Owned; closed by {@link #close}. */
  private final Mat input;

  private SizedNet(Net net, Mat input) {
    this.net = net;
    this.input = input;
  }

  /**
   * Imports a network.
   *
   * @throws RuntimeException if OpenCV fails, with OpenCV's message
   */
  static SizedNet load(OnnxFile file, int[] sides) throws IOException {
    List<ByteBuffer> parts = file.withInput(sides);
    long length = parts.stream().mapToLong(ByteBuffer::remaining).sum();
    try (BytePointer concrete = new BytePointer(length)) {
      ByteBuffer bytes = concrete.asByteBuffer();
      parts.forEach(bytes::put);
      return new SizedNet(opencv_dnn.readNetFromONNX(concrete, length), new Mat(sides, CV_32F));
    }
  }

  /**
   * Runs the network.
   *
   * @throws RuntimeException if OpenCV fails, with OpenCV's message
   */
  FloatTensor run(FloatTensor images, String output) {
    input.<FloatBuffer>createBuffer().put(images.buffer());
    net.setInput(input);
    try (Mat result = net.forward(output)) {
      return copy(result);
    }
  }

  private static FloatTensor copy(Mat result) {
    int[] shape = IntStream.range(0, result.dims()).map(result::size).toArray();
    float[] values = new float[Math.toIntExact(result.total())];
    if (result.depth() == CV_32F && result.isContinuous()) {
      result.<FloatBuffer>createBuffer().get(values);
    } else {
      try (Mat floats = new Mat()) {
        result.convertTo(floats, CV_32F);
        floats.<FloatBuffer>createBuffer().get(values);
      }
    }
    return FloatTensor.of(values, shape);
  }

  @Override
  public void close() {
    net.close();
    input.close();
  }
}
