package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs of cards, against those of transformers: see {@code image_processors.py}. */
class ImageProcessorsTest {
  private static final Path PHOTOS = Path.of("../../shared/photos");
  private static final int[] SAMPLES = {0, 1, 100, 255};

  @TempDir private Path folder;

  static List<String> cases() throws IOException {
    return Files.readAllLines(
        Path.of("src/test/resources/io/github/pixelwise/zoo/image-processors-golden.txt"));
  }

  private InputSpec input(String configuration) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("preprocessor_config.json"), configuration);
    Files.createFile(folder.resolve("model.onnx"));
    return HuggingFaceFolder.read(folder).input();
  }

  private static RgbImage read(Path photo) throws IOException {
    BufferedImage image = ImageIO.read(photo.toFile());
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    int i = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int pixel = image.getRGB(x, y);
        rgb[i++] = (byte) (pixel >> 16);
        rgb[i++] = (byte) (pixel >> 8);
        rgb[i++] = (byte) pixel;
      }
    }
    return RgbImage.of(image.getWidth(), image.getHeight(), rgb);
  }

  private static FloatTensor prepare(RgbImage image, InputSpec spec) {
    return Preprocessor.from(spec).prepare(image).tensor();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyPixelAndEveryValueIsThatOfTransformers(String line) throws IOException {
    String[] fields = line.split("\\|", -1);
    Path photo = PHOTOS.resolve(fields[0]);
    assumeTrue(Files.exists(photo), photo + " is not on this machine");
    RgbImage image = read(photo);
    assumeTrue(
        Checkpoints.sha256(image.toByteArray()).equals(fields[1]),
        "this JDK decodes " + photo + " differently");
    InputSpec spec = input(fields[2]);

    RgbImage pixels = Preprocessor.toImage(prepare(image, spec), spec);

    assertThat(pixels.width() + " x " + pixels.height()).isEqualTo(fields[3]);
    assertThat(Checkpoints.sha256(pixels.toByteArray())).isEqualTo(fields[4]);
    float[] expected = new float[12];
    String[] values = fields[5].split(" ", -1);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Float.parseFloat(values[i]);
    }
    for (int s = 0; s < SAMPLES.length; s++) {
      byte[] solid = new byte[3 * 64 * 64];
      Arrays.fill(solid, (byte) SAMPLES[s]);
      FloatTensor tensor = prepare(RgbImage.of(64, 64, solid), spec);
      int plane = tensor.side(2) * tensor.side(3);
      int middle = tensor.side(2) / 2 * tensor.side(3) + tensor.side(3) / 2;
      for (int channel = 0; channel < 3; channel++) {
        // transformers rounds to float32 after each step, so the last bits may differ.
        assertThat(tensor.buffer().get(channel * plane + middle))
            .isCloseTo(expected[3 * s + channel], within(5e-7f));
      }
    }
  }
}
