package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionsTest {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 100;

  /** A letter that is not Latin. */
  private static final String OTHER = "\u732b";

  private static RgbImage gray(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i % 251);
    }
    return RgbImage.of(width, height, rgb);
  }

  /** What a text looks like. */
  private static String look(String text) {
    RgbImage picture = Captions.below(gray(WIDTH, HEIGHT), text);
    return IntStream.range(HEIGHT, picture.height())
        .mapToObj(y -> row(picture, y))
        .collect(Collectors.joining("\n"));
  }

  private static String row(RgbImage picture, int y) {
    return IntStream.range(0, picture.width())
        .mapToObj(x -> (picture.rgb(x, y) & 0xff) < 128 ? "#" : ".")
        .collect(Collectors.joining());
  }

  @Test
  void aTextIsBelowThePicture() {
    RgbImage picture = gray(WIDTH, HEIGHT);
    RgbImage captioned = Captions.below(picture, "a cat");

    assertThat(captioned.width()).isEqualTo(WIDTH);
    assertThat(captioned.height()).isEqualTo(HEIGHT + 12 + 8);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        assertThat(captioned.rgb(x, y)).isEqualTo(picture.rgb(x, y));
      }
    }
    assertThat(look("T").lines().limit(14))
        .map(line -> line.substring(4, 9))
        .endsWith("#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#..");
  }

  @Test
  void allOfLatin1CanBeRead() {
    Map<String, String> looks = new HashMap<>();
    String box = look(OTHER);
    IntStream.concat(IntStream.range(0x21, 0x7f), IntStream.range(0xa1, 0x100))
        .filter(c -> c != 0xad) // a soft hyphen
        .mapToObj(Character::toString)
        .forEach(
            letter -> {
              String look = look(letter);
              assertThat(look).as(letter).contains("#").isNotEqualTo(box);
              String other = looks.put(look, letter);
              assertThat(other)
                  .as(letter)
                  .matches(found -> found == null || "a1o23x".contains(found), "or a power");
            });
  }

  @ParameterizedTest
  @CsvSource({"\u010d, c", "\u0122, G", "\u0117, e", "\u0131, i"})
  void lettersWithAccentsLookLikeTheLetter(String letter, String base) {
    String accented = look(letter);
    String plain = look(base);
    long different =
        IntStream.range(0, accented.length())
            .filter(i -> accented.charAt(i) != plain.charAt(i))
            .count();

    assertThat(accented).isNotEqualTo(look(OTHER));
    assertThat(different).isBetween(1L, 6L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40, 320, 2000})
  void textGrowsWithThePictureAndContinuesInTheNextLine(int width) {
    RgbImage captioned = Captions.below(gray(width, 1), "several words, and more of them");

    assertThat(captioned.width()).isEqualTo(width);
    int scale = Math.max(1, Math.round(width / 320f));
    int lines = ((captioned.height() - 1) / scale - 8) / 12;
    assertThat(captioned.height()).isEqualTo(1 + scale * (12 * lines + 8));
    assertThat(lines).isEqualTo(width < 60 ? 6 : 1);
  }

  private static SegmentationResult result(int... categories) {
    int[] pixels = new int[WIDTH * HEIGHT];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = categories[i % categories.length];
    }
    return SegmentationResult.builder(
            CategoryMask.copyOf(WIDTH, HEIGHT, pixels),
            LabelMap.of(List.of("background", "cat", "dog", "cow")),
            category -> category * 0x3f1122)
        .build();
  }

  private static List<Integer> colors(RgbImage picture) {
    return IntStream.range(HEIGHT * WIDTH, picture.height() * WIDTH)
        .map(i -> picture.rgb(i % WIDTH, i / WIDTH) & 0xffffff)
        .filter(color -> color % 0x3f1122 == 0)
        .distinct()
        .boxed()
        .toList();
  }

  @Test
  void aLegendHasTheClassesThatTheOverlayShows() {
    RgbImage overlay = gray(WIDTH, HEIGHT);
    RgbImage legend = Captions.legend(overlay, result(0, 255, 1, 3, 3));

    assertThat(colors(legend))
        .as("the largest share first")
        .containsExactly(3 * 0x3f1122, 0x3f1122);
    assertThat(legend.height()).isEqualTo(HEIGHT + 12 + 8);
    assertThat(Captions.legend(overlay, result(0, 255))).isSameAs(overlay);
  }

  @Test
  void aLegendHasAsManyLinesAsItNeeds() {
    RgbImage legend = Captions.legend(gray(WIDTH, HEIGHT), result(1, 2, 3));
    RgbImage narrow = Captions.legend(gray(90, 100), result(1, 2, 3));

    assertThat(legend.height()).isEqualTo(HEIGHT + 12 + 8);
    assertThat(narrow.height()).isEqualTo(HEIGHT + 3 * 12 + 8);
  }
}
