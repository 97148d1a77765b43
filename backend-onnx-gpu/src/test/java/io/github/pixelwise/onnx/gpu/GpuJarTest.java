package io.github.pixelwise.onnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.onnx.OnnxBackend;
import io.github.pixelwise.spi.Availability;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The real jar of onnxruntime_gpu. */
class GpuJarTest {
  private static final String MISSING =
      "no CUDA: ONNX Runtime needs .*(libcuda\\.so\\.1 of the NVIDIA driver|of CUDA 12|libcudnn\\.so\\.9"
          + " of cuDNN 9).*";

  private static void assumeNoCuda() {
    assumeTrue(
        new OnnxBackend().availability().devices().equals("cpu"),
        "skipped: CUDA works here, and what happens without it cannot be seen");
  }

  @Test
  void hasCuda() {
    assertThat(OrtEnvironment.getAvailableProviders()).contains(OrtProvider.CUDA);
  }

  @Test
  void worksWithoutCudaAndSaysWhatIsMissing() {
    assumeNoCuda();

    Availability availability = new OnnxBackend().availability();

    assertThat(availability.available()).isTrue();
    assertThat(availability.version()).isEqualTo("ONNX Runtime 1.28.0");
    assertThat(availability.reason()).matches(MISSING);
  }

  @Test
  void choosesTheCpuWithoutCudaAndSaysWhy() {
    assumeNoCuda();

    try (Segmenter segmenter = Segmenter.open(Segmenter.DEFAULT_MODEL)) {
      assertThat(segmenter.runtime().device()).isEqualTo(Device.CPU);
      assertThat(segmenter.runtime().reason()).matches(MISSING);
      assertThat(segmenter.runtime().passedOver())
          .containsExactly(
              "device cuda:0 was passed over for cpu: " + segmenter.runtime().reason());
    }
  }

  @Test
  void rejectsAGpuWithoutCudaAndSaysWhy() {
    assumeNoCuda();
    SegmenterBuilder builder = Segmenter.builder().device("cuda:0");

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageMatching(
            "model deeplabv3plus-mobilenetv2-voc: device cuda:0 is not available: backend onnx finds "
                + MISSING
                + "\\. Choose cpu or auto\\.");
  }

  @Test
  void computesPyTorchsMaskWithTheEmbeddedModel() throws IOException {
    RgbImage photo = Images.read(Path.of("../examples/photos/chelsea.png"));
    CategoryMask expected =
        PalettePng.read(
            Path.of(
                "../backend-onnx/src/test/resources/io/github/pixelwise/onnx/golden/chelsea.mask.png"));

    try (Segmenter segmenter = Segmenter.open(Segmenter.DEFAULT_MODEL)) {
      CategoryMask mask = segmenter.segment(photo).mask();

      int different = 0;
      for (int y = 0; y < mask.height(); y++) {
        for (int x = 0; x < mask.width(); x++) {
          different += mask.category(x, y) == expected.category(x, y) ? 0 : 1;
        }
      }
      // As EmbeddedModelTest of pixelwise-onnx, which looks closer.
      assertThat((double) different / (mask.width() * mask.height())).isLessThanOrEqualTo(1e-4);
    }
  }
}
