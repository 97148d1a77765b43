package io.github.pixelwise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Turns a network's classes into other ones: renames some, merges several into one, or makes some
 * void.
 *
 * <pre>{@code
 * Relabeling pets =
 *     Relabeling.of(model.labels(), Map.of("cat", "pet", "dog", "pet", "train", Relabeling.VOID));
 * segmenter.segment(image, SegmentationOptions.MASK_ONLY.withRelabeling(pets));
 * }</pre>
 *
 * <p>The network decides between its own classes first; a merged class's probability is then the
 * sum of its members'. Immutable, compared by content.
 */
public final class Relabeling {
  /** The new name of classes whose pixels become void. */
  public static final String VOID = "void";

  private final LabelMap source;
  private final LabelMap labels;
  private final List<Integer> categories;

  private Relabeling(LabelMap source, LabelMap labels, List<Integer> categories) {
    this.source = source;
    this.labels = labels;
    this.categories = List.copyOf(categories);
  }

  /**
   * Creates a relabeling. The new classes are in the order of their first members; the ignore index
   * stays the same.
   *
   * @param source the network's classes
   * @param names new names by old ones, whose case does not matter: {@link #VOID}, a name of its
   *     own, or one that several classes share; classes not listed keep their names
   * @return the relabeling
   * @throws IllegalArgumentException if there is no class with one of the old names, one is listed
   *     twice, a new name is blank, or every class becomes void
   */
  public static Relabeling of(LabelMap source, Map<String, String> names) {
    String[] renamed = source.names().toArray(String[]::new);
    boolean[] listed = new boolean[renamed.length];
    // In the order of the names, so that the first error is always the same.
    for (Map.Entry<String, String> entry : new TreeMap<>(names).entrySet()) {
      int category = source.category(entry.getKey());
      if (listed[category]) {
        throw new IllegalArgumentException(
            "class \"%s\" is relabeled twice: %s"
                .formatted(source.name(category), new TreeMap<>(names)));
      }
      listed[category] = true;
      renamed[category] = Objects.requireNonNull(entry.getValue(), entry.getKey());
    }
    List<String> merged = new ArrayList<>();
    Map<String, Integer> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<Integer> categories = new ArrayList<>();
    for (int category = 0; category < renamed.length; category++) {
      if (listed[category] && renamed[category].equalsIgnoreCase(VOID)) {
        categories.add(source.ignoreIndex());
        continue;
      }
      Integer place = places.putIfAbsent(renamed[category], merged.size());
      categories.add(place == null ? merged.size() : place);
      if (place == null) {
        merged.add(renamed[category]);
      }
    }
    if (merged.isEmpty()) {
      throw new IllegalArgumentException(
          "every class becomes void, so no class is left: " + new TreeMap<>(names));
    }
    return new Relabeling(source, LabelMap.of(merged, source.ignoreIndex()), categories);
  }

  /**
   * Returns the network's classes.
   *
   * @return the classes before
   */
  public LabelMap source() {
    return source;
  }

  /**
   * Returns the new classes.
   *
   * @return the classes after, with the same ignore index
   */
  public LabelMap labels() {
    return labels;
  }

  /**
   * Returns the new category of a class.
   *
   * @param category a category of {@link #source()}, or its ignore index
   * @return a category of {@link #labels()}, or the ignore index
   * @throws IndexOutOfBoundsException for any other category
   */
  public int category(int category) {
    return category == source.ignoreIndex() ? category : categories.get(category);
  }

  /**
   * Gives each new class the color of its first member.
   *
   * @param palette the colors of {@link #source()}
   * @return the colors of {@link #labels()}; the ignore index, and categories between, keep theirs
   * @throws IllegalArgumentException if a color is outside {@code 0..0xffffff}
   */
  public Palette palette(Palette palette) {
    return Palette.of(
        IntStream.rangeClosed(0, labels.ignoreIndex())
            .map(category -> category < labels.size() ? categories.indexOf(category) : category)
            .mapToObj(palette::rgb)
            .toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Relabeling that
        && source.equals(that.source)
        && labels.equals(that.labels)
        && categories.equals(that.categories);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, labels, categories);
  }

  @Override
  public String toString() {
    return "Relabeling[%s -> %s]".formatted(source.names(), labels.names());
  }
}
