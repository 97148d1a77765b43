package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMapTest {
  /** Made by {@code src/test/python/labels_golden.py}. */
  private static final Path GOLDEN =
      Path.of("src/test/resources/io/github/pixelwise/labels-golden.txt");

  @Test
  void dataSetsHaveTheirClasses() {
    assertThat(LabelMap.voc().size()).isEqualTo(21);
    assertThat(LabelMap.cityscapes().size()).isEqualTo(19);
    assertThat(LabelMap.camVid().size()).isEqualTo(12);
    assertThat(LabelMap.ade20k().size()).isEqualTo(150);
    assertThat(LabelMap.voc().name(15)).isEqualTo("person");
    assertThat(LabelMap.cityscapes().name(18)).isEqualTo("bicycle");
    assertThat(LabelMap.camVid().name(11)).isEqualTo("unlabelled");
    assertThat(LabelMap.ade20k().name(149)).isEqualTo("flag");
  }

  @Test
  void namesAreFoundInWhateverCase() {
    assertThat(LabelMap.voc().find("Dining Table")).hasValue(11);
    assertThat(LabelMap.voc().find("table")).isEmpty();
  }

  @Test
  void theIgnoreIndexIsVoid() {
    assertThat(LabelMap.voc().ignoreIndex()).isEqualTo(255);
    assertThat(LabelMap.voc().name(255)).isEqualTo("void");
    assertThatThrownBy(() -> LabelMap.voc().name(21)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(LabelMap.of(IntStream.range(0, 300).mapToObj(i -> "c" + i).toList()).ignoreIndex())
        .isEqualTo(65535);
  }

  @Test
  void wrongMapsAreRefused() {
    assertThatThrownBy(() -> LabelMap.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a label map needs at least one name, found none");
    assertThatThrownBy(() -> LabelMap.of(List.of("a", "b"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the ignore index must lie in 2..65535, beyond the classes, found 1");
  }

  @Test
  void labelsPalettesAndSizesAreReadAsACardHasThem() {
    assertThat(LabelMap.parse("Cityscapes")).isEqualTo(LabelMap.cityscapes());
    assertThat(LabelMap.parse("road, sky").names()).containsExactly("road", "sky");
    assertThat(Palette.parse("camvid", 12)).isEqualTo(Palette.camVid());
    assertThat(Palette.parse("#000000, #ff8000", 2).rgb(1)).isEqualTo(0xff8000);
    assertThat(SizeRule.parse("fixed 64 x 48")).isEqualTo(SizeRule.fixed(64, 48));
    assertThat(SizeRule.parse("long-edge 512")).isEqualTo(SizeRule.longEdge(512));
  }

  @Test
  void rejectsWrongLabelsPalettesAndSizes() {
    assertThatThrownBy(() -> LabelMap.parse("road, road"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("road");
    assertThatThrownBy(() -> Palette.parse("#ff0000", 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 labels need one color each, but there are 1");
    assertThatThrownBy(() -> SizeRule.parse("big"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a size is \"fixed W x H\", \"long-edge N\" or \"short-edge N\", found \"big\"");
  }

  /** The table that the tutorials of torchvision's DeepLabV3 print. */
  @Test
  void vocColorsAreThoseOfDecodeSegmap() {
    String colors =
        IntStream.range(0, 21)
            .map(Palette.voc()::rgb)
            .mapToObj(rgb -> "(%d,%d,%d)".formatted(rgb >> 16, rgb >> 8 & 255, rgb & 255))
            .collect(Collectors.joining(" "));

    assertThat(colors)
        .isEqualTo(
            "(0,0,0) (128,0,0) (0,128,0) (128,128,0) (0,0,128) (128,0,128) (0,128,128)"
                + " (128,128,128) (64,0,0) (192,0,0) (64,128,0) (192,128,0) (64,0,128)"
                + " (192,0,128) (64,128,128) (192,128,128) (0,64,0) (128,64,0) (0,192,0)"
                + " (128,192,0) (0,64,128)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cityscapes", "ade20k"})
  void namesAndColorsAreThoseOfMmsegmentation(String name) throws IOException {
    LabelMap labels = LabelMap.parse(name);
    Palette palette = Palette.parse(name, labels.size());

    assertThat(IntStream.range(0, labels.size()))
        .extracting(i -> "%s %d #%06x %s".formatted(name, i, palette.rgb(i), labels.name(i)))
        .containsExactlyElementsOf(
            Files.readAllLines(GOLDEN).stream().filter(line -> line.startsWith(name)).toList());
  }

  @Test
  void everyCategoryHasAColor() {
    assertThat(Palette.voc().rgb(255)).isEqualTo(224 << 16 | 224 << 8 | 192);
    assertThat(IntStream.range(0, 256).map(Palette.voc()::rgb).distinct().count()).isEqualTo(256);
    assertThat(Palette.cityscapes().rgb(0)).isEqualTo(128 << 16 | 64 << 8 | 128);
    assertThat(Palette.camVid().rgb(255)).isEqualTo(Palette.voc().rgb(255));
    assertThat(Palette.ade20k().rgb(149)).isEqualTo(92 << 16 | 255);
    assertThat(Palette.of(List.of(0x123456)).rgb(0)).isEqualTo(0x123456);
  }

  @Test
  void wrongPalettesAreRefused() {
    assertThatThrownBy(() -> Palette.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a palette needs at least one color, found none");
    assertThatThrownBy(() -> Palette.of(List.of(0xff000000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("colors must lie in 0..0xffffff, found 0xff000000");
  }
}
