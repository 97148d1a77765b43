package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuffmanCodeTest {
  private static int[] lengths(HuffmanCode code) {
    return Arrays.stream(code.entries()).map(HuffmanCode::length).toArray();
  }

  /** The share of the code space that is in use, in shares of codes of 15 bits. */
  private static int used(HuffmanCode code) {
    return Arrays.stream(lengths(code)).filter(length -> length > 0).map(n -> 1 << (15 - n)).sum();
  }

  /** The example of RFC 1951, 3.2.2: A to H have codes of 3, 3, 3, 3, 3, 2, 4, 4 bits. */
  @Test
  void lengthsGetTheCodesOfTheSpecification() {
    int[] lengths = {3, 3, 3, 3, 3, 2, 4, 4};
    int[] codes = {0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111};

    int[] entries = HuffmanCode.ofLengths(lengths).entries();

    for (int i = 0; i < lengths.length; i++) {
      assertThat(HuffmanCode.length(entries[i])).isEqualTo(lengths[i]);
      assertThat(Integer.reverse(HuffmanCode.code(entries[i])) >>> (32 - lengths[i]))
          .isEqualTo(codes[i]);
    }
  }

  @Test
  void frequentSymbolsAreShort() {
    assertThat(lengths(HuffmanCode.ofFrequencies(new int[] {5, 0, 45, 13, 12, 16, 9}, 15)))
        .containsExactly(4, 0, 1, 3, 3, 3, 4);
  }

  @Test
  void atLeastTwoSymbolsHaveCodes() {
    assertThat(lengths(HuffmanCode.ofFrequencies(new int[4], 15))).containsExactly(1, 1, 0, 0);
    assertThat(lengths(HuffmanCode.ofFrequencies(new int[] {0, 0, 7, 0}, 15)))
        .containsExactly(1, 0, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 14, 15})
  void codesAreNoLongerThanAllowedAndCompleteHoweverUnequalFrequenciesAre(int longest) {
    int[] fibonacci = new int[40];
    fibonacci[0] = 1;
    fibonacci[1] = 1;
    for (int i = 2; i < fibonacci.length; i++) {
      fibonacci[i] = fibonacci[i - 1] + fibonacci[i - 2];
    }
    HuffmanCode code = HuffmanCode.ofFrequencies(fibonacci, longest);

    assertThat(Arrays.stream(lengths(code)).min()).hasValue(1);
    assertThat(Arrays.stream(lengths(code)).max()).hasValue(longest);
    assertThat(lengths(code)).isSortedAccordingTo((a, b) -> b - a);
    assertThat(used(code)).isEqualTo(1 << 15);
  }

  @Test
  void randomFrequenciesGiveCompleteCodes() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      int[] frequencies = new int[2 + random.nextInt(285)];
      for (int symbol = 0; symbol < frequencies.length; symbol++) {
        frequencies[symbol] = (int) Math.exp(random.nextDouble() * random.nextInt(20)) - 1;
      }
      assertThat(used(HuffmanCode.ofFrequencies(frequencies, 14))).isEqualTo(1 << 15);
    }
  }
}
