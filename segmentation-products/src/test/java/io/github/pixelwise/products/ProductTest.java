package io.github.pixelwise.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProductTest {
  @Test
  void suffixesAreThoseThatOtherProgramsExpect() {
    assertThat(Stream.of(Product.values()).map(Product::suffix))
        .containsExactly(
            ".mask.png",
            ".color.png",
            ".overlay.png",
            ".cutout.png",
            ".json",
            ".geojson",
            ".txt",
            ".json",
            ".svg");
  }

  @Test
  void namesAreLowerCase() {
    assertThat(Product.parse(" overlay ")).isEqualTo(Product.OVERLAY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Product.parse("Mask"))
        .withMessage(
            "expected mask, color, overlay, cutout, json, geojson, yolo, labelme, svg, found \"Mask\"");
  }
}
