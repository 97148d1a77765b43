package io.github.pixelwise.training.internal;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import io.github.pixelwise.training.internal.Chart.Time;
import io.github.pixelwise.training.internal.Curve.Point;
import java.util.ArrayList;
import java.util.List;

/** The part of a page that shows the IoU of each class over time. */
final class HtmlClasses {
  private final LabelMap labels;
  private final Palette palette;
  private final List<EpochEntry> validated;

  private HtmlClasses(LabelMap labels, Palette palette, List<EpochEntry> validated) {
    this.labels = labels;
    this.palette = palette;
    this.validated = validated;
  }

  static Markup of(LabelMap labels, Palette palette, List<EpochEntry> validated, Time time) {
    if (validated.isEmpty()) {
      return Markup.EMPTY;
    }
    HtmlClasses html = new HtmlClasses(labels, palette, validated);
    List<Markup> rows = new ArrayList<>();
    for (int category = 0; category < labels.size(); category++) {
      rows.add(html.row(category, time));
    }
    return Markup.of(
        "<section id=\"classes\"><h2>Classes</h2>"
            + "<p>IoU after each validation, from 0 at the bottom of a row to 1 at its top. Epochs in"
            + " which a class is absent are left out.</p>"
            + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"IoU of each class\">"
            + "<table class=\"classes\"><caption>IoU of each class</caption><thead><tr>"
            + "<th scope=\"col\">Class</th><th scope=\"col\">Over time</th><th scope=\"col\">First</th>"
            + "<th scope=\"col\">Best</th><th scope=\"col\">Last</th></tr></thead>\n"
            + "<tbody>%s</tbody></table></div></section>\n",
        Markup.join(rows));
  }

  private Markup row(int category, Time time) {
    Curve curve =
        new Curve(
            validated.stream()
                .map(entry -> new Point(entry.epoch(), entry.iouPerClass().get(category)))
                .toList());
    List<Point> numbers = curve.points().stream().filter(Point::isNumber).toList();
    return Markup.of(
        "<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:#%s\"></span>%s</th>"
            + "<td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
        Integer.toHexString(0x1000000 | palette.rgb(category)).substring(1),
        labels.name(category),
        Chart.sparkline(curve, time),
        Numbers.score(numbers.isEmpty() ? Double.NaN : numbers.get(0).y()),
        Numbers.score(numbers.stream().mapToDouble(Point::y).max().orElse(Double.NaN)),
        Numbers.score(numbers.isEmpty() ? Double.NaN : numbers.get(numbers.size() - 1).y()));
  }
}
