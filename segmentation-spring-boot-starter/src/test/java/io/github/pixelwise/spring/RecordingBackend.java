package io.github.pixelwise.spring;

import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.Setting;
import io.github.pixelwise.spi.TensorInfo;
import io.github.pixelwise.testkit.ReferenceBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records with what it is opened, and of how many images each run is. */
public final class RecordingBackend implements BackendProvider {
  static final Setting<Boolean> LOUD =
      Setting.onOff("recording.loud-voice", "speaks up").withDefault("off");

  /** The runs since the latest opening. */
  static final List<Integer> BATCHES = Collections.synchronizedList(new ArrayList<>());

  private static @Nullable BackendContext latest;

  private final ReferenceBackend backend = new ReferenceBackend();

  static BackendContext latest() {
    return Objects.requireNonNull(latest, "latest");
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public int priority() {
    return backend.priority();
  }

  @Override
  public List<ModelFormat> formats() {
    return backend.formats();
  }

  @Override
  public Availability availability() {
    return backend.availability();
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(LOUD);
  }

  @Override
  public InferenceSession open(BackendContext context) {
    latest = context;
    BATCHES.clear();
    return new Session(backend.open(context));
  }

  private record Session(InferenceSession session) implements InferenceSession {
    @Override
    public FloatTensor run(FloatTensor input) {
      BATCHES.add(input.side(0));
      return session.run(input);
    }

    @Override
    public TensorInfo input() {
      return session.input();
    }

    @Override
    public boolean concurrent() {
      return session.concurrent();
    }

    @Override
    public RuntimeInfo runtime() {
      RuntimeInfo runtime = session.runtime();
      return RuntimeInfo.of("recording", runtime.version(), runtime.device(), runtime.reason());
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
