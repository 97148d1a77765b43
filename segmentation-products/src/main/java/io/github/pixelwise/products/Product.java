package io.github.pixelwise.products;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be written for a photograph. */
public enum Product {
  /** The classes as the indices of a palette PNG; a gray PNG of 16 bits for more than 256. */
  MASK(".mask.png"),

  /** The classes in their colors, as PNG. */
  COLOR(".color.png"),

  /** The photograph tinted with the colors of its classes, as PNG. */
  OVERLAY(".overlay.png"),

  /** The photograph without its background, or on another one, as PNG. */
  CUTOUT(".cutout.png"),

  /** The model, the engine, the times, and the pixels, share and box of each class, as JSON. */
  JSON(".json");

  private final String suffix;

  Product(String suffix) {
    this.suffix = suffix;
  }

  /** {@return how the name of its file ends, such as {@code .mask.png}} */
  public String suffix() {
    return suffix;
  }

  /**
   * Reads a product's name.
   *
   * @param text its name in lower case, such as {@code mask}; blanks around it do not count
   * @return the product
   * @throws IllegalArgumentException if no product has that name; the message lists those there are
   */
  public static Product parse(String text) {
    String word = text.strip();
    List<String> words = Arrays.stream(values()).map(Product::word).toList();
    int found = words.indexOf(word);
    if (found < 0) {
      throw new IllegalArgumentException(
          "expected %s, found \"%s\"".formatted(String.join(", ", words), word));
    }
    return values()[found];
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
