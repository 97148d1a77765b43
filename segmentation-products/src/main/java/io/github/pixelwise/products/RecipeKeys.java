package io.github.pixelwise.products;

import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.tile.Tiles;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of a {@link RecipeFile}, and what their values may be. */
final class RecipeKeys {
  static final String WRITE = "write";
  static final String CLASS = "class";
  static final String THRESHOLD = "threshold";
  static final String SHARPEN = "sharpen";
  static final String TILES = "tiles";
  static final String OVERLAP = "overlap";
  static final String MIN_REGION = "min-region";
  static final String OUTLINE = "outline";
  static final String LEGEND = "legend";
  static final String FORMAT = "format";
  static final String QUALITY = "quality";
  static final String BACKGROUND = "background";
  static final String FEATHER = "feather";
  static final String SOFT = "soft";
  static final String REFINE = "refine";
  static final String SIMPLIFY = "simplify";
  static final String SMOOTH = "smooth";

  /** All keys, in the order of docs/command-line.md. */
  static final List<String> ALL =
      List.of(
          WRITE,
          THRESHOLD,
          SHARPEN,
          TILES,
          OVERLAP,
          MIN_REGION,
          OUTLINE,
          LEGEND,
          FORMAT,
          QUALITY,
          CLASS,
          BACKGROUND,
          FEATHER,
          SOFT,
          REFINE,
          SIMPLIFY,
          SMOOTH);

  private RecipeKeys() {}

  /**
   * Checks a key and its value.
   *
   * @throws IllegalArgumentException if there is no such key, or its value is wrong by itself
   */
  static void check(String key, String value) {
    if (value.lines().count() > 1) {
      throw new IllegalArgumentException(
          "key %s: expected one line, found \"%s\"".formatted(key, value));
    }
    switch (key) {
      case WRITE -> products(value);
      case CLASS -> requireNames(value);
      case THRESHOLD -> ThresholdList.check(value);
      case SHARPEN, OUTLINE, LEGEND, SOFT, REFINE -> flag(key, value);
      case TILES -> tiles(integer(key, value), 0);
      case OVERLAP -> integer(key, value, 0, Integer.MAX_VALUE, "at least 0 pixels");
      case MIN_REGION -> integer(key, value, 1, Integer.MAX_VALUE, "at least 1 pixel");
      case FORMAT -> format(value, Optional.empty());
      case QUALITY -> integer(key, value, 1, 100, "1 to 100");
      case BACKGROUND -> background(value);
      case FEATHER -> integer(key, value, 0, 1000, "0 to 1000 pixels");
      case SIMPLIFY -> tolerance(value);
      case SMOOTH -> integer(key, value, 0, 3, "0 to 3");
      default ->
          throw new IllegalArgumentException(
              "unknown key %s%s; keys are %s"
                  .formatted(key, Names.suggestion(key, ALL), String.join(", ", ALL)));
    }
  }

  static Set<Product> products(String value) {
    List<String> words = new ArrayList<>();
    for (String word : value.split(",", -1)) {
      if (!word.isBlank()) {
        words.add(word);
      }
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("key write is empty: name some of " + Product.names());
    }
    Set<Product> products = EnumSet.noneOf(Product.class);
    words.forEach(word -> products.add(named(WRITE, () -> Product.parse(word))));
    return products;
  }

  private static void requireNames(String value) {
    if (value.replace(",", "").isBlank()) {
      throw new IllegalArgumentException("key class is empty");
    }
  }

  static Optional<Background> background(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "key background: expected transparent, a color as #rrggbb, blur, blur:PX, or an image"
              + " file, found nothing");
    }
    return named(BACKGROUND, () -> Background.parse(value));
  }

  static PictureFormat format(String value, Optional<Integer> quality) {
    return named(FORMAT, () -> PictureFormat.parse(value, quality));
  }

  static Tiles tiles(int size, int overlap) {
    try {
      return new Tiles(size, overlap);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("key tiles, key overlap: " + e.getMessage(), e);
    }
  }

  static boolean flag(String key, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(
          "key %s: expected true or false, found \"%s\"".formatted(key, value));
    }
    return value.equals("true");
  }

  static int integer(String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "key %s: expected a whole number, found \"%s\"".formatted(key, value), e);
    }
  }

  private static void integer(String key, String value, int least, int most, String expected) {
    int number = integer(key, value);
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "key %s must be %s, found %d".formatted(key, expected, number));
    }
  }

  static double tolerance(String value) {
    double pixels;
    try {
      pixels = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "key simplify: expected a number, found \"%s\"".formatted(value), e);
    }
    if (!(pixels >= 0 && pixels <= Recipe.MOST_TOLERANCE)) {
      throw new IllegalArgumentException(
          "key simplify must be 0 to %d pixels, found %s".formatted(Recipe.MOST_TOLERANCE, value));
    }
    return pixels;
  }

  interface Reading<T> {
    T read();
  }

  /** Reads a value, and names its key if it is wrong. */
  static <T> T named(String key, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("key %s: %s".formatted(key, e.getMessage()), e);
    }
  }
}
