package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the embedded model with what Pillow and PyTorch made of the same photographs, see {@code
 * src/test/python/model_golden.py}.
 */
class EmbeddedModelTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/github/pixelwise/onnx/golden");

  /** The script keeps the scores of every 8th grid node. */
  private static final int STEP = 8;

  private static Segmenter segmenter;

  @BeforeAll
  static void open() {
    segmenter = Segmenter.open(Segmenter.DEFAULT_MODEL);
  }

  @AfterAll
  static void close() {
    segmenter.close();
  }

  static List<String> photos() throws IOException {
    return Files.readAllLines(GOLDEN.resolve("photos.txt")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("photos")
  void equalsPyTorch(String line) throws IOException {
    String[] fields = line.split(" ", -1);
    String name = fields[0];
    RgbImage photo = Images.read(photo(fields[1]));

    SegmentationResult result =
        segmenter.segment(photo, SegmentationOptions.MASK_ONLY.withScores());

    ScoreMap scores = result.scores().orElseThrow();
    assertThat(
            List.of(
                photo.width(),
                photo.height(),
                scores.geometry().inputWidth(),
                scores.geometry().inputHeight(),
                scores.width(),
                scores.height()))
        .map(side -> Integer.toString(side))
        .containsExactly(List.of(fields).subList(2, 8).toArray(new String[0]));
    requireSameScores(scores, name);
    requireSameMask(result.mask(), name);
  }

  /** A photo of the project, or of the folder {@code shared} next to it. */
  private static Path photo(String file) {
    for (String folder : List.of("../examples/photos", "../examples/backgrounds")) {
      Path shipped = Path.of(folder, file);
      if (Files.exists(shipped)) {
        return shipped;
      }
    }
    Path shared = Path.of("../../shared/photos", file);
    assumeTrue(Files.exists(shared), () -> "skipped: there is no " + shared);
    return shared;
  }

  private static void requireSameScores(ScoreMap scores, String name) throws IOException {
    FloatBuffer expected =
        ByteBuffer.wrap(Files.readAllBytes(GOLDEN.resolve(name + ".scores.bin")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    for (int category = 0; category < 21; category++) {
      for (int y = 0; y < scores.height(); y += STEP) {
        for (int x = 0; x < scores.width(); x += STEP) {
          assertThat(scores.score(category, x, y))
              .as("score of class %d at %d, %d", category, x, y)
              .isCloseTo(expected.get(), within(1e-3f));
        }
      }
    }
    assertThat(expected.hasRemaining()).isFalse();
  }

  private static void requireSameMask(CategoryMask mask, String name) throws IOException {
    CategoryMask expected = PalettePng.read(GOLDEN.resolve(name + ".mask.png"));
    Raster close = raster(GOLDEN.resolve(name + ".close.png"));
    long different = 0;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.category(x, y) != expected.category(x, y)) {
          different++;
          assertThat(close.getSample(x, y, 0))
              .as("whether pixel %d, %d has a margin below 1e-3", x, y)
              .isEqualTo(1);
        }
      }
    }
    assertThat((double) different / (mask.width() * mask.height())).isLessThanOrEqualTo(1e-4);
  }

  private static Raster raster(Path png) throws IOException {
    try (InputStream in = Files.newInputStream(png)) {
      return ImageIO.read(in).getRaster();
    }
  }
}
