package io.github.pixelwise.products;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A kind of output for a photograph. */
public enum Product {
  /**
   * The classes as the indices of a palette PNG, or as a 16-bit gray PNG if there are more than
   * 256.
   */
  MASK(".mask.png"),

  /** The classes in their colors, as PNG. */
  COLOR(".color.png"),

  /** The photograph tinted with the colors of its classes, as PNG. */
  OVERLAY(".overlay.png"),

  /** The photograph without its background, or on another one, as PNG. */
  CUTOUT(".cutout.png"),

  /** The model, the engine, the times, and the pixels, share and box of each class, as JSON. */
  JSON(".json"),

  /** The shapes of classes as GeoJSON, in pixels of the photograph. */
  GEOJSON(".geojson"),

  /** The shapes of classes as YOLO's text. */
  YOLO(".txt"),

  /**
   * The shapes of classes as a file of LabelMe, which opens it with the photograph of the same
   * name. So it has the same suffix as {@link #JSON}, and one folder cannot have both.
   */
  LABELME(".json"),

  /** The shapes of classes as SVG, over the photograph. */
  SVG(".svg");

  private final String suffix;

  Product(String suffix) {
    this.suffix = suffix;
  }

  /** {@return the suffix of its file's name, such as {@code .mask.png}} */
  public String suffix() {
    return suffix;
  }

  /** {@return whether it is a file of shapes, which is written only if a recipe asks for it} */
  public boolean isShapes() {
    return compareTo(JSON) > 0;
  }

  /**
   * Reads a product's name.
   *
   * @param text its name in lowercase, such as {@code mask}; surrounding blanks are ignored
   * @return the product
   * @throws IllegalArgumentException if there is no product with that name; the message lists the
   *     available ones
   */
  public static Product parse(String text) {
    String word = text.strip();
    return Arrays.stream(values())
        .filter(product -> product.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("expected %s, found \"%s\"".formatted(names(), word)));
  }

  /** {@return the names of all products, for messages} */
  public static String names() {
    return Arrays.stream(values()).map(Product::word).collect(Collectors.joining(", "));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
