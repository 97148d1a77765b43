package io.github.pixelwise.training.internal.loading;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Which classes occur in which masks of a data set. Immutable. */
public final class ClassPresence {
  private final LabelMap labels;
  private final List<BitSet> classes;

  private ClassPresence(LabelMap labels, List<BitSet> classes) {
    this.labels = labels;
    this.classes = classes;
  }

  /**
   * Reads all masks.
   *
   * @throws IOException if a mask cannot be read, or has a value that is no class
   */
  public static ClassPresence of(Dataset dataset, int threads)
      throws IOException, InterruptedException {
    LabelMap labels = dataset.labels();
    List<BitSet> classes = new ArrayList<>();
    try (Workers workers = new Workers(threads)) {
      List<Future<BitSet>> results =
          dataset.samples().stream()
              .map(sample -> workers.submit(() -> classes(sample, labels)))
              .toList();
      for (Future<BitSet> result : results) {
        classes.add(Workers.result(result));
      }
    }
    return new ClassPresence(labels, classes);
  }

  private static BitSet classes(Sample sample, LabelMap labels) throws IOException {
    BitSet classes = categories(sample.truth());
    requireClasses(sample.name(), classes, labels);
    classes.clear(labels.ignoreIndex());
    return classes;
  }

  private static BitSet categories(CategoryMask mask) {
    BitSet categories = new BitSet();
    int[] row = new int[mask.width()];
    for (int y = 0; y < mask.height(); y++) {
      mask.copyRow(y, row, 0);
      int last = -1;
      for (int category : row) {
        if (category != last) {
          categories.set(category);
          last = category;
        }
      }
    }
    return categories;
  }

  /** Checks that a mask has no value but classes and void. */
  public static void requireClasses(String name, CategoryMask mask, LabelMap labels)
      throws IOException {
    requireClasses(name, categories(mask), labels);
  }

  private static void requireClasses(String name, BitSet categories, LabelMap labels)
      throws IOException {
    for (int category = categories.nextSetBit(labels.size());
        category >= 0;
        category = categories.nextSetBit(category + 1)) {
      if (category != labels.ignoreIndex()) {
        throw new IOException(
            ("the mask of %s has the value %s, which is no class: there are %s classes, 0 to %s, and"
                    + " %s is void. Correct the mask, or the data set's classes.")
                .formatted(name, category, labels.size(), labels.size() - 1, labels.ignoreIndex()));
      }
    }
  }

  /** The number of samples. */
  public int samples() {
    return classes.size();
  }

  /** The classes that occur, in their order. */
  public int[] occurring() {
    return IntStream.range(0, labels.size()).filter(c -> samplesWith(c).length > 0).toArray();
  }

  /** The samples whose masks have a class, in their order. */
  public int[] samplesWith(int category) {
    return IntStream.range(0, classes.size()).filter(i -> classes.get(i).get(category)).toArray();
  }

  /** What to tell about classes that never occur; empty if there are none. */
  public List<String> notices() {
    List<String> missing =
        IntStream.range(0, labels.size())
            .filter(category -> samplesWith(category).length == 0)
            .mapToObj(labels::name)
            .toList();
    return missing.isEmpty()
        ? List.of()
        : List.of(
            "no mask has the %s %s: the network cannot learn %s"
                .formatted(
                    missing.size() == 1 ? "class" : "classes",
                    String.join(", ", missing),
                    missing.size() == 1 ? "it" : "them"));
  }
}
