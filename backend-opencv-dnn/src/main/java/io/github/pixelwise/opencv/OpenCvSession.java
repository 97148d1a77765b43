package io.github.pixelwise.opencv;

import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.internal.plugin.SlowStep;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionPool;
import io.github.pixelwise.spi.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;

/**
 * An ONNX file, imported by OpenCV once for each input shape. The importer computes the sides of
 * all values between nodes. If the input's sides are open, it rejects every network that is more
 * than a chain of convolutions.
 */
final class OpenCvSession implements InferenceSession {
  private static final String ADVICE =
      "Export it with a fixed input size, an older opset, or without that operator, or choose another"
          + " backend.";

  private static final Set<ElementType> FLOATS =
      EnumSet.of(
          ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT16, ElementType.BFLOAT16);

  /** Owned; closed by {@link #close}. The bytes behind the {@link OnnxFile}. */
  private final BytePointer bytes;

  /** Owned; closed by {@link #close}. */
  private final SessionPool<List<Integer>, SizedNet> nets;

  private final BackendContext context;
  private final TensorInfo input;
  private final TensorInfo output;
  private final RuntimeInfo runtime;

  private OpenCvSession(
      BytePointer bytes,
      SessionPool<List<Integer>, SizedNet> nets,
      BackendContext context,
      TensorInfo input,
      TensorInfo output,
      RuntimeInfo runtime) {
    this.bytes = bytes;
    this.nets = nets;
    this.context = context;
    this.input = input;
    this.output = output;
    this.runtime = runtime;
  }

  static OpenCvSession open(BackendContext context, RuntimeInfo runtime) throws IOException {
    Path file = context.file();
    BytePointer bytes = read(file);
    try {
      OnnxFile network = parse(context, buffer(bytes));
      // The importer ignores types, so integer division would give fractions.
      TensorInfo input = context.input(network.inputs(), FLOATS);
      TensorInfo output = context.output(network.outputs());
      SessionPool<List<Integer>, SizedNet> nets =
          new SessionPool<>(
              shape -> load(network, file, shape),
              limit(bytes.capacity(), Runtime.getRuntime().availableProcessors()));
      OpenCvSession session = new OpenCvSession(bytes, nets, context, input, output, runtime);
      session.importOnce();
      return session;
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private static SizedNet load(OnnxFile network, Path file, List<Integer> shape)
      throws IOException {
    int[] sides = shape.stream().mapToInt(Integer::intValue).toArray();
    return SlowStep.watch(
        ("OpenCV has been importing %s for an input of %s for five seconds. It imports the network"
                + " again for each input size; backend onnx does not")
            .formatted(file, FloatTensor.describe(sides)),
        () -> SizedNet.load(network, sides));
  }

  /**
   * How many networks to keep: one per core, because a run uses all cores; at least four, for
   * photos of several shapes; at most eight; and, from three on, at most 2 GB in total. Measured in
   * docs/decisions/0012-a-net-for-each-input-shape.md.
   *
   * @param fileSize the size of the network's file in bytes; in memory it takes about five times
   *     that
   * @param cores the processor's cores
   */
  static int limit(long fileSize, int cores) {
    int wanted = Math.max(4, Math.min(8, cores));
    return (int) Math.max(2, Math.min(wanted, (2L << 30) / (5 * Math.max(1, fileSize))));
  }

  private static BytePointer read(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      if (in.size() > Integer.MAX_VALUE) {
        throw new IOException(
            "it has %d bytes, but ONNX files have at most 2 GiB".formatted(in.size()));
      }
      BytePointer bytes = new BytePointer(in.size());
      ByteBuffer buffer = buffer(bytes);
      try {
        while (buffer.hasRemaining()) {
          if (in.read(buffer) < 0) {
            throw new EOFException("it became shorter while it was read");
          }
        }
        return bytes;
      } catch (IOException | RuntimeException e) {
        bytes.close();
        throw e;
      }
    }
  }

  private static ByteBuffer buffer(BytePointer bytes) {
    // For an empty pointer, JavaCPP returns a buffer of one byte.
    return bytes.asByteBuffer().limit((int) bytes.capacity());
  }

  private static OnnxFile parse(BackendContext context, ByteBuffer bytes) {
    try {
      OnnxFile network = new OnnxFile(bytes);
      List<String> elsewhere = ExternalWeights.of(bytes);
      if (!elsewhere.isEmpty()) {
        throw context.openError(
            "its weights are in separate files, such as %s. Export it as one file, or choose backend onnx."
                .formatted(elsewhere.get(0)));
      }
      return network;
    } catch (IOException e) {
      throw context.openError(
          "it is damaged or not an ONNX model: %s. Download it again, or name the model's ONNX file."
              .formatted(e.getMessage()),
          e);
    }
  }

  /**
   * Imports the network for the library's trial shape, so that a network that cannot be imported
   * fails now. If the card's input does not fit the network, the trial run reports it.
   */
  private void importOnce() throws IOException {
    int[] shape = context.trialShape(input);
    if (!input.fits(shape)) {
      return;
    }
    try {
      nets.prepare(key(shape));
    } catch (RuntimeException e) {
      throw context.loadError(
          "cannot import %s for an input of %s: %s. %s"
              .formatted(
                  context.file(), FloatTensor.describe(shape), OpenCvError.describe(e), advice(e)),
          e);
    }
  }

  private static List<Integer> key(int[] shape) {
    return IntStream.of(shape).boxed().toList();
  }

  private static String advice(Exception e) {
    return MemoryShortage.isIn(e) ? MemoryShortage.advice(e) + "." : ADVICE;
  }

  @Override
  public FloatTensor run(FloatTensor images) {
    try {
      return nets.use(key(images.shape()), net -> net.run(images, output.name()));
    } catch (IOException | RuntimeException e) {
      String reason =
          e instanceof RuntimeException error ? OpenCvError.describe(error) : e.toString();
      throw context.runError(images, "%s. %s".formatted(reason, advice(e)), e);
    }
  }

  /** The input. OpenCV takes float32, whatever type the network declares. */
  @Override
  public TensorInfo input() {
    TensorInfo floats = TensorInfo.of(input.name(), ElementType.FLOAT32);
    return input.sides().map(floats::withSides).orElse(floats);
  }

  @Override
  public Optional<TensorInfo> output() {
    return Optional.of(output);
  }

  @Override
  public boolean concurrent() {
    return true;
  }

  @Override
  public RuntimeInfo runtime() {
    return runtime;
  }

  @Override
  public void close() {
    nets.close();
    bytes.close();
  }
}
