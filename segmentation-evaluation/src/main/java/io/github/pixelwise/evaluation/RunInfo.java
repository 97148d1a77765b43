package io.github.pixelwise.evaluation;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What was evaluated on what. Two runs may be joined if they have no {@link #differences}.
 *
 * @param dataset the data set's name
 * @param samples the number of its samples
 * @param predictor the model, backend and device, or the folder of predictions
 * @param labels the data set's classes
 * @param palette their colors
 * @param boundary the width of boundaries: pixels, {@code auto}, or {@code none}
 * @param calibration whether there are confidences
 * @param notes what a reader must know to understand the numbers
 */
record RunInfo(
    String dataset,
    int samples,
    String predictor,
    LabelMap labels,
    Palette palette,
    String boundary,
    boolean calibration,
    List<String> notes) {

  /** The colors of the classes as {@code #rrggbb}. */
  List<String> colors() {
    return IntStream.range(0, labels.size())
        .mapToObj(category -> "#%06x".formatted(palette.rgb(category)))
        .toList();
  }

  /** One phrase for each thing that is not the same, such as {@code 30 and 200 photographs}. */
  List<String> differences(RunInfo other) {
    List<String> differences = new ArrayList<>();
    compare(differences, "the data sets", dataset, other.dataset);
    compare(differences, "the numbers of photographs", samples, other.samples);
    compare(differences, "the predictors", predictor, other.predictor);
    differences.addAll(classDifferences(other));
    compare(differences, "the colors", colors(), other.colors());
    compare(differences, "the widths of boundaries", boundary, other.boundary);
    compare(differences, "with confidence", calibration, other.calibration);
    compare(differences, "the notes", notes, other.notes);
    return differences;
  }

  /** One phrase for each difference that forbids to compare numbers: classes and void. */
  List<String> classDifferences(RunInfo other) {
    List<String> differences = new ArrayList<>();
    compare(differences, "the numbers of classes", labels.size(), other.labels.size());
    for (int i = 0; i < Math.min(labels.size(), other.labels.size()); i++) {
      compare(differences, "class " + i, labels.name(i), other.labels.name(i));
    }
    compare(differences, "void", labels.ignoreIndex(), other.labels.ignoreIndex());
    return differences;
  }

  private static void compare(List<String> differences, String what, Object one, Object other) {
    if (!one.equals(other)) {
      differences.add("%s: %s and %s".formatted(what, one, other));
    }
  }
}
