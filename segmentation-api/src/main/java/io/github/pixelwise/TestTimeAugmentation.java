package io.github.pixelwise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The forms in which a network sees each photograph: some sizes, and their mirror images. Their
 * scores (logits, or probabilities if the network gives these) are averaged on the grid of scale 1
 * or, without it, of the largest one. Masks often get a little better. The network's time grows
 * with the square of each scale, and doubles with mirror images. Immutable, compared by content.
 *
 * <pre>{@code
 * Segmenter.builder().augmentation(TestTimeAugmentation.of(1, 1.25).withMirror()).open()
 * }</pre>
 */
public final class TestTimeAugmentation {
  /** The photograph itself only, at the size that the model's card says. */
  public static final TestTimeAugmentation NONE = new TestTimeAugmentation(List.of(1.0), false);

  private static final String MIRROR = "mirror";
  private static final double SMALLEST = 0.25;
  private static final double LARGEST = 4;

  private final List<Double> scales;
  private final boolean mirror;

  private TestTimeAugmentation(List<Double> scales, boolean mirror) {
    this.scales = scales;
    this.mirror = mirror;
  }

  /**
   * Creates an augmentation by sizes.
   *
   * @param scales one or more factors of the size that the model's card says, 0.25 to 4, all
   *     different
   * @return the augmentation, without mirror images
   * @throws IllegalArgumentException if there is no factor, or one is out of range or there twice
   */
  public static TestTimeAugmentation of(double... scales) {
    if (scales.length == 0) {
      throw new IllegalArgumentException(
          "test-time augmentation needs at least one scale; 1 is the size on the model's card");
    }
    double[] sorted = scales.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (!(sorted[i] >= SMALLEST && sorted[i] <= LARGEST)) {
        throw new IllegalArgumentException(
            "scales of test-time augmentation must lie in 0.25..4, found " + word(sorted[i]));
      }
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "the scale %s of test-time augmentation is there twice; name it once"
                .formatted(word(sorted[i])));
      }
    }
    return new TestTimeAugmentation(Arrays.stream(sorted).boxed().toList(), false);
  }

  /**
   * Reads an augmentation as the option {@code --tta} takes it.
   *
   * @param text scales, the word {@code mirror}, or both, separated by commas: {@code
   *     1,1.25,mirror}; without a scale, 1 is meant
   * @return the augmentation
   * @throws IllegalArgumentException if it is none, or {@link #of} rejects its scales
   */
  public static TestTimeAugmentation parse(String text) {
    List<Double> scales = new ArrayList<>();
    boolean mirror = false;
    for (String part : text.split(",", -1)) {
      String word = part.strip();
      if (word.equals(MIRROR) && !mirror) {
        mirror = true;
        continue;
      }
      try {
        scales.add(Double.valueOf(word));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "test-time augmentation is a list of scales, and the word mirror at most once, such as"
                + " 1,1.25,mirror; found \""
                + text
                + '"');
      }
    }
    TestTimeAugmentation sizes =
        scales.isEmpty() ? NONE : of(scales.stream().mapToDouble(Double::doubleValue).toArray());
    return mirror ? sizes.withMirror() : sizes;
  }

  /** {@return this augmentation, with the mirror image of each size} */
  public TestTimeAugmentation withMirror() {
    return new TestTimeAugmentation(scales, true);
  }

  /** {@return the factors of the size on the model's card, the smallest first} */
  public List<Double> scales() {
    return scales;
  }

  /** {@return whether the mirror image of each size is used, too} */
  public boolean mirror() {
    return mirror;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TestTimeAugmentation that
        && scales.equals(that.scales)
        && mirror == that.mirror;
  }

  @Override
  public int hashCode() {
    return 31 * scales.hashCode() + Boolean.hashCode(mirror);
  }

  /** Returns what {@link #parse} reads, for example {@code 1,1.25,mirror}. */
  @Override
  public String toString() {
    return scales.stream().map(TestTimeAugmentation::word).collect(Collectors.joining(","))
        + (mirror ? "," + MIRROR : "");
  }

  private static String word(double scale) {
    String digits = Double.toString(scale);
    return digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
  }
}
