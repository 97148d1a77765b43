package io.github.pixelwise.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Confidences: {@link Product#CONFIDENCE}, and the means in {@link Product#SUMMARY}. */
class ConfidenceTest {
  private final FakeSegmenter segmenter = new FakeSegmenter("background", "cat", "dog");

  /** Three pixels, whose confidences are their reds: 0, 127, and 255. */
  private static Picture photo() {
    byte[] rgb = {0, 9, 9, 127, 0, 0, (byte) 255, 0, 0};
    return new Picture(RgbImage.of(3, 1, rgb), Optional.empty());
  }

  private static Recipe recipe(Product... products) {
    return Recipe.builder().products(Set.of(products)).build();
  }

  private void outputCategories() {
    segmenter.output(OutputSpec.logits("y", 1).withKind(OutputKind.CATEGORIES));
  }

  @Test
  void isAGrayPictureOf8Bits() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    recipe(Product.CONFIDENCE).apply(segmenter, photo()).write(Product.CONFIDENCE, out);

    BufferedImage png = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(png.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    assertThat(png.getRaster().getSamples(0, 0, 3, 1, 0, (int[]) null))
        .containsExactly(0, 127, 255);
  }

  @Test
  void isComputedOnlyForWhatHoldsIt() {
    Recipe.builder().build().apply(segmenter, photo());
    recipe(Product.SUMMARY).apply(segmenter, photo());
    recipe(Product.MASK, Product.CONFIDENCE).apply(segmenter, photo());
    outputCategories();
    recipe(Product.SUMMARY).apply(segmenter, photo());

    assertThat(segmenter.calls().stream().map(SegmentationOptions::confidence))
        .containsExactly(false, true, true, false);
  }

  @Test
  void cannotBeWrittenUnlessItWasComputed() {
    Products products = recipe(Product.MASK).apply(segmenter, photo());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> products.write(Product.CONFIDENCE, new ByteArrayOutputStream()))
        .withMessage(
            "confidence is only computed if the recipe's products include it; add it to them");
  }

  @Test
  void needsProbabilities() {
    outputCategories();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe(Product.CONFIDENCE).products(segmenter.model()))
        .withMessage(
            "model fake outputs classes without probabilities, so there is no confidence to write");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe(Product.CONFIDENCE).apply(segmenter, photo()));
    assertThat(segmenter.calls()).isEmpty();
  }
}
