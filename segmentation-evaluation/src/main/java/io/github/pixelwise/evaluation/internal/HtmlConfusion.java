package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The parts of a page that show which class is taken for which. */
final class HtmlConfusion {
  /** With more classes, cells are too small for numbers. */
  private static final int MOST_WITH_NUMBERS = 30;

  private static final int MISTAKES = 10;

  /** Shades of a cell, from none to full. */
  private static final int SHADES = 10;

  private final ConfusionMatrix confusion;
  private final LabelMap labels;

  HtmlConfusion(ConfusionMatrix confusion, LabelMap labels) {
    this.confusion = confusion;
    this.labels = labels;
  }

  /** A row for each class of the truth, its cells shaded by their share of the row. */
  Markup heatMap() {
    List<Markup> columns = new ArrayList<>();
    for (int prediction : predictions()) {
      columns.add(Markup.of("<th scope=\"col\"><span>%s</span></th>", name(prediction)));
    }
    List<Markup> rows = new ArrayList<>();
    for (int truth = 0; truth < confusion.classes(); truth++) {
      rows.add(row(truth));
    }
    return Markup.of(
        "<table class=\"matrix%s\"><caption>Confusion matrix: truth in rows, predictions in columns,"
            + " percent of the row</caption>"
            + "<thead><tr><td></td>%s</tr></thead>\n<tbody>%s</tbody></table>",
        confusion.classes() > MOST_WITH_NUMBERS ? " dense" : "",
        Markup.join(columns),
        Markup.join(rows));
  }

  private Markup row(int truth) {
    long pixels = confusion.truth(truth);
    List<Markup> cells = new ArrayList<>();
    for (int prediction : predictions()) {
      cells.add(cell(truth, prediction, pixels));
    }
    return Markup.of(
        "<tr><th scope=\"row\"><span>%s</span></th>%s</tr>\n", name(truth), Markup.join(cells));
  }

  private Markup cell(int truth, int prediction, long pixels) {
    long count = confusion.count(truth, prediction);
    if (count == 0) {
      return Markup.of("<td></td>");
    }
    double share = (double) count / pixels;
    // The root, because the small shares are the interesting ones.
    int shade = (int) Math.ceil(SHADES * Math.sqrt(share));
    boolean written = confusion.classes() <= MOST_WITH_NUMBERS && share >= 0.005;
    return Markup.of(
        "<td class=\"%s%s\" title=\"%s as %s: %s (%s)\">%s</td>",
        truth == prediction ? "r" : "w",
        shade,
        name(truth),
        name(prediction),
        percent(share),
        Numbers.count(count, "pixel", "pixels"),
        written ? Math.round(100 * share) : "");
  }

  /** The pairs of classes with the most wrong pixels. */
  Markup mistakes() {
    record Mistake(int truth, int prediction, long pixels) {}
    List<Mistake> mistakes = new ArrayList<>();
    for (int truth = 0; truth < confusion.classes(); truth++) {
      for (int prediction : predictions()) {
        long pixels = confusion.count(truth, prediction);
        if (truth != prediction && pixels > 0) {
          mistakes.add(new Mistake(truth, prediction, pixels));
        }
      }
    }
    mistakes.sort(Comparator.comparingLong(Mistake::pixels).reversed());
    List<Markup> rows =
        mistakes.stream()
            .limit(MISTAKES)
            .map(
                mistake ->
                    Markup.of(
                        "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                        name(mistake.truth),
                        name(mistake.prediction),
                        Numbers.count(mistake.pixels),
                        percent((double) mistake.pixels / confusion.truth(mistake.truth))))
            .toList();
    return rows.isEmpty()
        ? Markup.of("<p>Not one pixel is wrong.</p>")
        : Markup.of(
            "<table class=\"mistakes\"><caption>Most frequent mistakes</caption><thead><tr>"
                + "<th scope=\"col\">Truth</th><th scope=\"col\">Predicted as</th>"
                + "<th scope=\"col\">Pixels</th><th scope=\"col\">Of the class</th></tr></thead>\n"
                + "<tbody>%s</tbody></table>",
            Markup.join(rows));
  }

  /** All classes, and void if anything was predicted so. */
  private List<Integer> predictions() {
    List<Integer> predictions = new ArrayList<>();
    for (int category = 0; category < confusion.classes(); category++) {
      predictions.add(category);
    }
    if (confusion.predicted(ConfusionMatrix.VOID) > 0) {
      predictions.add(ConfusionMatrix.VOID);
    }
    return predictions;
  }

  private String name(int category) {
    return category == ConfusionMatrix.VOID ? "void" : labels.name(category);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
