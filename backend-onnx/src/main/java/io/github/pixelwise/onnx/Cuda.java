package io.github.pixelwise.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import io.github.pixelwise.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The GPUs that ONNX Runtime finds.
 *
 * @param devices the GPUs, in order of their index
 * @param end why there are no more
 */
record Cuda(List<Device> devices, String end) {
  /** Makes ONNX Runtime reject a network if it would run some operators on the CPU. */
  static final String NO_CPU = "session.disable_cpu_ep_fallback";

  /** More than any machine has. Ends the search if a version of ONNX Runtime never fails. */
  private static final int MOST = 64;

  private static final Pattern FAILURE = Pattern.compile("CUDA failure [^;]+");

  /** Looks for GPUs without using them. */
  static Cuda find() {
    // This tells what was compiled in, not what can run.
    if (!isBuiltIn()) {
      return new Cuda(
          List.of(),
          "this ONNX Runtime was built without it; depend on io.github.pixelwise:pixelwise-onnx-gpu"
              + " instead of pixelwise-onnx");
    }
    Optional<String> missing = CudaLibraries.here().missing();
    if (missing.isPresent()) {
      return new Cuda(List.of(), "ONNX Runtime needs " + missing.get());
    }
    List<Device> devices = new ArrayList<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      while (devices.size() < MOST) {
        CudaSettings.DEFAULT.addTo(options, devices.size());
        devices.add(Device.cuda(devices.size()));
      }
      return new Cuda(devices, "no machine has more");
    } catch (OrtException e) {
      return new Cuda(devices, "ONNX Runtime says " + message(e));
    }
  }

  /** Whether this ONNX Runtime was built with CUDA. */
  static boolean isBuiltIn() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  /** Which devices there are instead, or why there are none; empty if the device exists. */
  Optional<String> insteadOf(Device device) {
    if (devices.contains(device)) {
      return Optional.empty();
    }
    return Optional.of(
        devices.isEmpty()
            ? "no CUDA: " + end
            : "only " + devices.stream().map(Device::toString).collect(Collectors.joining(", ")));
  }

  /** Why the first GPU exists but cannot compute; empty if it can. */
  static Optional<String> failure(OrtEnvironment environment) throws IOException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      CudaSettings.DEFAULT.addTo(options, 0);
      options.addConfigEntry(NO_CPU, "1");
      return failure(environment, options);
    } catch (OrtException e) {
      return Optional.of(message(e));
    }
  }

  /**
   * Why a convolution fails; empty if it does not. A driver, cuDNN, or kernels that do not support
   * a GPU fail only on the first run.
   */
  static Optional<String> failure(OrtEnvironment environment, OrtSession.SessionOptions options)
      throws IOException {
    float[] ones = new float[9];
    Arrays.fill(ones, 1);
    try (InputStream network =
        Objects.requireNonNull(Cuda.class.getResourceAsStream("trial.onnx"), "trial.onnx")) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      try (OrtSession session = environment.createSession(network.readAllBytes(), options);
          OnnxTensor input =
              OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(ones), new long[] {1, 1, 3, 3});
          OrtSession.Result result = session.run(Map.of("in", input))) {
        float sum = ((OnnxTensor) result.get(0)).getFloatBuffer().get(4);
        return sum == 9
            ? Optional.empty()
            : Optional.of("it computes the sum of nine ones as %s".formatted(sum));
      }
    } catch (OrtException e) {
      return Optional.of(message(e));
    }
  }

  /** The first line of ONNX Runtime's message; for a failure of CUDA, only CUDA's own words. */
  static String message(OrtException e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    Matcher failure = FAILURE.matcher(line);
    return failure.find() ? failure.group().strip() : line;
  }
}
