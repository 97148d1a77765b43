package io.github.pixelwise.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.plugin.EnginePath;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** An ONNX Runtime session, shared by concurrent callers. */
final class OnnxSession implements InferenceSession {
  /** ONNX Runtime's Java API cannot make tensors of 16 to 64 bits without a sign. */
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

  private final ModelCard model;
  private final String input;
  private final OnnxJavaType inputJavaType;
  private final ElementType inputType;

  /**
   * The input's sides as the network declares them, if it does; those that are free are negative.
   */
  private final long[] inputShape;

  private final String output;
  private final RuntimeInfo runtime;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Input buffers to be used again, at most one for each concurrent caller. */
  private final Queue<ByteBuffer> inputBuffers = new ConcurrentLinkedQueue<>();

  private OnnxSession(
      Source source, OrtSession session, NodeInfo input, String output, RuntimeInfo runtime) {
    TensorInfo tensor = (TensorInfo) input.getInfo();
    this.environment = source.environment();
    this.session = session;
    this.model = source.model();
    this.input = input.getName();
    this.inputJavaType = tensor.type;
    this.inputType = Tensors.type(tensor).orElseThrow();
    this.inputShape = tensor.getShape();
    this.output = output;
    this.runtime = runtime;
  }

  /**
   * What is opened.
   *
   * @param threads the threads of one run on the CPU, 0 for ONNX Runtime's choice
   */
  record Source(OrtEnvironment environment, ModelCard model, Path file, int threads) {}

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
      String reason = runtime.reason() + "; ONNX Runtime leaves some operators to the CPU";
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
      // Threads that spin while they wait take the cores from pre-processing and decoding, and from
      // other callers; so long, they bridge the gaps between operators and no more:
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
      return new OnnxSession(
          source,
          session,
          input(session, source.model(), source.file()),
          output(session, source.model(), source.file()),
          runtime);
    } catch (OrtException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * A session that leaves no operator to the CPU; empty if ONNX Runtime wants to. It does so with
   * what computes sizes, on purpose (microsoft/onnxruntime#17930), and with what CUDA lacks; which
   * is no reason to refuse the network, but one to tell: docs/decisions/0007-cuda.md.
   */
  static Optional<OrtSession> createWithoutCpu(Source source, OrtSession.SessionOptions options)
      throws OrtException, IOException {
    options.addConfigEntry(Cuda.NO_CPU, "1");
    // The refusal is an answer here, nothing to be printed.
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
    try (EnginePath path = EnginePath.of(ModelFormat.ONNX, source.file())) {
      return source.environment().createSession(path.path().toString(), options);
    }
  }

  /** The input, as the card names it or the only one: a tensor of numbers that Java can make. */
  private static NodeInfo input(OrtSession session, ModelCard model, Path file)
      throws OrtException {
    String wanted = model.input().name();
    if (session.getNumInputs() != 1
        || !(wanted.isEmpty() || session.getInputNames().contains(wanted))) {
      throw new ModelLoadException(
          "model %s: backend onnx needs one input%s, found %s in %s. %s"
              .formatted(
                  model.name(),
                  wanted.isEmpty() ? "" : " of the name \"" + wanted + "\"",
                  new TreeSet<>(session.getInputNames()),
                  file,
                  session.getNumInputs() == 1
                      ? "Correct the input's name (input.name on a card)."
                      : "A network of several inputs cannot be used."));
    }
    NodeInfo input = session.getInputInfo().values().iterator().next();
    if (!(input.getInfo() instanceof TensorInfo tensor)
        || Tensors.type(tensor).filter(INPUT_TYPES::contains).isEmpty()) {
      throw new ModelLoadException(
          ("model %s: backend onnx needs the input \"%s\" of %s to be a tensor of %s, found %s. Export"
                  + " it with such an input.")
              .formatted(
                  model.name(),
                  input.getName(),
                  file,
                  INPUT_TYPES.stream().map(ElementType::toString).collect(Collectors.joining(", ")),
                  input.getInfo()));
    }
    return input;
  }

  /** The output, as the card names it or the only one: a tensor of numbers. */
  private static String output(OrtSession session, ModelCard model, Path file) throws OrtException {
    Set<String> names = new TreeSet<>(session.getOutputNames());
    String wanted = model.output().name();
    if (wanted.isEmpty() && names.size() > 1) {
      throw new ModelLoadException(
          ("model %s: backend onnx found several outputs, %s, in %s. Name one of"
                  + " them in an OutputSpec (output.name on a card).")
              .formatted(model.name(), names, file));
    }
    String output = wanted.isEmpty() ? names.iterator().next() : wanted;
    if (!names.contains(output)) {
      throw new ModelLoadException(
          ("model %s: backend onnx needs the output \"%s\", found %s in %s. Correct the output's name"
                  + " (output.name on a card).")
              .formatted(model.name(), output, names, file));
    }
    NodeInfo info = Objects.requireNonNull(session.getOutputInfo().get(output));
    if (!(info.getInfo() instanceof TensorInfo numbers) || Tensors.type(numbers).isEmpty()) {
      throw new ModelLoadException(
          "model %s: backend onnx needs the output \"%s\" of %s to be a tensor of numbers, found %s"
              .formatted(model.name(), output, file, info.getInfo()));
    }
    return output;
  }

  @Override
  public FloatTensor run(FloatTensor images) {
    requireSides(images);
    ByteBuffer buffer = buffer(images.buffer().remaining());
    long[] shape = Arrays.stream(images.shape()).asLongStream().toArray();
    try {
      inputType.encode(images.buffer(), buffer);
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(environment, buffer.flip(), shape, inputJavaType);
          OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(output))) {
        return Tensors.copy((OnnxTensor) result.get(0));
      }
    } catch (IllegalArgumentException e) {
      throw new InferenceException(
          "model %s: backend onnx was given an input of %s: %s"
              .formatted(model.name(), images, e.getMessage()),
          e);
    } catch (OrtException e) {
      throw new InferenceException(
          ("model %s: backend onnx failed on an input of %s: %s. If the network takes sides of certain"
                  + " lengths only, input.size, input.multiple and input.remainder give them.")
              .formatted(model.name(), images, e.getMessage()),
          e);
    } finally {
      inputBuffers.add(buffer);
    }
  }

  /** Where ONNX Runtime would tell the same in more lines, and with advice for its own users. */
  private void requireSides(FloatTensor images) {
    boolean fits = inputShape.length == 0 || images.rank() == inputShape.length;
    for (int axis = 0; fits && axis < inputShape.length; axis++) {
      fits = inputShape[axis] < 0 || inputShape[axis] == images.side(axis);
    }
    if (!fits) {
      String sides =
          Arrays.stream(inputShape)
              .mapToObj(side -> side < 0 ? "?" : Long.toString(side))
              .collect(Collectors.joining(" x ", "[", "]"));
      throw new InferenceException(
          ("model %s: the input \"%s\" of its network is %s, and backend onnx was given %s. Correct the"
                  + " input's size or layout (input.size, input.layout on a card), or export the"
                  + " network with dynamic axes. It must take images of three channels: before one of"
                  + " a single channel put what turns RGB into gray.")
              .formatted(model.name(), input, sides, images));
    }
  }

  /**
   * An empty direct buffer for so many numbers: the last one if it is large enough, else a new one.
   */
  private ByteBuffer buffer(int numbers) {
    int bytes = Math.multiplyExact(numbers, inputType.bytes());
    ByteBuffer used = inputBuffers.poll();
    return used != null && used.capacity() >= bytes
        ? used.clear()
        : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public ElementType inputType() {
    return inputType;
  }

  @Override
  public int maxBatch() {
    return fixedBatch() ? (int) inputShape[0] : Integer.MAX_VALUE;
  }

  @Override
  public boolean fixedBatch() {
    return inputShape.length > 0 && inputShape[0] > 0;
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
          "model %s: backend onnx failed to close: %s".formatted(model.name(), e.getMessage()), e);
    }
  }
}
