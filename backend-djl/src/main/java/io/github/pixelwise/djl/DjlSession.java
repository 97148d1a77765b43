package io.github.pixelwise.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.plugin.EnginePath;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.internal.plugin.PassedOver;
import io.github.pixelwise.internal.util.Bfloat16;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript module, shared by concurrent callers. Running a module does not change it, and
 * DJL's {@code forward(IValue...)} calls PyTorch directly.
 */
final class DjlSession implements InferenceSession {
  /**
   * Names of inputs that mean nothing: {@code x} is a habit, and {@code input} is what PyTorch's
   * own modules use. The card's name counts instead, which may be that of another format.
   */
  private static final Set<String> ANY_INPUT = Set.of("x", "input");

  /** DJL's type for bfloat16. Its native code crashes if asked to create such a tensor. */
  private static final DataType DJL_BFLOAT16 = DataType.UNKNOWN;

  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  /** The last line of a TorchScript stack trace. */
  private static final Pattern RAISED =
      Pattern.compile("^[\\w.]*(?:Error|Exception): (.+)$", Pattern.MULTILINE);

  private final PyTorch pyTorch;

  /** Owned, and owns the module; closed by {@link #close}. */
  private final PtNDManager scope;

  private final PtSymbolBlock module;
  private final BackendContext context;
  private final String input;
  private final RuntimeInfo runtime;

  /** The input's type, detected by {@link #open}. */
  private DataType inputType = DataType.FLOAT32;

  /** Input buffers for reuse, at most one for each concurrent caller. */
  private final Queue<ByteBuffer> inputBuffers = new ConcurrentLinkedQueue<>();

  private DjlSession(
      PyTorch pyTorch,
      PtNDManager scope,
      PtSymbolBlock module,
      BackendContext context,
      String input,
      RuntimeInfo runtime) {
    this.pyTorch = pyTorch;
    this.scope = scope;
    this.module = module;
    this.context = context;
    this.input = input;
    this.runtime = runtime;
  }

  static DjlSession open(PyTorch pyTorch, BackendContext context) {
    if (!pyTorch.has(context.device())) {
      throw context.deviceError(
          ("found %s: %s. Choose one of these or auto. For CUDA, add its native libraries, such as"
                  + " ai.djl.pytorch:pytorch-native-cu128.")
              .formatted(pyTorch.devices(), pyTorch.whyBest()));
    }
    Device device = context.device().isAuto() ? pyTorch.best() : context.device();
    PtNDManager scope = pyTorch.newScope(device);
    try {
      PtSymbolBlock module = load(scope, context.file());
      ForwardSignature signature = ForwardSignature.of(module);
      String input = input(signature, context);
      RuntimeInfo runtime = runtime(pyTorch, device, context);
      DjlSession session = new DjlSession(pyTorch, scope, module, context, input, runtime);
      session.chooseInputType();
      if (!signature.returnsTensor()) {
        session.requireOutput();
      }
      return session;
    } catch (EngineException e) {
      scope.close();
      throw context.openError("%s. %s".formatted(reason(e), advice(e)), e);
    } catch (IOException e) {
      scope.close();
      throw context.openError(Reason.of(e) + ".", e);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private static PtSymbolBlock load(PtNDManager scope, Path file) throws IOException {
    String[] none = {};
    try (EnginePath path = EnginePath.of(ModelFormat.TORCHSCRIPT, file)) {
      return JniUtils.loadModule(scope, path.path(), true, none, none, false);
    }
  }

  private static RuntimeInfo runtime(PyTorch pyTorch, Device device, BackendContext context) {
    boolean auto = context.device().isAuto();
    String reason = auto ? pyTorch.whyBest() : "it was asked for";
    return RuntimeInfo.of(
            DjlBackend.NAME,
            pyTorch.version(),
            device,
            pyTorch
                .chooseThreads(context.threads())
                .map(note -> reason + "; " + note)
                .orElse(reason))
        .withPassedOver(
            auto && pyTorch.lacksGpu()
                ? List.of(PassedOver.sentence("device " + Device.cuda(0), device, reason))
                : List.of());
  }

  /** The input's name: the module's own, or the card's if the module's name means nothing. */
  private static String input(ForwardSignature signature, BackendContext context) {
    String wanted = context.model().input().name();
    String own =
        signature
            .input()
            .orElseThrow(
                () ->
                    context.loadError(
                        "needs one tensor as input, found %s in %s. Networks with other inputs cannot be used."
                            .formatted(signature, context.file())));
    String name = ANY_INPUT.contains(own) && !wanted.isEmpty() ? wanted : own;
    return context.input(List.of(TensorInfo.of(name)), EnumSet.of(ElementType.FLOAT32)).name();
  }

  /**
   * Chooses float32 for the input if the network accepts it, and otherwise the type of the weights.
   * Only a run shows which: many half-precision networks convert their input themselves.
   */
  private void chooseInputType() {
    Set<DataType> weights = weightTypes();
    if (weights.contains(DJL_BFLOAT16)
        && runtime.device().equals(Device.CPU)
        && Bfloat16.isSlow()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "model %s computes in bfloat16, but this processor has no bfloat16 instructions, so it can take 25 times as long as in float32"
              .formatted(context.model().name()));
    }
    // In a frozen module, weights are constants, whose type cannot be queried.
    if (weights.equals(Set.of(DataType.FLOAT32))) {
      return;
    }
    Optional<EngineException> refusal = refusal(DataType.FLOAT32);
    if (refusal.isEmpty()) {
      return;
    }
    for (DataType type : List.of(DataType.FLOAT16, DataType.FLOAT64)) {
      if (refusal(type).isEmpty()) {
        inputType = type;
        return;
      }
    }
    if (String.valueOf(refusal.get().getMessage()).contains("BFloat16")) {
      throw context.loadError(
          ("cannot create the bfloat16 input that %s needs (%s). Convert the input first in its forward"
                  + " method: x = x.to(torch.bfloat16).")
              .formatted(context.file(), reason(refusal.get())));
    }
  }

  private Set<DataType> weightTypes() {
    try (PtNDManager arrays = scope.newSubManager(scope.getDevice())) {
      return JniUtils.moduleGetParams(module, arrays).stream()
          .map(NDArray::getDataType)
          .collect(Collectors.toSet());
    }
  }

  /** Why the network cannot run a black image of that type; empty if it can. */
  private Optional<EngineException> refusal(DataType type) {
    DataType before = inputType;
    inputType = type;
    try {
      return forward(black(), (outputs, arrays) -> Optional.empty());
    } catch (EngineException e) {
      return Optional.of(e);
    } finally {
      inputType = before;
    }
  }

  private FloatTensor black() {
    int[] shape = context.trialShape(input());
    return FloatTensor.of(new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)], shape);
  }

  /** Requires the output that the card names. Only a run shows which outputs exist. */
  private void requireOutput() {
    String wanted = context.model().output().name();
    List<TensorInfo> outputs;
    try {
      outputs =
          forward(
              black(),
              // A single tensor matches any name. It may be declared as "Optional[Tensor]" or
              // "Any".
              (result, arrays) ->
                  (result.isTensor() ? Set.of(wanted) : result.names())
                      .stream().map(TensorInfo::of).toList());
    } catch (EngineException e) {
      // The network rejects this input. The session's first run reports it.
      return;
    }
    if (outputs.isEmpty()) {
      throw context.loadError(
          ("found no tensor in what %s returns. It must return a tensor, a tuple or list of tensors, or"
                  + " a dict of tensors.")
              .formatted(context.file()));
    }
    context.output(outputs);
  }

  @Override
  public FloatTensor run(FloatTensor images) {
    String output = context.model().output().name();
    FloatTensor scores;
    try {
      scores = forward(images, (outputs, arrays) -> outputs.copy(output, arrays));
    } catch (EngineException e) {
      throw context.runError(images, reason(e), e);
    }
    if (scores == null) {
      throw new InferenceException(
          ("model %s: backend djl found no output \"%s\" in what the network returned for %s. Correct"
                  + " the output's name (output.name in a card).")
              .formatted(context.model().name(), output, images));
    }
    return scores;
  }

  /** Runs the module, and passes on its outputs and a scope for temporary arrays. */
  private <T extends @Nullable Object> T forward(
      FloatTensor images, BiFunction<Outputs, PtNDManager, T> use) {
    pyTorch.prepareThread();
    ByteBuffer buffer = fill(inputBuffers.poll(), images.buffer());
    Shape shape = new Shape(Arrays.stream(images.shape()).asLongStream().toArray());
    try (PtNDManager arrays = scope.newSubManager(scope.getDevice());
        PtNDArray array = arrays.create(buffer, shape, DataType.FLOAT32);
        PtNDArray typed = typed(array);
        IValue input = IValue.from(typed);
        Outputs outputs = Outputs.of(module.forward(input))) {
      return use.apply(outputs, arrays);
    } finally {
      inputBuffers.add(buffer);
    }
  }

  private PtNDArray typed(PtNDArray floats) {
    return inputType == DataType.FLOAT32
        ? floats
        : JniUtils.to(floats, inputType, scope.getDevice());
  }

  @Override
  public TensorInfo input() {
    ElementType type =
        switch (inputType) {
          case FLOAT16 -> ElementType.FLOAT16;
          case FLOAT64 -> ElementType.FLOAT64;
          default -> ElementType.FLOAT32;
        };
    // Four sides, because PyTorch would also accept three axes, as a single image.
    return TensorInfo.of(input, type)
        .withSides(TensorInfo.ANY, TensorInfo.ANY, TensorInfo.ANY, TensorInfo.ANY);
  }

  /** Copies the input into a direct buffer: a used one if it is large enough, else a new one. */
  private static ByteBuffer fill(@Nullable ByteBuffer used, FloatBuffer input) {
    int bytes = Math.multiplyExact(input.remaining(), Float.BYTES);
    ByteBuffer buffer =
        used != null && used.capacity() >= bytes
            ? used
            : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    buffer.clear().limit(bytes);
    buffer.asFloatBuffer().put(input);
    return buffer;
  }

  /** The reason in a message that may also contain a TorchScript stack trace. */
  private static String reason(EngineException e) {
    String message = String.valueOf(e.getMessage()).strip();
    Matcher raised = RAISED.matcher(message);
    String reason = message.lines().findFirst().orElse("");
    while (raised.find()) {
      reason = raised.group(1);
    }
    return reason.replaceFirst("\\.$", "");
  }

  private static String advice(EngineException e) {
    if (MemoryShortage.isIn(e)) {
      return MemoryShortage.advice(e) + ".";
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unknown builtin op") || message.contains("Unknown type name")) {
      return "Export it with PyTorch's own operators only.";
    }
    if (message.contains("constants.pkl")) {
      return "It holds weights without a network. Save it with torch.jit.save.";
    }
    return "It is damaged or not TorchScript. Download it again, or export it for this version of PyTorch.";
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
    scope.close();
  }
}
