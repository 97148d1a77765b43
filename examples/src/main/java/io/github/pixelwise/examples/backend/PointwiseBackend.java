package io.github.pixelwise.examples.backend;

import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.Setting;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;

/** Runs {@linkplain PointwiseNetwork networks that look at one pixel at a time}, in plain Java. */
public final class PointwiseBackend implements BackendProvider {
  /** In a card, {@code file.pointwise} names the network. */
  public static final ModelFormat FORMAT = new ModelFormat("pointwise");

  static final String NAME = "pointwise";
  static final String VERSION = "Pointwise 1.0";

  static final Setting<Integer> CALLERS =
      Setting.wholeNumber("pointwise.callers", 1, 64, "how many calls run at the same time")
          .withDefault("4");

  /** Called by {@link java.util.ServiceLoader}. */
  public PointwiseBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(FORMAT);
  }

  @Override
  public Availability availability() {
    return Availability.of(VERSION, "cpu");
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(CALLERS);
  }

  @Override
  public InferenceSession open(BackendContext context) {
    context.requireCpu();
    try {
      PointwiseNetwork network = PointwiseNetwork.read(context.file());
      TensorInfo input = context.input(List.of(network.input()), EnumSet.of(ElementType.FLOAT32));
      context.output(List.of(network.output()));
      return new PointwiseSession(context, network, input);
    } catch (IOException e) {
      throw context.openError(e + ". Write it again.", e);
    }
  }
}
