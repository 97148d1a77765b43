package io.github.pixelwise.djl;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.util.List;

/**
 * Runs TorchScript on PyTorch's C++ library (LibTorch) through DJL, on the CPU or on CUDA.
 *
 * <p>Some settings of PyTorch and DJL apply to the whole JVM. Unless the application has set them,
 * they are set when PyTorch starts: no downloads ({@code ai.djl.offline}), no usage data ({@code
 * OPT_OUT_TRACKING}), no graph optimizer ({@code ai.djl.pytorch.graph_optimizer}). All sessions use
 * the first session's number of threads.
 */
// No DJL types in fields and signatures, so that finding an unused backend loads no engine.
public final class DjlBackend implements BackendProvider {
  static final String NAME = "djl";

  /** Called by {@link java.util.ServiceLoader}. */
  public DjlBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(ModelFormat.TORCHSCRIPT);
  }

  @Override
  public Availability availability() {
    try {
      PyTorch pyTorch = PyTorch.start();
      return Availability.of(pyTorch.version(), pyTorch.devices());
    } catch (BackendNotFoundException e) {
      return Availability.unavailable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws BackendNotFoundException if PyTorch does not start
   */
  @Override
  public InferenceSession open(BackendContext context) {
    return DjlSession.open(PyTorch.start(), context);
  }
}
