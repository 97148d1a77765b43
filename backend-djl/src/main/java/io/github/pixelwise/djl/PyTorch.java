package io.github.pixelwise.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Platform;
import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.Device;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.plugin.NativeFolders;
import io.github.pixelwise.internal.plugin.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch, which starts once and lives as long as the JVM. For code that uses PyTorch beside this
 * backend, such as training. Thread-safe.
 */
public final class PyTorch {
  private static final String GRAPH_OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

  private static @Nullable PyTorch started;

  private final Engine engine;
  private final boolean cudaNatives;
  private final int gpus;

  /** The number of threads for a run, set by the first session; 0 before that. */
  private volatile int threads;

  private PyTorch(Engine engine, boolean cudaNatives) {
    this.engine = engine;
    this.cudaNatives = cudaNatives;
    gpus = engine.getGpuCount();
  }

  /**
   * Returns PyTorch, and starts it if necessary.
   *
   * @return PyTorch
   * @throws BackendNotFoundException if it does not start, with the reason and what to do
   */
  public static synchronized PyTorch start() {
    if (started == null) {
      Thread thread = Thread.currentThread();
      ClassLoader context = thread.getContextClassLoader();
      // DJL uses the thread's context class loader to find its engine and native libraries.
      thread.setContextClassLoader(PyTorch.class.getClassLoader());
      try {
        makeSettings();
        started = startHere();
      } catch (BackendNotFoundException e) {
        throw e;
      } catch (IOException e) {
        throw new BackendNotFoundException("PyTorch does not start: " + e.getMessage(), e);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        String reason =
            StartFailure.explain(
                e,
                "ai.djl.pytorch:pytorch-engine and what it depends on",
                given("ENGINE_CACHE_DIR")
                    .or(() -> given("DJL_CACHE_DIR"))
                    .orElse("the folder for native libraries"),
                "ENGINE_CACHE_DIR");
        throw new BackendNotFoundException("PyTorch does not start: " + reason, e);
      } finally {
        thread.setContextClassLoader(context);
      }
    }
    return started;
  }

  private static PyTorch startHere() throws IOException {
    for (String setting : List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR", "PYTORCH_LIBRARY_PATH")) {
      Optional<String> folder = given(setting);
      if (folder.isPresent()) {
        NativeFolders.requireLoadable(Path.of(folder.get()), setting);
      }
    }
    Platform platform = Platform.fromSystem("pytorch");
    boolean cudaNatives =
        // With a LibTorch of their own, users need none on the class path.
        given("PYTORCH_LIBRARY_PATH").isEmpty()
            && Natives.require(
                PyTorch.class.getClassLoader(),
                platform.getVersion(),
                platform.getApiVersion(),
                platform.getClassifier());
    Engine engine = Engine.getEngine("PyTorch");
    Optional<String> problem;
    try (NDManager arrays = engine.newBaseManager(ai.djl.Device.cpu())) {
      problem =
          ConvolutionCheck.problem(convolution -> ConvolutionCheck.convolve(arrays, convolution));
    }
    if (problem.isPresent()) {
      throw new BackendNotFoundException(problem.get());
    }
    return new PyTorch(engine, cudaNatives);
  }

  /** Sets JVM-wide properties. DJL reads some of them when its first class is loaded. */
  private static void makeSettings() throws IOException {
    setIfUnset("ai.djl.offline", "true");
    setIfUnset("OPT_OUT_TRACKING", "true");
    // docs/decisions/0011-djl-defaults.md
    setIfUnset(GRAPH_OPTIMIZER, "false");
    if (given("ENGINE_CACHE_DIR").isEmpty() && given("DJL_CACHE_DIR").isEmpty()) {
      // DJL's default may be a temporary folder that another user created.
      Path folder = NativeFolders.unpack(CacheFolders.configured(), "djl", there -> {});
      System.setProperty("ENGINE_CACHE_DIR", folder.toString());
    }
  }

  /** An environment variable with the same meaning always wins. */
  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The value of an environment variable or, if not set, of the system property. */
  private static Optional<String> given(String name) {
    return Stream.of(System.getenv(name), System.getProperty(name))
        .filter(value -> value != null && !value.isEmpty())
        .findFirst();
  }

  /** {@return the versions of PyTorch and DJL} */
  public String version() {
    return "PyTorch %s (DJL %s)".formatted(engine.getVersion(), Engine.getDjlVersion());
  }

  /** {@return all devices, separated by commas} */
  public String devices() {
    return Stream.concat(Stream.of(Device.CPU), IntStream.range(0, gpus).mapToObj(Device::cuda))
        .map(Device::toString)
        .collect(Collectors.joining(", "));
  }

  /**
   * {@return whether there is such a device; {@link Device#AUTO} is always there}
   *
   * @param device the device
   */
  public boolean has(Device device) {
    return device.equals(Device.CPU)
        || device.isAuto()
        || (device.isCuda() && device.index() < gpus);
  }

  /** {@return the best device: the first GPU, otherwise the CPU} */
  public Device best() {
    return gpus > 0 ? Device.cuda(0) : Device.CPU;
  }

  /** Whether native libraries for CUDA are present, but no usable GPU. */
  boolean lacksGpu() {
    return cudaNatives && gpus == 0;
  }

  /** Why {@link #best} is the best device. */
  String whyBest() {
    if (gpus > 0) {
      return "the first GPU that PyTorch finds";
    }
    return cudaNatives
        ? "PyTorch has native libraries for CUDA but finds no GPU that it can use"
        : "PyTorch's native libraries on the class path are for the CPU only";
  }

  /** Returns a scope for what a session holds on a device, to be closed by the caller. */
  PtNDManager newScope(Device device) {
    return (PtNDManager)
        engine.newBaseManager(
            device.isCuda() ? ai.djl.Device.gpu(device.index()) : ai.djl.Device.cpu());
  }

  /**
   * Sets the number of threads for a run. The JVM's first session decides for all.
   *
   * @param asked the number, 0 for PyTorch's own choice
   * @return a note if another number is in use
   */
  public synchronized Optional<String> chooseThreads(int asked) {
    if (threads == 0) {
      boolean free = System.getProperty("ai.djl.pytorch.num_threads") == null;
      threads = asked > 0 && free ? asked : JniUtils.getNumThreads();
    }
    return asked == 0 || asked == threads
        ? Optional.empty()
        : Optional.of(
            "%d threads instead of %d, because PyTorch has one number for the whole JVM, set by the first session"
                .formatted(threads, asked));
  }

  /** {@return the number of threads for a run; 0 before it is chosen} */
  public int threads() {
    return threads;
  }

  /** Prepares the calling thread for a run: PyTorch keeps these settings per thread. */
  public void prepareThread() {
    JniUtils.setGraphExecutorOptimize(Boolean.getBoolean(GRAPH_OPTIMIZER));
    if (threads == 0) {
      chooseThreads(0);
    }
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }
}
