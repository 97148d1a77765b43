package io.github.pixelwise.testkit;

import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A backend in plain Java, for tests: it gives the {@link MicroModel}s' answers without an engine,
 * and shows how little a backend needs.
 *
 * <p>This jar does not register it, because a test kit on the class path should not change which
 * backends there are. A test that wants it names this class in its own {@code
 * META-INF/services/io.github.pixelwise.spi.BackendProvider}.
 */
public final class ReferenceBackend implements BackendProvider {
  /** A network as text: one statement a line, as the micro-models' files show. */
  public static final ModelFormat FORMAT = new ModelFormat("reference");

  private static final String NAME = "reference";

  /** Creates the backend, as {@link java.util.ServiceLoader} wants it. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  /** Returns a rank behind all engines. */
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
  public InferenceSession open(
      ModelCard model, ModelFormat format, Path file, SessionOptions options) {
    String context = "model %s on backend %s: ".formatted(model.name(), NAME);
    if (!options.device().isAuto() && !options.device().equals(Device.CPU)) {
      throw new ModelLoadException(
          context + "plain Java runs on the CPU only, found device " + options.device());
    }
    options.requireNoSettingsOf(NAME);
    ReferenceProgram program;
    try {
      program = new ReferenceProgram(Files.readAllLines(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelLoadException(context + "cannot read " + file + ": " + e, e);
    }
    return new Session(
        context,
        name(context + "input", model.input().name(), program.inputs()),
        name(context + "output", model.output().name(), program.outputs()),
        program,
        new AtomicBoolean());
  }

  private static String name(String what, String name, Collection<String> names) {
    if (name.isEmpty() && names.size() == 1) {
      return names.iterator().next();
    }
    if (!names.contains(name)) {
      throw new ModelLoadException(
          "%s \"%s\", which the card names, is not in the network: it has %s"
              .formatted(what, name, names));
    }
    return name;
  }

  private record Session(
      String context, String input, String output, ReferenceProgram program, AtomicBoolean closed)
      implements InferenceSession {
    @Override
    public FloatTensor run(FloatTensor images) {
      try {
        FloatTensor answer = program.run(input, images, output);
        // Where a native engine would crash, because it was closed during or before the run.
        if (closed.get()) {
          throw new IllegalStateException(context + "it was closed while it ran");
        }
        return answer;
      } catch (IllegalArgumentException e) {
        throw new InferenceException(context + e.getMessage(), e);
      }
    }

    @Override
    public int maxBatch() {
      return Integer.MAX_VALUE;
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
