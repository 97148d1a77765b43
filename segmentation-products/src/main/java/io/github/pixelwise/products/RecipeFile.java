package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A {@link Recipe} as text, to be stored or sent: lines {@code KEY = VALUE}, whose keys are the
 * options of {@code segment run} without their hyphens. Lines that begin with {@code #} are
 * comments. Without any line, it is the default recipe. docs/command-line.md lists the keys.
 *
 * <pre>{@code
 * RecipeFile file = RecipeFile.parse("write = cutout, json\nclass = cat\nbackground = #ffffff\n");
 * Recipe recipe = file.recipe(segmenter.model().labels());
 * }</pre>
 *
 * <p>A text names classes; a model's labels turn it into a recipe. Immutable; equal if the same
 * keys have the same values.
 */
public final class RecipeFile {
  private final Map<String, String> values;

  private RecipeFile(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /**
   * Reads a file. A background that is a file, too, is relative to the folder of this file.
   *
   * @param file a text file in UTF-8
   * @return its recipe
   * @throws IOException if it cannot be read, or is not UTF-8; the message names the file
   * @throws IllegalArgumentException if a line, a key, or a value is wrong; the message names the
   *     file, the key, what is expected, and what was found
   */
  public static RecipeFile read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(
          "recipe %s: it is a folder; expected a text file with lines KEY = VALUE".formatted(file));
    }
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(
          "recipe %s: the file is not UTF-8; save it as UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new IOException("recipe %s: %s".formatted(file, Reason.of(e)), e);
    }
    try {
      return parse(text).from(file);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("recipe %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Reads a text.
   *
   * @param text lines {@code KEY = VALUE}
   * @return its recipe
   * @throws IllegalArgumentException if a line is not of this form, there is no such key, a key
   *     occurs twice, or a value is wrong; the message names the key, what is expected, and what
   *     was found
   */
  public static RecipeFile parse(String text) {
    RecipeFile recipe = new RecipeFile(Map.of());
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text; // as some editors do
    for (String line : content.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "expected lines KEY = VALUE, found \"%s\"".formatted(line));
      }
      String key = line.substring(0, equals).strip();
      if (recipe.values.containsKey(key)) {
        throw new IllegalArgumentException("key %s occurs twice".formatted(key));
      }
      recipe = recipe.with(key, line.substring(equals + 1));
    }
    return recipe;
  }

  /**
   * Sets a key, whether it has a value or not.
   *
   * @param key a key
   * @param value its value; surrounding blanks are ignored
   * @return this recipe with that value
   * @throws IllegalArgumentException if there is no such key, or its value is wrong
   */
  public RecipeFile with(String key, String value) {
    String stripped = value.strip();
    RecipeKeys.check(key, stripped);
    Map<String, String> more = new TreeMap<>(values);
    more.put(key, stripped);
    return new RecipeFile(more);
  }

  private RecipeFile from(Path file) {
    String background = values.get(RecipeKeys.BACKGROUND);
    return background == null || RecipeKeys.background(background).isPresent()
        ? this
        : with(RecipeKeys.BACKGROUND, file.resolveSibling(background).toString());
  }

  /** {@return all keys there are, in the order of docs/command-line.md} */
  public static List<String> keys() {
    return RecipeKeys.ALL;
  }

  /** {@return the keys that are set, with their values} */
  public Map<String, String> values() {
    return values;
  }

  /**
   * Returns the recipe for a model.
   *
   * @param labels the model's classes
   * @return the recipe
   * @throws IllegalArgumentException if a class does not exist, values contradict each other, the
   *     cutout is not possible, or the background is a file
   */
  public Recipe recipe(LabelMap labels) {
    return recipe(
        labels,
        name -> {
          throw new IllegalArgumentException(
              ("expected transparent, a color as #rrggbb, blur, or blur:PX, found \"%s\". Files"
                      + " cannot be opened here")
                  .formatted(name));
        });
  }

  /**
   * Returns the recipe for a model.
   *
   * @param labels the model's classes
   * @param pictures opens a background that is a file, by its name. It may throw an {@link
   *     IllegalArgumentException} that says what is wrong with it.
   * @return the recipe
   * @throws IllegalArgumentException if a class or the background does not exist, values contradict
   *     each other, or the cutout is not possible
   */
  public Recipe recipe(LabelMap labels, Function<String, Background> pictures) {
    Recipe recipe = builder(labels, pictures).build();
    if (recipe.products(labels).contains(Product.CUTOUT)
        && isTransparent()
        && !recipe.format().hasAlpha()) {
      throw new IllegalArgumentException(
          "key format: a jpg cannot be transparent. For the cutout, set a background or webp; or"
              + " leave the cutout out of what key write names");
    }
    return recipe;
  }

  /**
   * Starts the recipe for a model, for callers that add what a text cannot say.
   *
   * @param labels the model's classes
   * @param pictures opens a background that is a file, as for {@link #recipe(LabelMap, Function)}
   * @return a builder with all values of this text
   * @throws IllegalArgumentException if a class or the background does not exist, or values
   *     contradict each other
   */
  public Recipe.Builder builder(LabelMap labels, Function<String, Background> pictures) {
    requireConsistent();
    Recipe.Builder recipe = Recipe.builder();
    ifSet(RecipeKeys.WRITE, value -> recipe.products(RecipeKeys.products(value)));
    ifSet(RecipeKeys.THRESHOLD, v -> recipe.thresholds(ThresholdList.parse(v, labels)));
    ifSet(RecipeKeys.CLASS, value -> recipe.classes(ClassNames.of(value, labels)));
    ifSet(RecipeKeys.BACKGROUND, value -> recipe.background(background(value, pictures)));
    ifSet(RecipeKeys.TILES, value -> recipe.tiles(tiles(Integer.parseInt(value))));
    ifSet(RecipeKeys.MIN_REGION, value -> recipe.minRegion(Integer.parseInt(value)));
    ifSet(RecipeKeys.FEATHER, value -> recipe.feather(Integer.parseInt(value)));
    ifSet(RecipeKeys.SMOOTH, value -> recipe.smooth(Integer.parseInt(value)));
    ifSet(RecipeKeys.SIMPLIFY, value -> recipe.simplify(RecipeKeys.tolerance(value)));
    ifTrue(RecipeKeys.SHARPEN, recipe::sharpen);
    ifTrue(RecipeKeys.SOFT, recipe::soft);
    ifTrue(RecipeKeys.REFINE, recipe::refine);
    ifTrue(RecipeKeys.OUTLINE, recipe::outline);
    ifTrue(RecipeKeys.LEGEND, recipe::legend);
    return recipe.format(format());
  }

  /**
   * Names what is set but does not change these products.
   *
   * @param products what is written
   * @return keys, in the order of docs/command-line.md
   */
  public List<String> withoutEffect(Set<Product> products) {
    boolean cutsOut = products.contains(Product.CUTOUT);
    boolean overlays = products.contains(Product.OVERLAY);
    boolean shapes = products.stream().anyMatch(Product::isShapes);
    return values.keySet().stream()
        .sorted(Comparator.comparing(RecipeKeys.ALL::indexOf))
        .filter(
            key ->
                switch (key) {
                  case RecipeKeys.CLASS -> !cutsOut && !shapes;
                  case RecipeKeys.BACKGROUND -> !cutsOut && !isTransparent();
                  case RecipeKeys.FEATHER -> !cutsOut;
                  case RecipeKeys.SOFT, RecipeKeys.REFINE -> !cutsOut && isTrue(key);
                  case RecipeKeys.LEGEND, RecipeKeys.OUTLINE -> !overlays && isTrue(key);
                  case RecipeKeys.FORMAT -> !cutsOut && !overlays;
                  case RecipeKeys.QUALITY -> (!cutsOut && !overlays) || !format().hasQuality();
                  case RecipeKeys.SIMPLIFY ->
                      !shapes && RecipeKeys.tolerance(values.getOrDefault(key, "0")) > 0;
                  case RecipeKeys.SMOOTH ->
                      !shapes && Integer.parseInt(values.getOrDefault(key, "0")) > 0;
                  default -> false;
                })
        .toList();
  }

  private void requireConsistent() {
    if (isSet(RecipeKeys.OVERLAP) && !isSet(RecipeKeys.TILES)) {
      throw new IllegalArgumentException("key overlap is for key tiles: choose their size");
    }
    if (isSet(RecipeKeys.TILES) && isTrue(RecipeKeys.SHARPEN)) {
      throw new IllegalArgumentException(
          "key sharpen needs the whole photo, which key tiles divides: use one of the two");
    }
  }

  private static Background background(String value, Function<String, Background> pictures) {
    return RecipeKeys.named(
        RecipeKeys.BACKGROUND,
        () -> Background.parse(value).orElseGet(() -> pictures.apply(value)));
  }

  private Tiles tiles(int size) {
    String overlap = values.getOrDefault(RecipeKeys.OVERLAP, String.valueOf(size / 8));
    return RecipeKeys.tiles(size, Integer.parseInt(overlap));
  }

  private PictureFormat format() {
    return RecipeKeys.format(
        values.getOrDefault(RecipeKeys.FORMAT, "png"),
        Optional.ofNullable(values.get(RecipeKeys.QUALITY)).map(Integer::valueOf));
  }

  private boolean isTransparent() {
    return values.getOrDefault(RecipeKeys.BACKGROUND, "transparent").equals("transparent");
  }

  private boolean isSet(String key) {
    return values.containsKey(key);
  }

  private boolean isTrue(String key) {
    return values.getOrDefault(key, "false").equals("true");
  }

  private void ifSet(String key, Consumer<String> action) {
    String value = values.get(key);
    if (value != null) {
      action.accept(value);
    }
  }

  private void ifTrue(String key, Runnable action) {
    if (isTrue(key)) {
      action.run();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecipeFile that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** The {@link #values}, one a line, as {@link #parse} reads them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    return text.toString();
  }
}
