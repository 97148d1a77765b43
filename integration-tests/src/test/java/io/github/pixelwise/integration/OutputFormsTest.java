package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The forms in which custom networks return scores, on real engines. {@code
 * src/test/python/output_forms.py} created the networks.
 */
class OutputFormsTest {
  private static final Path NETWORKS =
      Path.of("src/test/resources/io/github/pixelwise/integration/forms").toAbsolutePath();
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final RgbImage PHOTO = photo();

  @TempDir private Path folder;

  /** Red at the top left, green at the top right, and blue below, each with a gradient. */
  private static RgbImage photo() {
    byte[] rgb = new byte[WIDTH * HEIGHT * 3];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      boolean top = y < HEIGHT / 2;
      boolean left = x < WIDTH / 2;
      rgb[3 * i] = (byte) ((top && left ? 200 : 30) + x * 40 / WIDTH);
      rgb[3 * i + 1] = (byte) ((top && !left ? 190 : 25) + y * 40 / HEIGHT);
      rgb[3 * i + 2] = (byte) ((top ? 20 : 180) + (x + y) * 30 / (WIDTH + HEIGHT));
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  private static CategoryMask mask(IntUnaryOperator categoryOfColor) {
    int[] categories = new int[WIDTH * HEIGHT];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = categoryOfColor.applyAsInt(PHOTO.rgb(i % WIDTH, i / WIDTH));
    }
    return CategoryMask.copyOf(WIDTH, HEIGHT, categories);
  }

  private static int brightest(int rgb) {
    int red = rgb >> 16;
    int green = rgb >> 8 & 0xff;
    int blue = rgb & 0xff;
    return red >= green && red >= blue ? 0 : green >= blue ? 1 : 2;
  }

  private Segmenter open(String backend, String network, String labels, String... lines)
      throws IOException {
    Path card = folder.resolve(network + ".properties");
    Files.copy(NETWORKS.resolve(network + ".onnx"), folder.resolve(network + ".onnx"));
    Files.writeString(
        card,
        """
        name = form
        file.onnx = %s.onnx
        input.name = x
        input.size = fixed 64 x 48
        output.name = y
        labels = %s
        %s
        """
            .formatted(network, labels, String.join("\n", lines)));
    return Segmenter.builder().model(card).backend(backend).open();
  }

  @ParameterizedTest
  @CsvSource({
    "onnx, chw, logits, 1",
    "onnx, chw, logits, 0",
    "onnx, hw, categories, 1",
    "onnx, hw, categories, 0",
    "onnx, finer, logits, 1",
    "onnx, finer, logits, 0",
    "onnx, four, logits, 1",
    "opencv-dnn, four, logits, 1",
  })
  void findsTheBrightestChannelInEveryForm(String backend, String network, String kind, int stride)
      throws IOException {
    try (Segmenter segmenter =
        open(
            backend,
            network,
            "red, green, blue",
            "output.kind = " + kind,
            "output.stride = " + stride)) {
      List<SegmentationResult> results = segmenter.segmentAll(List.of(PHOTO, PHOTO, PHOTO));

      assertThat(results)
          .hasSize(3)
          .allSatisfy(
              result -> assertThat(result.mask()).isEqualTo(mask(OutputFormsTest::brightest)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "opencv-dnn"})
  void comparesTheSigmoidOfOneChannelWithAHalf(String backend) throws IOException {
    try (Segmenter segmenter = open(backend, "binary", "thing", "output.kind = binary-logits")) {
      SegmentationResult result = segmenter.segment(PHOTO);

      assertThat(result.labels().names()).containsExactly("background", "thing");
      assertThat(result.mask()).isEqualTo(mask(rgb -> rgb >> 16 > 127 ? 1 : 0));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "logits | found [1 x 1 x 48 x 64]. For a single channel, use the kind (output.kind on a "
            + "card) binary-logits, or sigmoid if its values are in 0..1, both with two "
            + "labels, or categories if they are classes.",
        "sigmoid | should hold probabilities of 0..1, found -10.0. Correct the output's kind"
            + " (output.kind on a card) from sigmoid to binary-logits."
      })
  void saysWhatToWriteForOneChannelOfTheWrongKind(String kind, String advice) {
    assertThatThrownBy(() -> open("onnx", "binary", "background, thing", "output.kind = " + kind))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageEndingWith(advice);
  }

  @Test
  void rejectsANetworkForGrayImages() {
    assertThatThrownBy(() -> open("onnx", "gray", "dark, light"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("of its network is [1 x 1 x 48 x 64]")
        .hasMessageEndingWith(
            "It must take images with three channels; if it takes a single one, add a layer that "
                + "converts RGB to gray.");
  }
}
