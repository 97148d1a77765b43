package io.github.pixelwise.fakes;

import io.github.pixelwise.Device;
import io.github.pixelwise.FakeEngine;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.Setting;
import io.github.pixelwise.spi.TensorInfo;
import java.util.List;
import java.util.Optional;

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
  public List<Setting<?>> settings() {
    return List.of(Setting.text(name + ".tempo", "any text", "how it plays"));
  }

  @Override
  public InferenceSession open(BackendContext context) {
    FakeEngine.OPEN.incrementAndGet();
    FakeEngine.context = Optional.of(context);
    boolean auto = context.device().isAuto();
    return new Session(name, auto ? FakeEngine.bestDevice : context.device());
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
    public TensorInfo input() {
      TensorInfo input = TensorInfo.of("in", ElementType.FLOAT32);
      return FakeEngine.fixedBatch
          ? input.withSides(FakeEngine.maxBatch, TensorInfo.ANY, TensorInfo.ANY, TensorInfo.ANY)
          : input;
    }

    @Override
    public int maxBatch() {
      return FakeEngine.maxBatch;
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
