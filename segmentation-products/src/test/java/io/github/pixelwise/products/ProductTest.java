package io.github.pixelwise.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.LabelMap;
import java.util.EnumSet;
import java.util.List;
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
            ".confidence.png",
            ".geojson",
            ".txt",
            ".json",
            ".svg",
            ".coco.json",
            ".cvat.xml",
            ".summary.csv");
  }

  @Test
  void noTwoHaveTheSameFile() {
    assertThat(Stream.of(Product.values()).map(product -> product.file("a", PictureFormat.PNG)))
        .doesNotHaveDuplicates()
        .contains("a.json", "labelme/a.json");
  }

  @Test
  void whatIsNotForEveryoneIsWrittenOnlyOnRequest() {
    assertThat(Stream.of(Product.values()).filter(Product::isShapes).map(Product::toString))
        .containsExactly("GEOJSON", "YOLO", "LABELME", "SVG", "COCO", "CVAT");
    assertThat(Stream.of(Product.values()).filter(Product::isJoinable).map(Product::toString))
        .containsExactly("COCO", "CVAT", "SUMMARY");
    assertThat(Recipe.builder().build().products(LabelMap.of(List.of("a", "background"))))
        .containsExactlyElementsOf(EnumSet.range(Product.MASK, Product.JSON));
  }

  @Test
  void namesAreLowerCase() {
    assertThat(Product.parse(" overlay ")).isEqualTo(Product.OVERLAY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Product.parse("Mask"))
        .withMessage(
            "expected mask, color, overlay, cutout, json, confidence, geojson, yolo, labelme,"
                + " svg, coco, cvat, summary, found \"Mask\"");
  }
}
