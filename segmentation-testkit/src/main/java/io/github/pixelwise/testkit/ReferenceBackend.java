package io.github.pixelwise.testkit;

import io.github.pixelwise.Device;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A backend in plain Java, for tests: it runs the {@link MicroModel}s without an engine, and shows
 * how little a backend needs.
 *
 * <p>This jar does not register it, because a test kit on the class path should not add a backend.
 * To use it, name this class in your test's own {@code
 * META-INF/services/io.github.pixelwise.spi.BackendProvider}.
 */
public final class ReferenceBackend implements BackendProvider {
  /**
   * A network as text, one statement per line. All numbers are 32-bit floats.
   *
   * <pre>{@code
   * # A side is a number, or ? for any.
   * input NAME SIDE SIDE SIDE SIDE
   * # One row a channel of the result: a weight for each channel of the operand, and a bias.
   * NAME = affine OPERAND WEIGHT... BIAS | WEIGHT... BIAS | ...
   * NAME = sigmoid OPERAND
   * NAME = softmax OPERAND
   * # The operand, rounded to floats of 16 bits.
   * NAME = half OPERAND
   * # The channel of the highest value; the channel axis goes.
   * NAME = argmax OPERAND
   * # The operand with a channel axis of one channel again.
   * NAME = channel OPERAND
   * # Every so many pixels and rows, from the first on.
   * NAME = every OPERAND STRIDE
   * NAME = transpose OPERAND AXIS AXIS AXIS AXIS
   * # The operand, computed slowly: convolutions with a kernel of zeros and a one in its center.
   * NAME = identity OPERAND KERNEL TIMES
   * output NAME
   * }</pre>
   */
  public static final ModelFormat FORMAT = new ModelFormat("reference");

  private static final String NAME = "reference";

  /** Creates the backend; called by {@link java.util.ServiceLoader}. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  /** Returns a rank below that of all engines. */
  @Override
  public int priority() {
    return -1000;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(FORMAT);
  }

  @Override
  public Availability availability() {
    return Availability.of(version(), "cpu");
  }

  private static String version() {
    return "Java " + Runtime.version().feature();
  }

  @Override
  public InferenceSession open(BackendContext context) {
    context.requireCpu();
    try {
      ReferenceProgram program = new ReferenceProgram(Files.readAllLines(context.file()));
      TensorInfo input = context.input(program.inputs(), EnumSet.of(ElementType.FLOAT32));
      TensorInfo output = context.output(program.outputs());
      return new Session(context, input, output.name(), program, new AtomicBoolean());
    } catch (IOException | IllegalArgumentException e) {
      throw context.openError(e + ".", e);
    }
  }

  private record Session(
      BackendContext context,
      TensorInfo input,
      String outputName,
      ReferenceProgram program,
      AtomicBoolean closed)
      implements InferenceSession {
    @Override
    public FloatTensor run(FloatTensor images) {
      FloatTensor answer = program.run(input.name(), images, outputName);
      // A native engine would crash here, because it was closed before or during the run.
      if (closed.get()) {
        throw new IllegalStateException(context + ": it was closed while it ran");
      }
      return answer;
    }

    @Override
    public boolean concurrent() {
      return true;
    }

    @Override
    public RuntimeInfo runtime() {
      return RuntimeInfo.of(NAME, version(), Device.CPU, "plain Java runs on the CPU only");
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }
}
