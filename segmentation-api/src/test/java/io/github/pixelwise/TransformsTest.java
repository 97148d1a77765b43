package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with torchvision's transforms, see {@code src/test/python/transforms_golden.py}. */
class TransformsTest {
  static List<String> cases() throws IOException {
    return Files.readAllLines(
        Path.of("src/test/resources/io/github/pixelwise/transforms-golden.txt"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resizeAndCenterCropEqualTorchvisionToTheBit(String line) throws NoSuchAlgorithmException {
    String[] fields = line.split(" ", -1);
    int[] n = Arrays.stream(fields, 0, 7).mapToInt(Integer::parseInt).toArray();
    InputSpec.Builder spec =
        InputSpec.builder("in", SizeRule.shortEdge(n[2]).withRounding(SizeRule.Rounding.DOWN));
    if (n[3] > 0) {
      spec.crop(n[3], n[4]);
    }
    InputSpec input = spec.build();

    RgbImage prepared =
        Preprocessor.toImage(
            Preprocessor.from(input).prepare(Noise.of(n[0], n[1], 1)).tensor(), input);

    assertThat(List.of(prepared.width(), prepared.height())).containsExactly(n[5], n[6]);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(prepared.toByteArray());
    assertThat(HexFormat.of().formatHex(hash)).isEqualTo(fields[7]);
  }
}
