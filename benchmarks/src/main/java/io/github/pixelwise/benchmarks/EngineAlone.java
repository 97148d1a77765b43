package io.github.pixelwise.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * An ONNX Runtime session on a prepared tensor, with default options. Its threads spin, while ours
 * hardly do (docs/decisions/0006-no-spinning.md).
 */
final class EngineAlone implements Pipeline {
  private final ModelCard model;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  /** Owned; closed by {@link #close}. */
  private final OrtSession session;

  EngineAlone(Path card) throws IOException {
    model = ModelCard.read(card);
    Path network = Path.of(model.file(ModelFormat.ONNX).orElseThrow().location());
    try {
      environment.setTelemetry(false);
      session = environment.createSession(network.toString());
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime cannot open " + network, e);
    }
  }

  @Override
  public String description() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public Times run(Files files) throws IOException {
    FloatTensor image =
        Preprocessor.from(model.input()).prepare(Images.read(files.photo())).tensor();
    FloatBuffer values = image.buffer();
    FloatBuffer direct =
        ByteBuffer.allocateDirect(values.remaining() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(values)
            .flip();
    long[] shape = Arrays.stream(image.shape()).asLongStream().toArray();
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, direct, shape)) {
      long start = System.nanoTime();
      session.run(Map.of(model.input().name(), tensor)).close();
      long end = System.nanoTime();
      return Times.between(start, start, start, end, end, end, end, end);
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime failed on " + image, e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close", e);
    }
  }
}
