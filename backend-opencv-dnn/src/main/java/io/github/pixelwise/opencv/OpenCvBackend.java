package io.github.pixelwise.opencv;

import io.github.pixelwise.Device;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.util.List;

/**
 * Runs ONNX models on OpenCV's DNN module, on the CPU.
 *
 * <p>OpenCV has one number of threads for the whole JVM. The first model that asks for one sets it;
 * if a later model asks for another, {@link InferenceSession#runtime()} says so.
 */
public final class OpenCvBackend implements BackendProvider {
  static final String NAME = "opencv-dnn";

  /** Called by {@link java.util.ServiceLoader}. */
  public OpenCvBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(ModelFormat.ONNX);
  }

  @Override
  public Availability availability() {
    OpenCv engine = OpenCv.start();
    return engine.problem().isEmpty()
        ? Availability.of(engine.version(), Device.CPU.toString())
        : Availability.unavailable(engine.problem());
  }

  @Override
  public InferenceSession open(BackendContext context) {
    context.requireCpu();
    OpenCv engine = OpenCv.start();
    if (!engine.problem().isEmpty()) {
      throw context.loadError("cannot be used: " + engine.problem());
    }
    try {
      String threads = OpenCv.useThreads(context.threads());
      RuntimeInfo runtime =
          RuntimeInfo.of(
              NAME, engine.version(), Device.CPU, "the only device of this backend" + threads);
      return OpenCvSession.open(context, runtime);
    } catch (IOException e) {
      throw context.openError(e + ".", e);
    }
  }
}
