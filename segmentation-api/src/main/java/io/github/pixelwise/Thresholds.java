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
 * that class's threshold is undecided: it becomes void, or gets the class named by {@link
 * #otherwise}.
 *
 * <p>With a {@linkplain OutputKind#isBinary() binary} output, the threshold of class 1, if above 0,
 * replaces the card's. A pixel below it gets class 0 if it reaches the threshold of class 0.
 *
 * <p>Immutable.
 *
 * @param general the threshold for classes without one of their own, 0 to 1
 * @param byClass thresholds by class name, 0 to 1; case does not matter
 * @param undecided the class of undecided pixels; void if empty
 */
public record Thresholds(double general, Map<String, Double> byClass, Optional<String> undecided) {
  /** No thresholds: the likeliest class always wins. */
  public static final Thresholds NONE = new Thresholds(0, Map.of(), Optional.empty());

  /**
   * Creates thresholds.
   *
   * @param general the threshold for classes without one of their own, 0 to 1
   * @param byClass thresholds by class name, 0 to 1; case does not matter
   * @param undecided the class of undecided pixels; void if empty
   * @throws IllegalArgumentException if a threshold is outside 0..1, or a class has two
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
   * Creates one threshold for all classes.
   *
   * @param threshold the lowest probability that counts, 0 to 1
   * @return the thresholds
   * @throws IllegalArgumentException if it is outside 0..1
   */
  public static Thresholds ofAll(double threshold) {
    return new Thresholds(threshold, Map.of(), Optional.empty());
  }

  /**
   * Creates a threshold for one class.
   *
   * @param name the class's name; case does not matter
   * @param threshold the lowest probability that counts for it, 0 to 1
   * @return the thresholds
   * @throws IllegalArgumentException if the threshold is outside 0..1
   */
  public static Thresholds of(String name, double threshold) {
    return NONE.and(name, threshold);
  }

  /**
   * Returns these thresholds with one for another class.
   *
   * @param name the class's name; case does not matter
   * @param threshold the lowest probability that counts for it, 0 to 1
   * @return the new thresholds
   * @throws IllegalArgumentException if the threshold is outside 0..1, or the class already has one
   */
  public Thresholds and(String name, double threshold) {
    requireFirst(name, byClass.get(Objects.requireNonNull(name, "name")));
    Map<String, Double> more = new HashMap<>(byClass);
    more.put(name, threshold);
    return new Thresholds(general, more, undecided);
  }

  /**
   * Returns these thresholds with a class for undecided pixels.
   *
   * @param name the class's name; case does not matter
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
          "class \"%s\" already has a threshold: %s".formatted(name, previous));
    }
  }
}
