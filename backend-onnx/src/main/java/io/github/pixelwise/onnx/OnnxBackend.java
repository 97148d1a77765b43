package io.github.pixelwise.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.pixelwise.Device;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFormat;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs ONNX models on ONNX Runtime, on the CPU. */
public final class OnnxBackend implements BackendProvider {
  static final String NAME = "onnx";

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
    try {
      return Availability.of(version(environment()), Device.CPU.toString());
    } catch (OrtException | RuntimeException | LinkageError e) {
      Throwable reason = e.getCause() != null ? e.getCause() : e;
      return Availability.unavailable("ONNX Runtime does not start: " + reason);
    }
  }

  @Override
  public InferenceSession open(
      ModelDescriptor model, ModelFormat format, Path file, SessionOptions options) {
    if (options.device().type() == Device.Type.CUDA) {
      throw new ModelLoadException(
          "model %s: device %s is not there: backend onnx runs on the CPU. Choose cpu or auto."
              .formatted(model.name(), options.device()));
    }
    try {
      OrtEnvironment environment = environment();
      RuntimeInfo runtime =
          new RuntimeInfo(
              NAME, version(environment), Device.CPU, "the only device of this backend");
      return OnnxSession.open(environment, model, file, options.threads(), runtime);
    } catch (OrtException | IOException e) {
      boolean unreadable =
          e instanceof OrtException ort
              && ort.getCode() == OrtException.OrtErrorCode.ORT_INVALID_PROTOBUF;
      throw new ModelLoadException(
          "model %s: backend onnx cannot open %s: %s. %s"
              .formatted(
                  model.name(),
                  file,
                  e.getMessage(),
                  unreadable
                      ? "It is damaged or no ONNX model; fetch it anew."
                      : "Fetch it anew, or export it for this version of ONNX Runtime."),
          e);
    }
  }

  /** The JVM's one environment, which ONNX Runtime itself releases when the JVM ends. */
  private static OrtEnvironment environment() throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    environment.setTelemetry(false);
    return environment;
  }

  private static String version(OrtEnvironment environment) {
    return "ONNX Runtime " + environment.getVersion();
  }
}
