package io.github.pixelwise.fakes;

import io.github.pixelwise.Device;
import io.github.pixelwise.FakeEngine;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import java.nio.file.Path;
import java.util.List;

/** A backend whose networks do what {@link FakeEngine} says. */
public abstract class FakeBackend implements BackendProvider {
  private final String name;
  private final int priority;
  private final ModelFormat format;
  private final Availability availability;

  FakeBackend(String name, int priority, ModelFormat format, Availability availability) {
    this.name = name;
    this.priority = priority;
    this.format = format;
    this.availability = availability;
  }

  FakeBackend(String name, int priority) {
    this(name, priority, ModelFormat.ONNX, Availability.of("Fake 1.0", "cpu"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(format);
  }

  @Override
  public Availability availability() {
    FakeEngine.availability.run();
    return availability;
  }

  @Override
  public InferenceSession open(
      ModelCard model, ModelFormat wanted, Path file, SessionOptions options) {
    FakeEngine.OPEN.incrementAndGet();
    FakeEngine.options = options;
    boolean auto = options.device().isAuto();
    return new Session(name, auto ? FakeEngine.bestDevice : options.device());
  }

  /**
   * Runs the fake engine.
   *
   * @param backend the backend's name
   * @param device the device in use
   */
  public record Session(String backend, Device device) implements InferenceSession {
    @Override
    public FloatTensor run(FloatTensor input) {
      return FakeEngine.network.apply(input);
    }

    @Override
    public int maxBatch() {
      return FakeEngine.maxBatch;
    }

    @Override
    public boolean fixedBatch() {
      return FakeEngine.fixedBatch;
    }

    @Override
    public boolean concurrent() {
      return FakeEngine.concurrent;
    }

    @Override
    public RuntimeInfo runtime() {
      FakeEngine.runtime.run();
      return RuntimeInfo.of(backend, "Fake 1.0", device, "it is the only one");
    }

    @Override
    public void close() {
      FakeEngine.OPEN.decrementAndGet();
    }
  }
}
