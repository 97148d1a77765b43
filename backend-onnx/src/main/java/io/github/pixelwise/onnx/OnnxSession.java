package io.github.pixelwise.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.plugin.EnginePath;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** An ONNX Runtime session, shared by concurrent callers. */
final class OnnxSession implements InferenceSession {
  /** ONNX Runtime's Java API cannot create tensors of uint16, uint32, or uint64. */
  private static final Set<ElementType> INPUT_TYPES =
      EnumSet.of(
          ElementType.FLOAT32,
          ElementType.FLOAT64,
          ElementType.FLOAT16,
          ElementType.BFLOAT16,
          ElementType.INT64,
          ElementType.INT32,
          ElementType.INT16,
          ElementType.INT8,
          ElementType.UINT8);

  private static final String REFUSAL = "fallback to CPU EP has been explicitly disabled";

  private final OrtEnvironment environment;

  /** Owned; closed by {@link #close}. */
  private final OrtSession session;

  private final BackendContext context;
  private final TensorInfo input;
  private final ElementType inputType;
  private final OnnxJavaType inputJavaType;
  private final TensorInfo output;
  private final RuntimeInfo runtime;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Input buffers for reuse, at most one for each concurrent caller. */
  private final Queue<ByteBuffer> inputBuffers = new ConcurrentLinkedQueue<>();

  private OnnxSession(
      Source source,
      OrtSession session,
      TensorInfo input,
      OnnxJavaType inputJavaType,
      TensorInfo output,
      RuntimeInfo runtime) {
    this.environment = source.environment();
    this.context = source.context();
    this.session = session;
    this.input = input;
    this.inputType = input.type().orElseThrow();
    this.inputJavaType = inputJavaType;
    this.output = output;
    this.runtime = runtime;
  }

  /** What to open. */
  record Source(OrtEnvironment environment, BackendContext context) {
    int threads() {
      return context.threads();
    }
  }

  static OnnxSession onCpu(Source source, RuntimeInfo runtime) throws OrtException, IOException {
    try (OrtSession.SessionOptions options = options(source.threads())) {
      return of(source, create(source, options), runtime);
    }
  }

  /** Opens a network on the GPU that {@code runtime} names. */
  static OnnxSession onCuda(Source source, RuntimeInfo runtime, CudaSettings settings)
      throws OrtException, IOException {
    int index = runtime.device().index();
    try (OrtSession.SessionOptions options = options(source.threads())) {
      settings.addTo(options, index);
      Optional<OrtSession> session = createWithoutCpu(source, options);
      if (session.isPresent()) {
        return of(source, session.get(), runtime);
      }
    }
    try (OrtSession.SessionOptions options = options(source.threads())) {
      settings.addTo(options, index);
      String reason = runtime.reason() + "; ONNX Runtime runs some operators on the CPU";
      return of(
          source,
          create(source, options),
          RuntimeInfo.of(runtime.backend(), runtime.version(), runtime.device(), reason));
    }
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    try {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      // Threads that spin while they wait take time from preprocessing, decoding, and other
      // callers.
      // 50 microseconds are just enough to bridge the gaps between operators:
      // docs/decisions/0006-no-spinning.md.
      options.addConfigEntry("session.intra_op.spin_duration_us", "50");
      if (threads > 0) {
        options.setIntraOpNumThreads(threads);
      }
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  private static OnnxSession of(Source source, OrtSession session, RuntimeInfo runtime)
      throws OrtException {
    try {
      Map<String, NodeInfo> inputs = session.getInputInfo();
      TensorInfo input = source.context().input(infos(inputs), INPUT_TYPES);
      TensorInfo output = source.context().output(infos(session.getOutputInfo()));
      NodeInfo node = Objects.requireNonNull(inputs.get(input.name()));
      OnnxJavaType type = ((ai.onnxruntime.TensorInfo) node.getInfo()).type;
      return new OnnxSession(source, session, input, type, output, runtime);
    } catch (OrtException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static List<TensorInfo> infos(Map<String, NodeInfo> nodes) {
    return nodes.values().stream()
        .map(node -> Tensors.info(node.getName(), node.getInfo()))
        .toList();
  }

  /**
   * A session that runs no operator on the CPU; empty if ONNX Runtime needs the CPU for some. It
   * uses the CPU for operators that compute sizes, on purpose (microsoft/onnxruntime#17930), and
   * for those that CUDA lacks. That is no reason to reject the network, but it is reported:
   * docs/decisions/0007-cuda.md.
   */
  static Optional<OrtSession> createWithoutCpu(Source source, OrtSession.SessionOptions options)
      throws OrtException, IOException {
    options.addConfigEntry(Cuda.NO_CPU, "1");
    // The refusal is an expected answer, so it must not be printed.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    try {
      return Optional.of(create(source, options));
    } catch (OrtException e) {
      if (String.valueOf(e.getMessage()).contains(REFUSAL)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static OrtSession create(Source source, OrtSession.SessionOptions options)
      throws OrtException, IOException {
    try (EnginePath path = EnginePath.of(ModelFormat.ONNX, source.context().file())) {
      return source.environment().createSession(path.path().toString(), options);
    }
  }

  @Override
  public FloatTensor run(FloatTensor images) {
    ByteBuffer buffer = buffer(images.buffer().remaining());
    long[] shape = Arrays.stream(images.shape()).asLongStream().toArray();
    try {
      inputType.encode(images.buffer(), buffer);
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(environment, buffer.flip(), shape, inputJavaType);
          OrtSession.Result result =
              session.run(Map.of(input.name(), tensor), Set.of(output.name()))) {
        return Tensors.copy((OnnxTensor) result.get(0));
      }
    } catch (IllegalArgumentException e) {
      throw new InferenceException(
          "model %s: backend onnx cannot take the input %s: %s"
              .formatted(context.model().name(), images, e.getMessage()),
          e);
    } catch (OrtException e) {
      throw context.runError(
          images,
          e.getMessage()
              + ". If the network accepts only certain side lengths, set input.size, input.multiple, and"
              + " input.remainder.",
          e);
    } finally {
      inputBuffers.add(buffer);
    }
  }

  /**
   * An empty direct buffer for that many numbers: a used one if it is large enough, else a new one.
   */
  private ByteBuffer buffer(int numbers) {
    int bytes = Math.multiplyExact(numbers, inputType.bytes());
    ByteBuffer used = inputBuffers.poll();
    return used != null && used.capacity() >= bytes
        ? used.clear()
        : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public TensorInfo input() {
    return input;
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
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new InferenceException(
          "model %s: backend onnx failed to close: %s"
              .formatted(context.model().name(), e.getMessage()),
          e);
    }
  }
}
