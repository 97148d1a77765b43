package io.github.pixelwise.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.internal.plugin.StartFailure;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime, which starts once and lives as long as the JVM. */
final class OnnxRuntime {
  private static final System.Logger LOGGER = System.getLogger(OnnxRuntime.class.getName());

  private static @Nullable OrtEnvironment started;

  /** Why it did not start. A JVM tries to load a class only once. */
  private static @Nullable String failure;

  private OnnxRuntime() {}

  /**
   * Returns ONNX Runtime's only environment, and starts it if necessary.
   *
   * @throws BackendNotFoundException if it does not start, with the reason and what to do
   */
  static synchronized OrtEnvironment start() {
    if (started == null) {
      if (failure != null) {
        throw new BackendNotFoundException(failure);
      }
      try {
        OrtEnvironment environment = NativeLibraries.with(OrtEnvironment::getEnvironment);
        environment.setTelemetry(false);
        deleteEmptyFolder();
        started = environment;
      } catch (IOException e) {
        throw new BackendNotFoundException("ONNX Runtime does not start: " + e.getMessage(), e);
      } catch (OrtException | RuntimeException | LinkageError e) {
        failure = "ONNX Runtime does not start: " + explain(e);
        throw new BackendNotFoundException(failure, e);
      }
    }
    return started;
  }

  private static String explain(Throwable failure) {
    String message = String.valueOf(StartFailure.root(failure).getMessage());
    if (message.contains("java.library.path")) {
      return "it has no libraries for %s, only for linux-x64 and linux-aarch64 with glibc, osx-aarch64, and win-x64"
          .formatted(NativeLibraries.platform());
    }
    if (message.startsWith("Native library")) {
      return message + ". Correct the system property onnxruntime.native.path";
    }
    return StartFailure.explain(
        failure,
        "com.microsoft.onnxruntime:onnxruntime",
        Path.of(System.getProperty("java.io.tmpdir")),
        "-Djava.io.tmpdir");
  }

  /**
   * Deletes the temporary folder that ONNX Runtime creates at every start. ONNX Runtime deletes it
   * when the JVM ends, but not if the JVM is killed.
   */
  private static void deleteEmptyFolder() {
    try {
      Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      folder.setAccessible(true);
      if (folder.get(null) instanceof Path path && path.toFile().delete()) { // not one in use
        LOGGER.log(System.Logger.Level.DEBUG, "deleted {0}", path);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "could not delete ONNX Runtime's empty folder", e);
    }
  }
}
