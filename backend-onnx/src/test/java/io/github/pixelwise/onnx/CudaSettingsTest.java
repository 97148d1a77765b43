package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.testkit.MicroModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaSettingsTest {
  private static CudaSettings settings(String name, String value) {
    return CudaSettings.of(
        BackendContext.builder(
                new OnnxBackend(),
                MicroModel.AFFINE.descriptor(),
                ModelFormat.ONNX,
                Path.of("affine.onnx"))
            .setting(name, value)
            .build());
  }

  @ParameterizedTest
  @CsvSource({
    "onnx.cuda.memory-limit, 1, gpu_mem_limit, 1",
    "onnx.cuda.memory-limit, 3KB, gpu_mem_limit, 3072",
    "onnx.cuda.memory-limit, 512MB, gpu_mem_limit, 536870912",
    "onnx.cuda.memory-limit, 2GB, gpu_mem_limit, 2147483648",
    "onnx.cuda.cudnn-search, heuristic, cudnn_conv_algo_search, HEURISTIC",
    "onnx.cuda.cudnn-search, exhaustive, cudnn_conv_algo_search, EXHAUSTIVE",
    "onnx.cuda.cudnn-search, default, cudnn_conv_algo_search, DEFAULT",
    "onnx.cuda.tf32, on, use_tf32, 1",
    "onnx.cuda.tf32, off, use_tf32, 0"
  })
  void translatesSettingsToOnnxRuntimesOptions(
      String name, String value, String option, String optionValue) {
    assertThat(settings(name, value).options()).containsEntry(option, optionValue);
  }

  @Test
  void differsFromOnnxRuntimesDefaultsOnlyInRounding() {
    assertThat(settings("djl.threads", "2").options())
        .isEqualTo(Map.of("use_tf32", "0", "cudnn_conv_algo_search", "EXHAUSTIVE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory-limit | 0 | a number of bytes above 0, or one of KB, MB or GB such as 2GB",
        "memory-limit | 2 GB | a number of bytes above 0, or one of KB, MB or GB such as 2GB",
        "memory-limit | 99999999999GB | less than 2^63 bytes",
        "cudnn-search | HEURISTIC | exhaustive, heuristic, default",
        "tf32 | true | on, off"
      })
  void rejectsWrongValues(String name, String value, String expected) {
    assertThatThrownBy(() -> settings("onnx.cuda." + name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "setting onnx.cuda.%s: expected %s, found \"%s\"".formatted(name, expected, value));
  }

  @Test
  void rejectsAnUnknownSettingAndListsTheKnownOnes() {
    assertThatThrownBy(() -> settings("onnx.cuda.memory", "2GB"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "backend onnx has no setting onnx.cuda.memory (did you mean \"onnx.cuda.memory-limit\"?);"
                + " it has onnx.cuda.cudnn-search, onnx.cuda.memory-limit and onnx.cuda.tf32");
  }
}
