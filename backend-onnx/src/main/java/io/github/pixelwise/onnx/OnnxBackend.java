package io.github.pixelwise.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.Device;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.internal.plugin.PassedOver;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs ONNX models on ONNX Runtime, on the CPU and, with {@code pixelwise-onnx-gpu}, on NVIDIA's
 * GPUs.
 */
public final class OnnxBackend implements BackendProvider {
  static final String NAME = "onnx";

  private static final String ASKED_FOR = "asked for";

  /** Called by {@link java.util.ServiceLoader}. */
  public OnnxBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 300;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(ModelFormat.ONNX);
  }

  @Override
  public Availability availability() {
    Optional<String> conflict = RuntimeJars.conflict(OnnxBackend.class.getClassLoader());
    if (conflict.isPresent()) {
      return Availability.unavailable(conflict.get());
    }
    try {
      String version = version(OnnxRuntime.start());
      Cuda cuda = Cuda.find();
      return new Availability(
          true,
          version,
          Stream.concat(cuda.devices().stream(), Stream.of(Device.CPU))
              .map(Device::toString)
              .collect(Collectors.joining(", ")),
          cuda.insteadOf(Device.cuda(0)).orElse(""));
    } catch (BackendNotFoundException e) {
      return Availability.unavailable(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return CudaSettings.DECLARED;
  }

  /**
   * {@inheritDoc}
   *
   * @throws BackendNotFoundException if ONNX Runtime does not start
   */
  @Override
  public InferenceSession open(BackendContext context) {
    CudaSettings settings = CudaSettings.of(context);
    OrtEnvironment environment = OnnxRuntime.start();
    try {
      OnnxSession.Source source = new OnnxSession.Source(environment, context);
      if (context.device().isAuto()) {
        return onTheBest(source, settings);
      }
      return context.device().equals(Device.CPU)
          ? OnnxSession.onCpu(source, runtime(environment, Device.CPU, ASKED_FOR))
          : onCuda(source, settings);
    } catch (OrtException e) {
      throw context.openError("%s. %s".formatted(e.getMessage(), advice(e)), e);
    } catch (IOException e) {
      throw context.openError(Reason.of(e) + ".", e);
    }
  }

  private static String advice(OrtException e) {
    if (MemoryShortage.isIn(e)) {
      return MemoryShortage.advice(e) + ".";
    }
    return e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_PROTOBUF
        ? "It is damaged or not an ONNX model. Download it again."
        : "Download it again, or export it for this version of ONNX Runtime.";
  }

  private static InferenceSession onCuda(OnnxSession.Source source, CudaSettings settings)
      throws OrtException, IOException {
    Device device = source.context().device();
    Optional<String> instead = Cuda.find().insteadOf(device);
    if (instead.isPresent()) {
      throw source.context().deviceError("finds %s. Choose cpu or auto.".formatted(instead.get()));
    }
    return OnnxSession.onCuda(source, runtime(source.environment(), device, ASKED_FOR), settings);
  }

  private static InferenceSession onTheBest(OnnxSession.Source source, CudaSettings settings)
      throws OrtException, IOException {
    OrtEnvironment environment = source.environment();
    Device gpu = Device.cuda(0);
    Optional<String> problem = Cuda.find().insteadOf(gpu);
    if (problem.isEmpty()) {
      problem = Cuda.failure(environment).map(failure -> "cuda:0 fails: " + failure);
    }
    if (problem.isEmpty()) {
      try {
        RuntimeInfo runtime = runtime(environment, gpu, "the best device available");
        return OnnxSession.onCuda(source, runtime, settings);
      } catch (OrtException e) {
        problem = Optional.of("cuda:0 cannot open the model: " + Cuda.message(e));
      }
    }
    // Without ONNX Runtime for CUDA and without a GPU driver, a missing GPU is not worth a mention.
    boolean told = Cuda.isBuiltIn() || CudaLibraries.here().hasDriver();
    String reason = told ? problem.get() : "the only device of this backend";
    return OnnxSession.onCpu(
        source,
        RuntimeInfo.of(NAME, version(environment), Device.CPU, reason)
            .withPassedOver(
                Cuda.isBuiltIn()
                    ? List.of(PassedOver.sentence("device " + gpu, Device.CPU, reason))
                    : List.of()));
  }

  private static RuntimeInfo runtime(OrtEnvironment environment, Device device, String reason) {
    return RuntimeInfo.of(NAME, version(environment), device, reason);
  }

  private static String version(OrtEnvironment environment) {
    return "ONNX Runtime " + environment.getVersion();
  }
}
