package io.github.pixelwise;

import io.github.pixelwise.internal.card.BuiltInLabels;
import io.github.pixelwise.internal.card.CardValues;
import io.github.pixelwise.internal.card.ListPalette;
import java.util.List;

/**
 * A color for every category. Deterministic: a category has the same color in every run. Immutable;
 * palettes made of the same colors are equal.
 */
@FunctionalInterface
public interface Palette {
  /**
   * Returns the color of a category.
   *
   * @param category 0 to 65535
   * @return the color as {@code 0xRRGGBB}
   */
  int rgb(int category);

  /**
   * Creates a palette of these colors; categories beyond the last one get the colors of {@link
   * #voc()}.
   *
   * @param colors the colors as {@code 0xRRGGBB}, in the order of the categories
   * @return the palette
   * @throws IllegalArgumentException if there are no colors, or one is outside {@code 0..0xffffff}
   */
  static Palette of(List<Integer> colors) {
    return new ListPalette(colors);
  }

  /**
   * Parses colors as they are written on a model card.
   *
   * @param value a data set, such as {@code voc}, or {@code #rrggbb} separated by commas
   * @param classes how many classes need a color
   * @return the palette
   * @throws IllegalArgumentException if one is not a color, or there are fewer colors than classes
   */
  static Palette parse(String value, int classes) {
    return CardValues.parsePalette(value, classes);
  }

  /**
   * The colors of PASCAL VOC's development kit: bits 0, 3, 6... of the category are the highest
   * bits of red, bits 1, 4, 7... of green, bits 2, 5... of blue. Distinct for 0 to 255; 255, void,
   * is (224, 224, 192).
   *
   * @return the palette
   */
  static Palette voc() {
    return BuiltInLabels.VOC.palette();
  }

  /**
   * The colors of Cityscapes, as in cityscapesScripts.
   *
   * @return the palette
   */
  static Palette cityscapes() {
    return BuiltInLabels.CITYSCAPES.palette();
  }

  /**
   * The colors of CamVid.
   *
   * @return the palette
   */
  static Palette camVid() {
    return BuiltInLabels.CAMVID.palette();
  }

  /**
   * The colors of ADE20K, as in mmsegmentation.
   *
   * @return the palette
   */
  static Palette ade20k() {
    return BuiltInLabels.ADE20K.palette();
  }
}
