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

/** PyTorch, which a JVM starts once and never stops. */
final class PyTorch {
  private static final String GRAPH_OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

  private static @Nullable PyTorch started;

  private final Engine engine;
  private final boolean cudaNatives;
  private final int gpus;

  /** The threads of one run, as the first session had them; 0 before that. */
  private volatile int threads;

  private PyTorch(Engine engine, boolean cudaNatives) {
    this.engine = engine;
    this.cudaNatives = cudaNatives;
    gpus = engine.getGpuCount();
  }

  /**
   * Returns PyTorch, started if need be.
   *
   * @throws BackendNotFoundException if it does not start, with the reason and what to do
   */
  static synchronized PyTorch start() {
    if (started == null) {
      Thread thread = Thread.currentThread();
      ClassLoader context = thread.getContextClassLoader();
      // DJL looks for its engine and natives by the thread's loader, which may be any.
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
        // Whoever names a LibTorch of his own needs none on the class path.
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

  /** Settings for the whole JVM, of which DJL reads some when its first class is loaded. */
  private static void makeSettings() throws IOException {
    setIfUnset("ai.djl.offline", "true");
    setIfUnset("OPT_OUT_TRACKING", "true");
    // docs/decisions/0011-djl-defaults.md
    setIfUnset(GRAPH_OPTIMIZER, "false");
    if (given("ENGINE_CACHE_DIR").isEmpty() && given("DJL_CACHE_DIR").isEmpty()) {
      // DJL's own choice could be a folder in that for temporary files which another user has made.
      Path folder = NativeFolders.unpack(CacheFolders.configured(), "djl", there -> {});
      System.setProperty("ENGINE_CACHE_DIR", folder.toString());
    }
  }

  /** Environment variables of the same meaning go first in any case. */
  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** What DJL reads from the environment, or else from the system properties. */
  private static Optional<String> given(String name) {
    return Stream.of(System.getenv(name), System.getProperty(name))
        .filter(value -> value != null && !value.isEmpty())
        .findFirst();
  }

  String version() {
    return "PyTorch %s (DJL %s)".formatted(engine.getVersion(), Engine.getDjlVersion());
  }

  /** All devices, separated by commas. */
  String devices() {
    return Stream.concat(Stream.of(Device.CPU), IntStream.range(0, gpus).mapToObj(Device::cuda))
        .map(Device::toString)
        .collect(Collectors.joining(", "));
  }

  boolean has(Device device) {
    return device.equals(Device.CPU)
        || device.isAuto()
        || (device.isCuda() && device.index() < gpus);
  }

  /** The best device. */
  Device best() {
    return gpus > 0 ? Device.cuda(0) : Device.CPU;
  }

  /** Whether there are natives for GPUs, and no GPU for them. */
  boolean lacksGpu() {
    return cudaNatives && gpus == 0;
  }

  /** Why the best device is the best. */
  String whyBest() {
    if (gpus > 0) {
      return "the first GPU that PyTorch finds";
    }
    return cudaNatives
        ? "PyTorch has natives for CUDA and finds no GPU that it can use"
        : "the natives of PyTorch on the class path are for the CPU alone";
  }

  /** Returns a scope for what a session holds on a device, to be closed by the caller. */
  PtNDManager newScope(Device device) {
    return (PtNDManager)
        engine.newBaseManager(
            device.isCuda() ? ai.djl.Device.gpu(device.index()) : ai.djl.Device.cpu());
  }

  /**
   * Sets the threads of one run, which the JVM's first session decides for all.
   *
   * @param asked their number, 0 for PyTorch's own choice
   * @return what the session should be told: nothing, or that it does not get what it asked for
   */
  synchronized Optional<String> chooseThreads(int asked) {
    if (threads == 0) {
      boolean free = System.getProperty("ai.djl.pytorch.num_threads") == null;
      threads = asked > 0 && free ? asked : JniUtils.getNumThreads();
    }
    return asked == 0 || asked == threads
        ? Optional.empty()
        : Optional.of(
            "%d threads instead of %d, as PyTorch's number holds for the whole JVM"
                .formatted(threads, asked));
  }

  /** Prepares the calling thread for a run: these settings are the thread's own. */
  void prepareThread() {
    JniUtils.setGraphExecutorOptimize(Boolean.getBoolean(GRAPH_OPTIMIZER));
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }
}
