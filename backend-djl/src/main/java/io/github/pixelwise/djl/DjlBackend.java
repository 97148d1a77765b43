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
 * <p>Some settings of PyTorch and DJL hold for the whole JVM. They are made when PyTorch starts,
 * and only where the application has not set them: no downloads, no usage data ({@code
 * ai.djl.offline}, {@code OPT_OUT_TRACKING}), no optimizer of graphs ({@code
 * ai.djl.pytorch.graph_optimizer}). The first session's number of threads holds for all.
 */
// No type of DJL in fields and signatures: finding a backend that is not used loads no engine.
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
