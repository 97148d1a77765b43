package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cutouts with a network that is built like U2-Net. Compares with rembg's arithmetic, see {@code
 * src/test/python/saliency_models.py}.
 */
class CutoutRunTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");
  private static final Path CARD =
      Path.of("src/test/resources/io/github/pixelwise/cli/saliency/saliency.properties");

  @TempDir private Path folder;

  private static BufferedImage read(Path file) throws IOException {
    return ImageIO.read(file.toFile());
  }

  private BufferedImage cutout(Object... options) throws IOException {
    Object[] args = new Object[options.length + 5];
    args[0] = "run";
    args[1] = CAT;
    args[2] = "-o";
    args[3] = folder;
    args[4] = "--force";
    System.arraycopy(options, 0, args, 5, options.length);
    Run run = Run.of(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    return read(folder.resolve("chelsea.cutout.png"));
  }

  private static int[] alpha(BufferedImage cutout) {
    return cutout
        .getAlphaRaster()
        .getSamples(0, 0, cutout.getWidth(), cutout.getHeight(), 0, (int[]) null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "opencv-dnn"})
  void alphaIsRembgs(String backend) throws IOException {
    BufferedImage photo = read(CAT);
    int[] expected =
        read(CARD.resolveSibling("saliency.png"))
            .getRaster()
            .getSamples(0, 0, photo.getWidth(), photo.getHeight(), 0, (int[]) null);

    BufferedImage cutout = cutout("--cutout", "--model", CARD, "--backend", backend);

    int[] alpha = alpha(cutout);
    int equal = 0;
    for (int i = 0; i < alpha.length; i++) {
      // Engines differ in the last bits of floats, which may fall below a step.
      assertThat(alpha[i]).isCloseTo(expected[i], within(1));
      equal += alpha[i] == expected[i] ? 1 : 0;
      if (alpha[i] == 255) {
        int x = i % photo.getWidth();
        int y = i / photo.getWidth();
        assertThat(cutout.getRGB(x, y)).isEqualTo(photo.getRGB(x, y));
      }
    }
    assertThat(equal).isGreaterThan(alpha.length * 99 / 100);
    assertThat(expected).contains(0, 255, 128);
  }

  @Test
  void writesOnlyTheCutout() throws IOException {
    cutout("--cutout", "--model", CARD);

    assertThat(folder.toFile().list()).containsExactly("chelsea.cutout.png");
    assertThat(Run.of("run", CAT, "-o", folder, "--cutout", "--write", "mask").err())
        .contains("--cutout is short for --write cutout; use one of the two options");
  }

  @Test
  void softTakesTheAlphaOfAClassFromItsProbability() throws IOException {
    Object[] cat = {"--cutout", "--class", "cat"};
    int[] hard = alpha(cutout("--cutout", "--class", "cat", "--feather", "0"));

    int[] soft = alpha(cutout("--cutout", "--class", "cat", "--soft"));

    assertThat(hard).containsOnly(0, 255);
    assertThat(alpha(cutout(cat))).isNotEqualTo(hard); // feathered
    int agreed = 0;
    for (int i = 0; i < soft.length; i++) {
      agreed += soft[i] >= 128 == hard[i] > 0 ? 1 : 0;
    }
    assertThat(agreed).isGreaterThan(soft.length * 99 / 100);
    assertThat(soft).contains(255, 200, 128, 50);
    assertThat(alpha(cutout("--cutout", "--class", "cat", "--soft", "--feather", "0")))
        .isEqualTo(soft);
  }

  @Test
  void refineFollowsThePhoto() throws IOException {
    int[] soft = alpha(cutout("--cutout", "--class", "cat", "--soft"));

    int[] refined = alpha(cutout("--cutout", "--class", "cat", "--soft", "--refine"));

    assertThat(refined).isNotEqualTo(soft);
    assertThat(refined).contains(0, 255);
  }

  @Test
  void saysWhichOptionsHaveNoEffect() {
    assertThat(errorsOf("mask"))
        .containsExactly(
            "segment: these options have no effect on what is written: --class, --feather, --soft,"
                + " --refine, --simplify");
    assertThat(errorsOf("svg"))
        .containsExactly(
            "segment: these options have no effect on what is written: --feather, --soft,"
                + " --refine");
    assertThat(errorsOf("cutout,svg")).isEmpty();
  }

  private Stream<String> errorsOf(String products) {
    Run run =
        Run.of(
            "run",
            CAT,
            "-o",
            folder,
            "--force",
            "--write=" + products,
            "--soft",
            "--refine",
            "--feather=1",
            "--class=cat",
            "--simplify=1");
    assertThat(run.exit()).isZero();
    return run.err().lines();
  }

  @Test
  void softNeedsProbabilities() {
    Path card = CARD.resolveSibling("categories.properties");

    Run run = Run.of("run", CAT, "-o", folder, "--cutout", "--soft", "--class", "red", "-m", card);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "model categories outputs classes without probabilities, so its cutouts cannot be soft;"
                + " use hard edges");
  }
}
