package io.github.pixelwise.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.imaging.Picture;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
  private static final LabelMap PETS = LabelMap.of(List.of("background", "cat", "dog"));
  private static final LabelMap STREET = LabelMap.of(List.of("road", "car", "sky"));

  private final FakeSegmenter segmenter = new FakeSegmenter("background", "cat", "dog");

  /** Four pixels in a row: red, red, green, white. */
  private static Picture photo() {
    byte on = (byte) 255;
    byte[] rgb = {on, 0, 0, on, 0, 0, 0, on, 0, on, on, on};
    return new Picture(RgbImage.of(4, 1, rgb), Optional.empty());
  }

  @Test
  void everythingPossibleIsWrittenUnlessSaidOtherwise() {
    Recipe recipe = Recipe.builder().build();

    Product[] standard = {
      Product.MASK, Product.COLOR, Product.OVERLAY, Product.CUTOUT, Product.JSON
    };
    assertThat(recipe.products(PETS)).containsExactly(standard);
    assertThat(recipe.products(STREET))
        .containsExactly(Product.MASK, Product.COLOR, Product.OVERLAY, Product.JSON);
    assertThat(Recipe.builder().classes("car").build().products(STREET)).containsExactly(standard);
  }

  @Test
  void whatIsAskedForIsWritten() {
    Recipe recipe = Recipe.builder().products(Set.of(Product.JSON, Product.MASK)).build();

    assertThat(recipe.products(STREET)).containsExactly(Product.MASK, Product.JSON);
  }

  @Test
  void aRelabelingMayMakeOrTakeTheBackground() {
    Recipe makes = Recipe.builder().relabeling(Map.of("sky", "background")).build();
    Recipe takes = Recipe.builder().relabeling(Map.of("background", "rest")).build();

    assertThat(makes.products(STREET)).contains(Product.CUTOUT);
    assertThat(takes.products(PETS)).doesNotContain(Product.CUTOUT);
  }

  @Test
  void aCutoutThatIsAskedForNeedsClassesOrABackground() {
    Recipe recipe = Recipe.builder().products(EnumSet.of(Product.CUTOUT)).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe.products(STREET))
        .withMessage(
            "no class is named \"background\", so a cutout needs the classes to keep;"
                + " choose some of road, car, sky");
  }

  @Test
  void theNetworkGetsThresholdsAndRelabeling() {
    Thresholds thresholds = Thresholds.of("pet", 0.75);
    Map<String, String> names = Map.of("cat", "pet", "dog", "pet");
    Recipe recipe = Recipe.builder().thresholds(thresholds).relabeling(names).build();

    Products products = recipe.apply(segmenter, photo());

    assertThat(segmenter.calls())
        .containsExactly(
            SegmentationOptions.MASK_ONLY
                .withThresholds(thresholds)
                .withRelabeling(Relabeling.of(PETS, names)));
    assertThat(products.result().shares())
        .containsExactly(Map.entry("pet", 0.75), Map.entry("background", 0.25));
  }

  @Test
  void smallRegionsBecomePartOfWhatSurroundsThem() {
    Recipe recipe = Recipe.builder().minRegion(2).build();

    assertThat(recipe.apply(segmenter, photo()).result().shares())
        .containsExactly(Map.entry("cat", 1.0));
  }

  @Test
  void aClassThatTheModelLacksIsNamedBeforeTheNetworkRuns() {
    Recipe recipe = Recipe.builder().classes("cat", "horse").build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe.apply(segmenter, photo()))
        .withMessage("no class is named \"horse\". Classes: background, cat, dog.");
    assertThat(segmenter.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1001})
  void aFeatherIsUpToAThousandPixels(int pixels) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recipe.builder().feather(pixels))
        .withMessage("the feather must be 0 to 1000 pixels, found " + pixels);
  }

  @Test
  void theSmallestRegionHasAPixel() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recipe.builder().minRegion(0))
        .withMessage("the smallest region must have at least 1 pixel, found 0");
  }

  @Test
  void aRecipeWritesSomething() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recipe.builder().products(Set.of()))
        .withMessage("a recipe must write something, found no product");
  }
}
