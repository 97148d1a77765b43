package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.ElementType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a network on photos and shows the values of tensors inside it.
 *
 * <p>The tensors become results of the network, in groups that are small enough: a group's tensors
 * have at most {@link #MOST_VALUES} values on the first photo, unless it is a single tensor. Each
 * group is a session of its own that sees photo by photo, so one photo's tensors of one group are
 * in memory at a time.
 */
final class Activations {
  /** 256 MB in float32. */
  private static final long MOST_VALUES = 1 << 26;

  private final ModelProto network;
  private final OrtEnvironment environment;
  private final Path folder;

  /** Makes the network's input of each photo. */
  interface Inputs {
    int count();

    FloatTensor input(int photo) throws IOException;

    /** The photo, for error messages. */
    String name(int photo);
  }

  /** Sees the values of a tensor, and its shape, on a photo. */
  interface Visitor {
    void see(String tensor, int photo, float[] values, long[] shape);
  }

  /**
   * @param folder where to write the networks that are run
   */
  Activations(ModelProto network, OrtEnvironment environment, Path folder) {
    this.network = network;
    this.environment = environment;
    this.folder = folder;
  }

  /** Shows the values of each tensor on each photo, in the order of the photos for each tensor. */
  void forEach(Collection<String> tensors, Inputs photos, Visitor visitor) throws IOException {
    for (List<String> group : groups(tensors, photos.input(0))) {
      visit(group, photos, visitor);
    }
  }

  private void visit(List<String> group, Inputs photos, Visitor visitor) throws IOException {
    Set<String> inputs = new HashSet<>();
    network.getGraph().getInputList().forEach(input -> inputs.add(input.getName()));
    ModelProto.Builder shown = network.toBuilder();
    Set<String> results = new HashSet<>();
    shown.getGraphBuilder().getOutputList().forEach(output -> results.add(output.getName()));
    List<String> wanted = group.stream().filter(name -> !inputs.contains(name)).toList();
    for (String tensor : wanted) {
      if (results.add(tensor)) {
        addResult(shown.getGraphBuilder(), tensor, TensorProto.DataType.FLOAT);
      }
    }
    try (Network run = new Network(shown.build())) {
      for (int i = 0; i < photos.count(); i++) {
        int photo = i;
        FloatTensor input = photos.input(i);
        if (wanted.size() < group.size()) { // the input is in this group
          group.stream()
              .filter(inputs::contains)
              .forEach(
                  name ->
                      visitor.see(
                          name,
                          photo,
                          input.toFloatArray(),
                          Arrays.stream(input.shape()).asLongStream().toArray()));
        }
        run.on(
            input,
            new HashSet<>(wanted),
            (name, value) -> visitor.see(name, photo, floats(value), value.getInfo().getShape()));
      }
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /** Divides tensors into groups by their sizes on a photo. */
  private List<List<String>> groups(Collection<String> tensors, FloatTensor input)
      throws IOException {
    Map<String, Long> sizes = sizes(tensors, input);
    List<List<String>> groups = new ArrayList<>();
    long values = MOST_VALUES;
    for (String tensor : tensors) {
      long size = sizes.getOrDefault(tensor, 0L);
      if (values + size > MOST_VALUES) {
        groups.add(new ArrayList<>());
        values = 0;
      }
      values += size;
      groups.get(groups.size() - 1).add(tensor);
    }
    return groups;
  }

  private Map<String, Long> sizes(Collection<String> tensors, FloatTensor input)
      throws IOException {
    ModelProto.Builder measured = network.toBuilder();
    Map<String, String> names = new HashMap<>();
    for (String tensor : tensors) {
      String name = tensor + "/size";
      names.put(name, tensor);
      measured
          .getGraphBuilder()
          .addNode(NodeProto.newBuilder().setOpType("Size").addInput(tensor).addOutput(name));
      addResult(measured.getGraphBuilder(), name, TensorProto.DataType.INT64);
    }
    Map<String, Long> sizes = new HashMap<>();
    try (Network run = new Network(measured.build())) {
      run.on(
          input,
          names.keySet(),
          (name, size) -> sizes.put(names.getOrDefault(name, name), size.getLongBuffer().get(0)));
    } catch (OrtException e) {
      throw failure(e);
    }
    return sizes;
  }

  private static void addResult(
      GraphProto.Builder graph, String tensor, TensorProto.DataType type) {
    graph.addOutput(
        ValueInfoProto.newBuilder()
            .setName(tensor)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber()))));
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static QuantizationException failure(OrtException e) {
    return new QuantizationException(
        "ONNX Runtime cannot run the network to calibrate it: %s".formatted(e.getMessage()), e);
  }

  /** Sees a result. */
  private interface Result {
    void see(String name, OnnxTensor value);
  }

  /** An open network. */
  private final class Network implements AutoCloseable {
    private final OrtSession session; // owned

    Network(ModelProto network) throws OrtException, IOException {
      Path file = folder.resolve("calibrated.onnx");
      try (OutputStream out = Files.newOutputStream(file)) {
        network.writeTo(out);
      }
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        options.addConfigEntry("session.intra_op.spin_duration_us", "50");
        session = environment.createSession(file.toString(), options);
      }
    }

    void on(FloatTensor input, Set<String> wanted, Result result)
        throws OrtException, InterruptedIOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the quantization was interrupted");
      }
      NodeInfo info = session.getInputInfo().values().iterator().next();
      long[] shape = Arrays.stream(input.shape()).asLongStream().toArray();
      TensorInfo wantedInput = (TensorInfo) info.getInfo();
      OnnxJavaType type = wantedInput.type;
      ElementType element = element(type);
      shape[0] = Math.max(1, wantedInput.getShape()[0]); // a fixed batch sees the photo repeatedly
      int size = Math.multiplyExact(input.buffer().remaining(), element.bytes());
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(Math.multiplyExact(size, Math.toIntExact(shape[0])))
              .order(ByteOrder.nativeOrder());
      for (int i = 0; i < shape[0]; i++) {
        element.encode(input.buffer(), bytes);
      }
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, bytes.flip(), shape, type);
          OrtSession.Result results = session.run(Map.of(info.getName(), tensor), wanted)) {
        for (Map.Entry<String, OnnxValue> entry : results) {
          result.see(entry.getKey(), (OnnxTensor) entry.getValue());
        }
      }
    }

    private static ElementType element(OnnxJavaType type) {
      return switch (type) {
        case FLOAT -> ElementType.FLOAT32;
        case DOUBLE -> ElementType.FLOAT64;
        default -> ElementType.valueOf(type.name());
      };
    }

    @Override
    public void close() throws OrtException {
      session.close();
    }
  }
}
