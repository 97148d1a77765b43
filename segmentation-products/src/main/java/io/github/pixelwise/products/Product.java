package io.github.pixelwise.products;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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
  JSON(".json");

  private final String suffix;

  Product(String suffix) {
    this.suffix = suffix;
  }

  /** {@return the suffix of its file's name, such as {@code .mask.png}} */
  public String suffix() {
    return suffix;
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
