package io.github.pixelwise.examples.backend;

import io.github.pixelwise.Device;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionPool;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;

/** An open network. An engine serves one thread, so a pool keeps one for each caller. */
final class PointwiseSession implements InferenceSession {
  /** Engines take images of any size, so one key is enough. */
  private static final String ANY_SIZE = "any size";

  private final BackendContext context;
  private final TensorInfo input;

  /** Owned; closed by {@link #close}. */
  private final SessionPool<String, PointwiseEngine> engines;

  PointwiseSession(BackendContext context, PointwiseNetwork network, TensorInfo input) {
    this.context = context;
    this.input = input;
    int callers = context.setting(PointwiseBackend.CALLERS).orElseThrow();
    this.engines = new SessionPool<>(key -> new PointwiseEngine(network), callers);
  }

  @Override
  public FloatTensor run(FloatTensor images) {
    try {
      return engines.use(ANY_SIZE, engine -> engine.run(images));
    } catch (IOException | RuntimeException e) {
      throw context.runError(images, e.toString(), e);
    }
  }

  @Override
  public TensorInfo input() {
    return input;
  }

  @Override
  public boolean concurrent() {
    return true;
  }

  @Override
  public RuntimeInfo runtime() {
    return RuntimeInfo.of(
        PointwiseBackend.NAME,
        PointwiseBackend.VERSION,
        Device.CPU,
        "the only device of this backend");
  }

  @Override
  public void close() {
    engines.close();
  }
}
