package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.convert.Scores;
import io.github.pixelwise.network.tflite.TfLiteModel;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks from TensorFlow Lite files, with every operator, compute on every backend what
 * tflite_golden.py computes from the operators' definitions.
 */
class TfLiteTest {
  private static final Path FOLDER =
      Path.of("../segmentation-networks/src/test/resources/io/github/pixelwise/network/tflite");

  @TempDir private Path folder;

  /** A line of golden.txt. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Golden(double spread, int height, int width, int[] shape, float[] scores) {
    static Golden of(String name) throws IOException {
      try (Stream<String> lines = Files.lines(FOLDER.resolve("golden.txt"))) {
        return lines
            .map(line -> line.split("\\|", -1))
            .filter(fields -> fields[0].equals(name))
            .map(Golden::of)
            .findFirst()
            .orElseThrow();
      }
    }

    private static Golden of(String[] fields) {
      String[] image = fields[1].split(" ", -1);
      String[] numbers = fields[3].split(" ", -1);
      float[] scores = new float[numbers.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = Float.parseFloat(numbers[i]);
      }
      return new Golden(
          Double.parseDouble(image[0]),
          Integer.parseInt(image[1]),
          Integer.parseInt(image[2]),
          Stream.of(fields[2].split(" ", -1)).mapToInt(Integer::parseInt).toArray(),
          scores);
    }

    FloatTensor image() {
      return TfLiteTest.image(height, width, spread);
    }
  }

  /** An input, whose formula runs along height, width, and channels. */
  static FloatTensor image(int height, int width, double spread) {
    CRC32 sum = new CRC32();
    sum.update("image".getBytes(StandardCharsets.UTF_8));
    float[] image = new float[3 * height * width];
    for (int i = 0; i < image.length; i++) {
      long step = (sum.getValue() + i * 2654435761L & 0xffffffffL) >>> 16;
      image[i % 3 * height * width + i / 3] = (float) ((step / 65536.0 - 0.5) * spread);
    }
    return FloatTensor.of(image, 1, 3, height, width);
  }

  private FloatTensor run(String name, String backend, Precision precision) throws IOException {
    TfLiteModel model = TfLiteModel.read(FOLDER.resolve(name + ".tflite"));
    return run(folder, model, backend, precision, Golden.of(name).image());
  }

  /** Converts a model and runs it at the input's size. */
  static FloatTensor run(
      Path folder, TfLiteModel model, String backend, Precision precision, FloatTensor image)
      throws IOException {
    BackendProvider provider =
        Catalog.load().backends().stream()
            .filter(one -> one.name().equals(backend))
            .findFirst()
            .orElseThrow();
    ModelCard card =
        Conversion.of(model.network(), model.weights())
            .scores(Scores.INPUT)
            .precision(precision)
            .formats(provider.formats().get(0))
            .write(folder);
    ModelFile file = card.files().get(0);
    try (InferenceSession session =
        provider.open(
            BackendContext.builder(provider, card, file.format(), Path.of(file.location()))
                .build())) {
      return session.run(image);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "windowed, onnx",
    "windowed, djl",
    "windowed, opencv-dnn",
    "enlarged, onnx",
    "enlarged, djl",
    "enlarged, opencv-dnn",
    "functions, onnx",
    "functions, djl",
    "functions, opencv-dnn",
    "quantized, onnx",
    "quantized, djl",
    "quantized, opencv-dnn",
    "sigmoids, onnx",
    "sigmoids, djl",
    "sigmoids, opencv-dnn",
    "halved, onnx",
    "halved, djl",
    "halved, opencv-dnn"
  })
  void computesTheScoresOfTheFile(String name, String backend) throws IOException {
    Golden golden = Golden.of(name);

    FloatTensor output = run(name, backend, Precision.FLOAT32);

    int[] shape = golden.shape();
    assertThat(output.shape()).containsExactly(1, shape[0], shape[1], shape[2]);
    assertThat(output.toFloatArray()).containsExactly(golden.scores(), offset(2e-5f));
  }

  /** Two channels come out: the probabilities of the rest and of the class. */
  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "opencv-dnn"})
  void aResizedSigmoidOfOneChannelBecomesTwoProbabilities(String backend) throws IOException {
    Golden golden = Golden.of("late");

    float[] output = run("late", backend, Precision.FLOAT32).toFloatArray();

    int pixels = golden.scores().length;
    assertThat(output).hasSize(2 * pixels);
    for (int i = 0; i < pixels; i++) {
      assertThat(output[i]).isCloseTo(1 - golden.scores()[i], offset(2e-5f));
      assertThat(output[pixels + i]).isCloseTo(golden.scores()[i], offset(2e-5f));
    }
  }

  /** Two channels come out: zeros, and what the sigmoid was computed from. */
  @ParameterizedTest
  @CsvSource({"onnx", "djl", "opencv-dnn"})
  void turnsASigmoidIntoTwoClasses(String backend) throws IOException {
    Golden golden = Golden.of("person");
    int nodes = golden.scores().length;

    FloatTensor output = run("person", backend, Precision.FLOAT32);

    assertThat(output.shape()).containsExactly(1, 2, 8, 8);
    float[] scores = output.toFloatArray();
    for (int i = 0; i < nodes; i++) {
      assertThat(scores[i]).isZero();
      assertThat(1 / (1 + Math.exp(-scores[nodes + i])))
          .isCloseTo(golden.scores()[i], offset(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "windowed, onnx, FLOAT16, 1e-3",
    "functions, onnx, FLOAT16, 1e-3",
    "functions, djl, FLOAT16, 1e-3",
    "functions, djl, BFLOAT16, 2e-2"
  })
  void storesWeightsIn16Bits(String name, String backend, Precision precision, float tolerance)
      throws IOException {
    FloatTensor output = run(name, backend, precision);

    assertThat(output.toFloatArray()).containsExactly(Golden.of(name).scores(), offset(tolerance));
  }
}
