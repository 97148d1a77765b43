package io.github.pixelwise.evaluation;

import io.github.pixelwise.evaluation.internal.ComparisonJson;
import io.github.pixelwise.evaluation.internal.ComparisonText;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What got better and what got worse from one run to another, on the photographs that both have.
 *
 * <p>The intervals say how much of a difference may be due to the choice of the photographs: 10,000
 * times, as many photographs as there are were drawn with replacement, the same ones for both runs.
 * The middle 95 % of the differences are the interval. The seed is fixed, so that the same reports
 * give the same interval. Immutable.
 */
public final class Comparison {
  /** How many resamples an interval is taken from. */
  public static final int RESAMPLES = 10_000;

  /** The seed of the resamples. */
  public static final long SEED = 15;

  /**
   * The IoU of a class in both runs.
   *
   * @param category the class
   * @param name its name
   * @param a its IoU in the first run, or NaN
   * @param b its IoU in the second run, or NaN
   */
  public record ClassChange(int category, String name, double a, double b) {
    /** {@return {@code b - a}; NaN if a run has no number} */
    public double change() {
      return b - a;
    }
  }

  /**
   * A photograph in both runs. Its IoU is the mean over the classes that its truth or a run's
   * prediction has.
   *
   * @param name its name
   * @param meanIouA its mean IoU in the first run, or NaN
   * @param meanIouB its mean IoU in the second run, or NaN
   * @param pixelAccuracyA its pixel accuracy in the first run, or NaN
   * @param pixelAccuracyB its pixel accuracy in the second run, or NaN
   */
  public record ImageChange(
      String name, double meanIouA, double meanIouB, double pixelAccuracyA, double pixelAccuracyB) {
    /** {@return the difference of the mean IoUs; NaN if a run has no number} */
    public double change() {
      return meanIouB - meanIouA;
    }
  }

  private final EvaluationReport a;
  private final EvaluationReport b;
  private final List<String> onlyA;
  private final List<String> onlyB;
  private final Difference meanIou;
  private final Difference pixelAccuracy;
  private final List<ClassChange> classes = new ArrayList<>();
  private final List<ImageChange> images = new ArrayList<>();

  private Comparison(EvaluationReport a, EvaluationReport b) {
    this.a = a;
    this.b = b;
    Map<String, ImageResult> byName = new HashMap<>();
    b.images().forEach(image -> byName.put(image.name(), image));
    List<ImageResult> sharedA =
        a.images().stream()
            .filter(image -> byName.containsKey(image.name()))
            .sorted(Comparator.comparing(ImageResult::name))
            .toList();
    List<String> names = sharedA.stream().map(ImageResult::name).toList();
    List<ImageResult> sharedB = names.stream().map(byName::get).toList();
    onlyA = lacking(a, names);
    onlyB = lacking(b, names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "the two runs have no photograph in common, such as %s and %s"
              .formatted(onlyA.get(0), onlyB.get(0)));
    }
    ConfusionMatrix confusionA = ConfusionMatrix.of(a.labels());
    ConfusionMatrix confusionB = ConfusionMatrix.of(b.labels());
    for (int i = 0; i < names.size(); i++) {
      ImageResult imageA = sharedA.get(i);
      ImageResult imageB = sharedB.get(i);
      requireSameTruth(imageA, imageB);
      imageA.addTo(confusionA);
      imageB.addTo(confusionB);
      images.add(
          new ImageChange(
              names.get(i),
              imageA.meanIou(),
              imageB.meanIou(),
              imageA.pixelAccuracy(),
              imageB.pixelAccuracy()));
    }
    SegmentationMetrics metricsA = confusionA.metrics(a.rule());
    SegmentationMetrics metricsB = confusionB.metrics(b.rule());
    for (int category = 0; category < metricsA.classes(); category++) {
      classes.add(
          new ClassChange(
              category, a.labels().name(category), metricsA.iou(category), metricsB.iou(category)));
    }
    Bootstrap bootstrap = new Bootstrap(metricsA.classes(), a.rule(), sharedA, sharedB);
    meanIou = bootstrap.meanIou(metricsA.meanIou(), metricsB.meanIou());
    pixelAccuracy = bootstrap.pixelAccuracy(metricsA.pixelAccuracy(), metricsB.pixelAccuracy());
  }

  /**
   * Compares two runs on the same data set.
   *
   * @param a the first run, such as that of the old model
   * @param b the second run, such as that of the new model
   * @return the comparison
   * @throws IllegalArgumentException if classes, void, the rules for empty classes, or the truth of
   *     a photograph differ, or there is no photograph that both have
   */
  public static Comparison of(EvaluationReport a, EvaluationReport b) {
    List<String> differences = new ArrayList<>(a.info().classDifferences(b.info()));
    if (a.rule() != b.rule()) {
      differences.add(
          "the rules for empty classes: " + a.rule().word() + " and " + b.rule().word());
    }
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "the two runs cannot be compared, because they differ in %s"
              .formatted(String.join("; ", differences)));
    }
    return new Comparison(a, b);
  }

  private static List<String> lacking(EvaluationReport report, List<String> shared) {
    List<String> names =
        new ArrayList<>(report.images().stream().map(ImageResult::name).sorted().toList());
    names.removeAll(new HashSet<>(shared));
    return List.copyOf(names);
  }

  /** The masks are gone, but how many pixels each class has must be the same. */
  private static void requireSameTruth(ImageResult a, ImageResult b) {
    if (a.width() != b.width() || a.height() != b.height() || !truth(a).equals(truth(b))) {
      throw new IllegalArgumentException(
          ("the two runs cannot be compared, because the truth of %s differs; evaluate both on the"
                  + " same masks")
              .formatted(a.name()));
    }
  }

  private static Map<Long, Long> truth(ImageResult image) {
    Map<Long, Long> truth = new HashMap<>();
    for (int i = 0; i < image.cells().length; i += 3) {
      truth.merge(image.cells()[i], image.cells()[i + 2], Long::sum);
    }
    return truth;
  }

  /** {@return the first run} */
  public EvaluationReport a() {
    return a;
  }

  /** {@return the second run} */
  public EvaluationReport b() {
    return b;
  }

  /** {@return the photographs that only the first run has, and that were left out; sorted} */
  public List<String> onlyA() {
    return onlyA;
  }

  /** {@return the photographs that only the second run has, and that were left out; sorted} */
  public List<String> onlyB() {
    return onlyB;
  }

  /** {@return the mean IoUs over all shared photographs} */
  public Difference meanIou() {
    return meanIou;
  }

  /** {@return the pixel accuracies over all shared photographs} */
  public Difference pixelAccuracy() {
    return pixelAccuracy;
  }

  /** {@return all classes, in their order} */
  public List<ClassChange> classes() {
    return List.copyOf(classes);
  }

  /** {@return all shared photographs, sorted by name} */
  public List<ImageChange> images() {
    return List.copyOf(images);
  }

  /**
   * Returns the comparison as text for a terminal: the differences with their intervals, each
   * class, and the photographs that changed most.
   *
   * @return lines of at most 100 columns, each with its line break
   */
  public String toText() {
    return ComparisonText.of(this);
  }

  /**
   * Returns the comparison as JSON, with all classes and photographs.
   *
   * @return the text of an object; numbers that are none are null
   */
  public String toJson() {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      ComparisonJson.write(this, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return json.toString(StandardCharsets.UTF_8);
  }

  /** Both differences. */
  @Override
  public String toString() {
    return "Comparison[mIoU %s, pixel accuracy %s, %d images]"
        .formatted(
            Numbers.difference(meanIou.change()),
            Numbers.difference(pixelAccuracy.change()),
            images.size());
  }
}
