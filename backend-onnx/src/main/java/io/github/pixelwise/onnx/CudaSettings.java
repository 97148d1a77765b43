package io.github.pixelwise.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How ONNX Runtime uses CUDA.
 *
 * @param options names and values as in ONNX Runtime's documentation of its CUDA provider
 */
record CudaSettings(Map<String, String> options) {
  private static final Setting<String> CUDNN_SEARCH =
      Setting.oneOf(
              "onnx.cuda.cudnn-search",
              List.of("exhaustive", "heuristic", "default"),
              "how cuDNN picks a convolution for each new input size: exhaustive tries all, heuristic"
                  + " guesses, default always takes the same one")
          .withDefault("exhaustive");
  private static final Setting<Long> MEMORY_LIMIT =
      Setting.bytes(
          "onnx.cuda.memory-limit",
          "the GPU memory that one model's tensors may use; CUDA and cuDNN use some more");
  private static final Setting<Boolean> TF32 =
      Setting.onOff(
              "onnx.cuda.tf32",
              "rounds to 10 bits in convolutions: faster, but masks may differ from those of the CPU")
          .withDefault("off");

  static final List<Setting<?>> DECLARED = List.of(CUDNN_SEARCH, MEMORY_LIMIT, TF32);

  /**
   * The defaults. TF32 is off, because its 10 bits would make masks differ from those of the CPU.
   */
  static final CudaSettings DEFAULT = new CudaSettings(Map.of("use_tf32", "0"));

  /** Reads the settings of this backend. */
  static CudaSettings of(BackendContext context) {
    Map<String, String> options = new TreeMap<>(DEFAULT.options);
    context
        .setting(CUDNN_SEARCH)
        .ifPresent(
            search -> options.put("cudnn_conv_algo_search", search.toUpperCase(Locale.ROOT)));
    context
        .setting(MEMORY_LIMIT)
        .ifPresent(bytes -> options.put("gpu_mem_limit", Long.toString(bytes)));
    context.setting(TF32).ifPresent(on -> options.put("use_tf32", on ? "1" : "0"));
    return new CudaSettings(options);
  }

  /**
   * Makes a session prefer a GPU to the CPU.
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
