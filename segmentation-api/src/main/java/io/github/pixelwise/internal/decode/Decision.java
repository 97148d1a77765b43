package io.github.pixelwise.internal.decode;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Thresholds;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Turns a pixel's likeliest class into the result's: relabels it, and drops it if it is uncertain.
 */
public final class Decision {
  private final LabelMap network;
  private final LabelMap labels;

  /** The result's category by the network's. */
  private final int[] groups;

  private final boolean relabels;

  /** The threshold by the result's category; empty if there is none. */
  private final float[] thresholds;

  private final int undecided;

  private Decision(
      LabelMap network, LabelMap labels, int[] groups, float[] thresholds, int undecided) {
    this.network = network;
    this.labels = labels;
    this.groups = groups;
    this.relabels = !Arrays.equals(groups, IntStream.range(0, groups.length).toArray());
    this.thresholds = thresholds;
    this.undecided = undecided;
  }

  /**
   * Resolves the names in options.
   *
   * @param network the network's classes
   * @throws IllegalArgumentException if the options name an unknown class, or their relabeling is
   *     for other classes
   */
  public static Decision of(LabelMap network, SegmentationOptions options) {
    Relabeling relabeling = options.relabeling().orElse(null);
    if (relabeling != null && !relabeling.source().equals(network)) {
      throw new IllegalArgumentException(
          "the relabeling is for a network with other classes: it expects %s, and the network has %s"
              .formatted(relabeling.source().names(), network.names()));
    }
    LabelMap labels = relabeling == null ? network : relabeling.labels();
    int[] groups =
        IntStream.range(0, network.size())
            .map(category -> relabeling == null ? category : relabeling.category(category))
            .toArray();
    Thresholds asked = options.thresholds();
    float[] thresholds = new float[0];
    if (asked.general() > 0 || !asked.byClass().isEmpty()) {
      thresholds = new float[labels.size()];
      Arrays.fill(thresholds, (float) asked.general());
      for (String name : asked.byClass().keySet()) {
        thresholds[labels.category(name)] = asked.byClass().get(name).floatValue();
      }
    }
    int undecided = asked.undecided().map(labels::category).orElse(labels.ignoreIndex());
    return new Decision(network, labels, groups, thresholds, undecided);
  }

  /** The network's classes. */
  LabelMap network() {
    return network;
  }

  /** The result's classes. */
  public LabelMap labels() {
    return labels;
  }

  /** The result's category for each of the network's; members of a group share one. */
  int[] groups() {
    return groups;
  }

  /** Whether {@link #settle} needs to know probabilities. */
  public boolean needsProbabilities() {
    return thresholds.length > 0;
  }

  /**
   * The probability from which a binary network decides for class 1; the card's if the options set
   * none.
   */
  float binaryThreshold(double card) {
    boolean set =
        thresholds.length > 0 && groups[1] < thresholds.length && thresholds[groups[1]] > 0;
    return set ? thresholds[groups[1]] : (float) card;
  }

  /** Turns the network's categories of a row into the result's. */
  void settle(CategoryRow categories, float[] probabilities, int from, int to) {
    if (relabels) {
      for (int x = from; x < to; x++) {
        int category = categories.get(x);
        categories.set(x, category < groups.length ? groups[category] : category);
      }
    }
    if (needsProbabilities()) {
      for (int x = from; x < to; x++) {
        int category = categories.get(x);
        if (category < thresholds.length && probabilities[x] < thresholds[category]) {
          categories.set(x, undecided);
        }
      }
    }
  }
}
