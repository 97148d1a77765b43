package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.pixelwise.Device;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.testkit.MicroModel;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices with the jar of ONNX Runtime that has no CUDA; pixelwise-onnx-gpu tests the other one.
 */
class DevicesTest {
  private static final String NO_CUDA =
      "no CUDA: this ONNX Runtime was built without it; depend on"
          + " io.github.pixelwise:pixelwise-onnx-gpu instead of pixelwise-onnx";

  @TempDir private Path folder;

  @Test
  void offersTheCpuAndSaysWhyNothingElse() {
    assertThat(new OnnxBackend().availability())
        .isEqualTo(new Availability(true, "ONNX Runtime 1.28.0", "cpu", NO_CUDA));
  }

  @Test
  void choosesTheCpuWithoutMentioningCudaIfThereIsNoGpu() {
    assumeFalse(CudaLibraries.here().hasDriver(), "skipped: this machine has the driver of a GPU");

    try (Segmenter segmenter = Segmenter.builder().device("auto").open()) {
      assertThat(segmenter.runtime().device()).isEqualTo(Device.CPU);
      assertThat(segmenter.runtime().reason()).isEqualTo("the only device of this backend");
      assertThat(segmenter.runtime().passedOver()).isEmpty();
    }
  }

  @Test
  void usesTheCpuOnRequest() {
    try (Segmenter segmenter = Segmenter.builder().device("cpu").open()) {
      assertThat(segmenter.runtime().device()).isEqualTo(Device.CPU);
      assertThat(segmenter.runtime().reason()).isEqualTo("asked for");
    }
  }

  @Test
  void rejectsAGpuAndSaysWhy() {
    SegmenterBuilder builder = Segmenter.builder().device("cuda:0");

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model deeplabv3plus-mobilenetv2-voc: device cuda:0 is not available: backend onnx finds "
                + NO_CUDA
                + ". Choose cpu or auto.");
  }

  @Test
  void recognizesANetworkThatNeedsTheCpu() throws Exception {
    ModelCard model = MicroModel.AFFINE.descriptor();
    Path file = folder.resolve("affine.onnx");
    try (InputStream in =
        model.file(ModelFormat.ONNX).orElseThrow().location().toURL().openStream()) {
      Files.copy(in, file);
    }
    OnnxSession.Source source =
        new OnnxSession.Source(
            OrtEnvironment.getEnvironment(),
            BackendContext.builder(new OnnxBackend(), model, ModelFormat.ONNX, file).build());

    // Without CUDA, every network needs the CPU.
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      assertThat(OnnxSession.createWithoutCpu(source, options)).isEmpty();
    }
  }

  @Test
  void checksTheSumOfNineOnes() throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions cpu = new OrtSession.SessionOptions();
        OrtSession.SessionOptions nothing = new OrtSession.SessionOptions()) {
      nothing.addConfigEntry(Cuda.NO_CPU, "1");

      assertThat(Cuda.failure(environment, cpu)).isEmpty();
      assertThat(Cuda.failure(environment, nothing).orElse(""))
          .contains("fallback to CPU EP has been explicitly disabled");
    }
  }

  @Test
  void cutsOnnxRuntimesMessagesToCudasOwnWords() {
    String failure =
        "/a/cuda_info.cc:62 X::F(const P&) [ONNXRuntimeError] : 1 : FAIL : /a/cuda_call.cc:148 Failed"
            + " to parse provider option \"device_id\": CUDA failure 100: no CUDA-capable device is"
            + " detected ; GPU=0 ; hostname=vm ; file=/a/b.cc ; line=69 ; expr=f(&n); \n";

    assertThat(Cuda.message(new OrtException(failure)))
        .isEqualTo("CUDA failure 100: no CUDA-capable device is detected");
    assertThat(Cuda.message(new OrtException("one \ntwo\n"))).isEqualTo("one");
  }
}
