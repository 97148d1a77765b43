package io.github.pixelwise.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Noise;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pictures for saliency networks, and what is made of their outputs. Compares with numpy and
 * Pillow, see {@code src/test/python/saliency_golden.py}.
 */
class SaliencyTest {
  private static final OutputSpec SALIENCY =
      OutputSpec.logits("d0", 1)
          .withKind(OutputKind.SIGMOID)
          .withMinMax(true)
          .withInterpolation(Interpolation.LANCZOS);

  private static List<String> cases(String kind) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SaliencyTest.class.getResourceAsStream("/io/github/pixelwise/saliency-golden.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> line.startsWith(kind + " ")).toList();
    }
  }

  static List<String> inputs() throws IOException {
    return cases("input");
  }

  static List<String> alphas() throws IOException {
    return cases("alpha");
  }

  private static int field(String line, int index) {
    return Integer.parseInt(line.split(" ", -1)[index]);
  }

  private static String last(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void preparesPicturesByTheirOwnMaximumAsNumpyDoes(String line) throws NoSuchAlgorithmException {
    int width = field(line, 1);
    int height = field(line, 2);
    byte[] rgb = new byte[width * height * 3];
    if (field(line, 5) > 0) {
      rgb = Noise.bytes(rgb.length, field(line, 5));
    }
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) ((rgb[i] & 0xff) * 3 / 4);
    }
    InputSpec spec =
        InputSpec.builder("x", SizeRule.fixed(field(line, 3), field(line, 4)))
            .imageNet()
            .scaleByMaximum()
            .interpolation(Interpolation.LANCZOS)
            .build();

    FloatBuffer values =
        Preprocessor.from(spec).prepare(RgbImage.of(width, height, rgb)).tensor().buffer();

    ByteBuffer bytes = ByteBuffer.allocate(values.remaining() * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    assertThat(sha256(bytes.array())).isEqualTo(last(line));
  }

  /** The output of a case. */
  private static ScoreMap scores(String line, OutputSpec spec, float factor, float offset) {
    int width = field(line, 1);
    int height = field(line, 2);
    byte[] noise = Noise.bytes(width * height * 2, field(line, 5));
    float[] output = new float[width * height];
    for (int i = 0; i < output.length; i++) {
      float number = ((noise[2 * i] & 0xff) * 256f + (noise[2 * i + 1] & 0xff)) / 65535f;
      output[i] = number * factor + offset;
    }
    return Scores.of(
        FloatTensor.of(output, 1, 1, height, width),
        0,
        2,
        spec,
        ImageGeometry.stretched(field(line, 3), field(line, 4), width, height));
  }

  private static AlphaMask alpha(ScoreMap scores, int... categories) {
    BitSet wanted = new BitSet();
    for (int category : categories) {
      wanted.set(category);
    }
    return ProbabilityRows.decode(scores, wanted);
  }

  @ParameterizedTest
  @MethodSource("alphas")
  void alphaEqualsPillowToTheBit(String line) throws NoSuchAlgorithmException {
    AlphaMask alpha = alpha(scores(line, SALIENCY, 1, 0), 1);

    assertThat(sha256(alpha.toByteArray())).isEqualTo(last(line));
  }

  @ParameterizedTest
  @MethodSource("alphas")
  void theOutputsRangeDoesNotMatter(String line) throws NoSuchAlgorithmException {
    // Powers of two, and numbers without a remainder, so that floats round in the same places.
    AlphaMask alpha = alpha(scores(line, SALIENCY, 1 / 8f, 0), 1);

    assertThat(sha256(alpha.toByteArray())).isEqualTo(last(line));
  }

  /** numpy's exponential is rounded differently in the last bit. */
  @Test
  void theSigmoidComesBeforeTheRange() throws IOException {
    String line = cases("logits").get(0);
    byte[] expected = HexFormat.of().parseHex(last(line));

    byte[] alpha =
        alpha(scores(line, SALIENCY.withKind(OutputKind.BINARY_LOGITS), 12, -6), 1).toByteArray();

    int equal = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(alpha[i] & 0xff).isCloseTo(expected[i] & 0xff, within(2));
      equal += alpha[i] == expected[i] ? 1 : 0;
    }
    assertThat(equal).isGreaterThan(expected.length * 98 / 100);
  }

  @Test
  void anOutputThatIsTheSameEverywhereIsBackground() {
    float[] output = new float[16];
    Arrays.fill(output, 0.7f);

    ScoreMap scores =
        Scores.of(
            FloatTensor.of(output, 1, 1, 4, 4),
            0,
            2,
            SALIENCY,
            ImageGeometry.stretched(9, 7, 4, 4));

    assertThat(alpha(scores, 1)).isEqualTo(AlphaMask.of(9, 7, new byte[63]));
  }

  @Test
  void bothClassesTogetherAreCertain() throws IOException {
    ScoreMap scores = scores(alphas().get(1), SALIENCY, 1, 0);
    byte[] foreground = alpha(scores, 1).toByteArray();
    byte[] background = alpha(scores, 0).toByteArray();

    for (int i = 0; i < foreground.length; i++) {
      assertThat((foreground[i] & 0xff) + (background[i] & 0xff)).isEqualTo(255);
    }
    assertThat(alpha(scores, 0, 1).toByteArray()).containsOnly(255);
    assertThat(alpha(scores).toByteArray()).containsOnly(0);
    scores.confidences(
        (y, confidences) -> {
          assertThat(confidences[1]).isEqualTo(row(foreground, y));
          assertThat(confidences[0]).isEqualTo(row(background, y));
        });
  }

  private static byte[] row(byte[] samples, int y) {
    return Arrays.copyOfRange(samples, y * 13, (y + 1) * 13);
  }

  @Test
  void theMaskAndTheAlphaAgree() throws IOException {
    ScoreMap scores = scores(alphas().get(2), SALIENCY.withThreshold(0.3), 1, 0);
    byte[] alpha = alpha(scores, 1).toByteArray();

    Decoder.Decoded decoded =
        Decoder.decode(
            scores,
            Decision.of(LabelMap.of(List.of("background", "thing")), SegmentationOptions.MASK_ONLY),
            true,
            Parallelism.common());

    byte[] confidence = decoded.confidence().orElseThrow().toByteArray();
    for (int y = 0, i = 0; y < decoded.mask().height(); y++) {
      for (int x = 0; x < decoded.mask().width(); x++, i++) {
        int steps = alpha[i] & 0xff;
        boolean thing = steps / 255f >= 0.3f;
        assertThat(decoded.mask().category(x, y)).isEqualTo(thing ? 1 : 0);
        assertThat(confidence[i] & 0xff).isEqualTo(thing ? steps : 255 - steps);
      }
    }
  }

  @Test
  void lanczosNeedsTheWholePicture() {
    ScoreMap scores =
        ScoreMap.of(
            SALIENCY,
            ImageGeometry.stretched(8, 4, 4, 4).withContent(0, 1, 4, 2),
            1,
            4,
            4,
            new float[16]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> alpha(scores, 1))
        .withMessageStartingWith(
            "output \"d0\" is enlarged by Lanczos, which needs an image that is stretched over the"
                + " whole input, found ImageGeometry[")
        .withMessageEndingWith("Use bilinear interpolation (output.interpolation on a card).");
  }
}
