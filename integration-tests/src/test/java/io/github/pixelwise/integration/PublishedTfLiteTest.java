package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.tflite.TfLiteModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published TensorFlow Lite files give on every backend what their publishers expect. */
class PublishedTfLiteTest {
  private static final Path PUBLISHED = Path.of("../../shared/models/published");

  /** tflite_published.py keeps every 32nd node along each side. */
  private static final int STEP = 32;

  @TempDir private Path folder;

  @BeforeEach
  void requireTheFiles() {
    assumeTrue(Files.isDirectory(PUBLISHED), () -> PUBLISHED + " is missing");
  }

  private ModelCard convert(String name, LabelMap labels) throws IOException {
    TfLiteModel model = TfLiteModel.read(PUBLISHED.resolve(name + ".tflite"));
    return Conversion.of(model.network(), model.weights()).labels(labels).write(folder);
  }

  /**
   * Coral's own test: the share of equal pixels, as an intersection over union of both pictures,
   * must be above 0.90. TensorFlow Lite reaches 0.924, and 0.938 with dequantized weights.
   */
  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "opencv-dnn"})
  void findsTheBird(String backend) throws IOException {
    ModelCard card = convert("deeplabv3_mnv2_dm05_pascal_quant", LabelMap.voc());
    Raster expected =
        ImageIO.read(PUBLISHED.resolve("bird_segmentation_mask.png").toFile()).getRaster();

    CategoryMask mask;
    try (Segmenter segmenter = Segmenter.builder().model(card).backend(backend).open()) {
      mask = segmenter.segment(Images.read(PUBLISHED.resolve("bird_segmentation.png"))).mask();
    }

    assertThat(mask.width()).isEqualTo(expected.getWidth());
    assertThat(mask.height()).isEqualTo(expected.getHeight());
    int equal = 0;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        equal += mask.category(x, y) == expected.getSample(x, y, 0) ? 1 : 0;
      }
    }
    int pixels = mask.width() * mask.height();
    assertThat((double) equal / (2 * pixels - equal)).isGreaterThan(0.93);
  }

  /** A face and a spacesuit in front of a wall, a flag, and the model of a shuttle. */
  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "opencv-dnn"})
  void findsThePerson(String backend) throws IOException {
    ModelCard card = convert("selfie_segmentation", LabelMap.of(List.of("background", "person")));

    CategoryMask mask;
    try (Segmenter segmenter = Segmenter.builder().model(card).backend(backend).open()) {
      mask = segmenter.segment(Images.read(Path.of("../examples/photos/astronaut.png"))).mask();
    }

    assertThat(mask.category(225, 110)).as("face").isEqualTo(1);
    assertThat(mask.category(200, 380)).as("spacesuit").isEqualTo(1);
    assertThat(mask.category(60, 120)).as("flag").isEqualTo(0);
    assertThat(mask.category(330, 60)).as("wall").isEqualTo(0);
    assertThat(mask.category(450, 200)).as("shuttle").isEqualTo(0);
  }

  /** Some nodes of the output; the tolerances are for probabilities, and for scores of about 10. */
  @ParameterizedTest
  @CsvSource({
    "selfie_segmentation, onnx",
    "selfie_segmentation, djl",
    "selfie_segmentation, opencv-dnn",
    "deeplabv3_mnv2_dm05_pascal_quant, onnx",
    "deeplabv3_mnv2_dm05_pascal_quant, djl",
    "deeplabv3_mnv2_dm05_pascal_quant, opencv-dnn"
  })
  void computesTheScoresOfPyTorch(String name, String backend) throws IOException {
    TfLiteModel model = TfLiteModel.read(PUBLISHED.resolve(name + ".tflite"));
    FloatTensor golden =
        GoldenTensors.read(
            Path.of("src/test/resources/io/github/pixelwise/integration/tflite-published.txt"),
            name);
    boolean person = golden.shape()[0] == 1;

    FloatTensor output =
        TfLiteTest.run(
            folder,
            model,
            backend,
            Precision.FLOAT32,
            TfLiteTest.image(side(model), side(model), 1));

    int channels = output.shape()[1];
    int side = output.shape()[2];
    float[] scores = output.toFloatArray();
    float[] expected = golden.toFloatArray();
    int index = 0;
    for (int channel = person ? 1 : 0; channel < channels; channel++) {
      for (int y = 0; y < side; y += STEP) {
        for (int x = 0; x < side; x += STEP) {
          double score = scores[(channel * side + y) * side + x];
          assertThat(person ? 1 / (1 + Math.exp(-score)) : score)
              .isCloseTo(expected[index++], offset(person ? 1e-4 : 1e-3));
        }
      }
    }
    assertThat(index).isEqualTo(expected.length);
  }

  private static int side(TfLiteModel model) {
    return model.network().input().size().width();
  }
}
