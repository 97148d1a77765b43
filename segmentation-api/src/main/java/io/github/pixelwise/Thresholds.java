package io.github.pixelwise;

import io.github.pixelwise.model.OutputKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How sure a network must be of a class. A pixel whose likeliest class has a lower probability than
 * that class's threshold is undecided: it becomes void, or of the class named by {@link
 * #otherwise}.
 *
 * <p>With a {@linkplain OutputKind#isBinary() binary} output the threshold of class 1, if above 0,
 * replaces the card's, and a pixel below it is of class 0 if that one's threshold is reached.
 *
 * <p>Immutable.
 *
 * @param general the threshold of classes that have none of their own, 0 to 1
 * @param byClass thresholds by the classes' names, in whatever case; 0 to 1
 * @param undecided the class of undecided pixels; void if empty
 */
public record Thresholds(double general, Map<String, Double> byClass, Optional<String> undecided) {
  /** No thresholds: the likeliest class always wins. */
  public static final Thresholds NONE = new Thresholds(0, Map.of(), Optional.empty());

  /**
   * Creates thresholds.
   *
   * @param general the threshold of classes that have none of their own, 0 to 1
   * @param byClass thresholds by the classes' names, in whatever case; 0 to 1
   * @param undecided the class of undecided pixels; void if empty
   * @throws IllegalArgumentException if one lies outside 0..1, or a class has two
   */
  public Thresholds {
    requireProbability("all classes", general);
    Map<String, Double> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byClass.forEach(
        (name, threshold) -> {
          requireProbability("class \"" + name + "\"", threshold);
          requireFirst(name, sorted.put(name, threshold));
        });
    byClass = Collections.unmodifiableMap(sorted);
    Objects.requireNonNull(undecided, "undecided");
  }

  /**
   * One threshold for all classes.
   *
   * @param threshold the probability that decides, 0 to 1
   * @return the thresholds
   * @throws IllegalArgumentException if it lies outside 0..1
   */
  public static Thresholds ofAll(double threshold) {
    return new Thresholds(threshold, Map.of(), Optional.empty());
  }

  /**
   * A threshold for one class.
   *
   * @param name the class's name, in whatever case
   * @param threshold the probability that decides for it, 0 to 1
   * @return the thresholds
   * @throws IllegalArgumentException if the threshold lies outside 0..1
   */
  public static Thresholds of(String name, double threshold) {
    return NONE.and(name, threshold);
  }

  /**
   * These thresholds with one for another class.
   *
   * @param name the class's name, in whatever case
   * @param threshold the probability that decides for it, 0 to 1
   * @return the new thresholds
   * @throws IllegalArgumentException if the threshold lies outside 0..1, or the class has one
   */
  public Thresholds and(String name, double threshold) {
    requireFirst(name, byClass.get(Objects.requireNonNull(name, "name")));
    Map<String, Double> more = new HashMap<>(byClass);
    more.put(name, threshold);
    return new Thresholds(general, more, undecided);
  }

  /**
   * These thresholds with a class for undecided pixels.
   *
   * @param name the class's name, in whatever case
   * @return the new thresholds
   */
  public Thresholds otherwise(String name) {
    return new Thresholds(general, byClass, Optional.of(Objects.requireNonNull(name, "name")));
  }

  private static void requireProbability(String what, double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "the threshold of %s must lie in 0..1, found %s".formatted(what, threshold));
    }
  }

  private static void requireFirst(String name, @Nullable Double previous) {
    if (previous != null) {
      throw new IllegalArgumentException(
          "class \"%s\" has a threshold already: %s".formatted(name, previous));
    }
  }
}
