package io.github.pixelwise.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How ONNX Runtime uses CUDA.
 *
 * @param options its own names and values, see its documentation of the CUDA execution provider
 */
record CudaSettings(Map<String, String> options) {
  private static final String MEMORY_LIMIT = "onnx.cuda.memory-limit";
  private static final String CUDNN_SEARCH = "onnx.cuda.cudnn-search";
  private static final String TF32 = "onnx.cuda.tf32";

  private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,17})(|KB|MB|GB)");

  /**
   * Reads the settings of this backend.
   *
   * @throws IllegalArgumentException if one is unknown, or its value is wrong
   */
  static CudaSettings of(Map<String, String> settings) {
    Map<String, String> options = new TreeMap<>();
    // Numbers of 10 bits would make masks differ from those of other devices.
    options.put("use_tf32", "0");
    settings.forEach(
        (name, value) -> {
          switch (name) {
            case MEMORY_LIMIT -> options.put("gpu_mem_limit", Long.toString(bytes(value)));
            case CUDNN_SEARCH -> {
              requireOneOf(name, value, List.of("exhaustive", "heuristic", "default"));
              options.put("cudnn_conv_algo_search", value.toUpperCase(Locale.ROOT));
            }
            case TF32 -> {
              requireOneOf(name, value, List.of("on", "off"));
              options.put("use_tf32", value.equals("on") ? "1" : "0");
            }
            default -> {
              if (name.startsWith(OnnxBackend.NAME + ".")) {
                throw new IllegalArgumentException(
                    "backend onnx has no setting %s; it has %s, %s and %s"
                        .formatted(name, CUDNN_SEARCH, MEMORY_LIMIT, TF32));
              }
            }
          }
        });
    return new CudaSettings(options);
  }

  private static long bytes(String value) {
    Matcher bytes = BYTES.matcher(value);
    if (!bytes.matches()) {
      throw wrong(
          MEMORY_LIMIT, "a number of bytes above 0, or one of KB, MB or GB such as 2GB", value);
    }
    int shift = 10 * List.of("", "KB", "MB", "GB").indexOf(bytes.group(2));
    try {
      return Math.multiplyExact(Long.parseLong(bytes.group(1)), 1L << shift);
    } catch (ArithmeticException e) {
      throw wrong(MEMORY_LIMIT, "less than 2^63 bytes", value);
    }
  }

  private static void requireOneOf(String name, String value, List<String> known) {
    if (!known.contains(value)) {
      throw wrong(name, String.join(", ", known), value);
    }
  }

  private static IllegalArgumentException wrong(String name, String expected, String found) {
    return new IllegalArgumentException(
        "setting %s: expected %s, found \"%s\"".formatted(name, expected, found));
  }

  /**
   * Puts a GPU in front of the CPU.
   *
   * @throws OrtException if ONNX Runtime cannot use it
   */
  void addTo(OrtSession.SessionOptions session, int index) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
      for (Map.Entry<String, String> option : options.entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      session.addCUDA(cuda);
    }
  }
}
