package io.github.pixelwise.cli;

import io.github.pixelwise.Device;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Gets stuck, as native code may, and looks at nothing: while it opens a model called {@code
 * opening}, else when it gets the first photograph. The file {@code stuck} in the working directory
 * then tells that it is.
 */
public final class StuckBackend implements BackendProvider {
  static final ModelFormat FORMAT = new ModelFormat("stuck");

  @Override
  public String name() {
    return "stuck";
  }

  @Override
  public int priority() {
    return 1;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(FORMAT);
  }

  @Override
  public Availability availability() {
    return Availability.of("Stuck 1.0", "cpu");
  }

  @Override
  public InferenceSession open(BackendContext context) {
    if (context.model().name().equals("opening")) {
      getStuck();
    }
    return new Session(new AtomicInteger());
  }

  private static void getStuck() {
    try {
      Files.createFile(Path.of("stuck"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (true) {
      LockSupport.park();
    }
  }

  private record Session(AtomicInteger runs) implements InferenceSession {
    @Override
    public FloatTensor run(FloatTensor input) {
      if (runs.getAndIncrement() > 0) { // the first is the trial run on open
        getStuck();
      }
      return input;
    }

    @Override
    public TensorInfo input() {
      return TensorInfo.of("image");
    }

    @Override
    public int maxBatch() {
      return 1;
    }

    @Override
    public boolean concurrent() {
      return true;
    }

    @Override
    public RuntimeInfo runtime() {
      return RuntimeInfo.of("stuck", "Stuck 1.0", Device.CPU, "");
    }

    @Override
    public void close() {}
  }
}
