package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.BoundaryMetrics;
import io.github.pixelwise.evaluation.Calibration;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A report as one page that needs no other file. */
public final class HtmlReport {
  private final EvaluationReport report;
  private final SegmentationMetrics metrics;
  private final Optional<BoundaryMetrics> boundary;
  private final Optional<Calibration> calibration;
  private final ConfusionMatrix confusion;

  private HtmlReport(EvaluationReport report) {
    this.report = report;
    metrics = report.metrics();
    boundary = report.boundary();
    calibration = report.calibration();
    confusion = report.confusion();
  }

  public static String of(EvaluationReport report, List<Example> examples) throws IOException {
    return new HtmlReport(report).page(examples).html();
  }

  private Markup page(List<Example> examples) throws IOException {
    Map<String, Markup> parts = new HashMap<>();
    parts.put("css", Markup.join(List.of(Markup.style(), file("report.css"))));
    parts.put("js", file("report.js"));
    parts.put("dataset", Markup.of("%s", report.dataset()));
    parts.put("predictor", Markup.of("%s", report.predictor()));
    parts.put(
        "size",
        Markup.of(
            "%s, %s, %s",
            Numbers.count(report.images().size(), "photograph", "photographs"),
            Numbers.count(confusion.total(), "counted pixel", "counted pixels"),
            Numbers.count(metrics.classes(), "class", "classes")));
    parts.put("cards", cards());
    parts.put("rules", rules());
    parts.put("notes", notes());
    parts.put("classes", classes());
    HtmlConfusion matrix = new HtmlConfusion(confusion, report.labels());
    parts.put("confusion", matrix.heatMap());
    parts.put("mistakes", matrix.mistakes());
    parts.put("reliability", calibration.map(HtmlReliability::of).orElse(Markup.EMPTY));
    parts.put("examples", new HtmlExamples(report).of(examples));
    return file("report.html").with(parts);
  }

  private static Markup file(String name) throws IOException {
    return Markup.read(HtmlReport.class.getResourceAsStream(name));
  }

  private Markup cards() {
    List<Markup> cards = new ArrayList<>();
    String over = "mean over classes (%s)".formatted(metrics.rule().word());
    cards.add(card("Mean IoU", metrics.meanIou(), over));
    cards.add(card("Pixel accuracy", metrics.pixelAccuracy(), "right pixels of all"));
    cards.add(card("Mean accuracy", metrics.meanAccuracy(), "recall, " + over));
    cards.add(card("Mean precision", metrics.meanPrecision(), over));
    cards.add(card("Mean Dice", metrics.meanDice(), over));
    cards.add(
        card("Weighted IoU", metrics.frequencyWeightedIou(), "classes weighted by true pixels"));
    cards.add(card("Cohen's kappa", metrics.kappa(), "agreement beyond chance"));
    boundary.ifPresent(
        outlines -> {
          String width = report.boundaryWidth();
          boolean auto = width.equals("auto");
          cards.add(
              card(
                  "Boundary IoU",
                  outlines.meanIou(),
                  auto ? "2 % of the diagonal" : width + " px"));
          cards.add(
              card(
                  "Boundary F-score",
                  outlines.meanFScore(),
                  auto ? "0.75 % of the diagonal" : width + " px"));
        });
    calibration.ifPresent(
        curve ->
            cards.add(
                card(
                    "Calibration error",
                    curve.expectedError(),
                    "expected, over 15 bins; 0 is best")));
    return Markup.join(cards);
  }

  private static Markup card(String name, double value, String rule) {
    return Markup.of(
        "<div><dt>%s</dt><dd><strong>%s</strong><small>%s</small></dd></div>\n",
        name, Numbers.score(value), rule);
  }

  private Markup rules() {
    List<String> rules = new ArrayList<>(List.of(Rules.of(metrics.rule()), Rules.VOID));
    boundary.ifPresent(outlines -> rules.add(Rules.boundary(report.boundaryWidth())));
    calibration.ifPresent(curve -> rules.add(Rules.CALIBRATION));
    return items(rules);
  }

  private Markup notes() {
    return report.notes().isEmpty()
        ? Markup.EMPTY
        : Markup.of(
            "<aside class=\"notes\" aria-label=\"Notes\"><h3>Notes</h3><ul>%s</ul></aside>",
            items(report.notes()));
  }

  private static Markup items(List<String> texts) {
    return Markup.join(texts.stream().map(text -> Markup.of("<li>%s</li>\n", text)).toList());
  }

  private Markup classes() {
    List<Markup> rows = new ArrayList<>();
    for (int category = 0; category < metrics.classes(); category++) {
      rows.add(classRow(category));
    }
    return Markup.of(
        "<table class=\"sortable classes\"><caption>Metrics of each class</caption><thead><tr>"
            + "<th scope=\"col\">Class</th><th scope=\"col\">IoU</th><th scope=\"col\">Dice</th>"
            + "<th scope=\"col\">Recall</th><th scope=\"col\">Precision</th>%s"
            + "<th scope=\"col\">True pixels</th></tr></thead>\n<tbody>%s</tbody></table>",
        boundary.isEmpty()
            ? Markup.EMPTY
            : Markup.of("<th scope=\"col\">Boundary IoU</th><th scope=\"col\">Boundary F</th>"),
        Markup.join(rows));
  }

  private Markup classRow(int category) {
    double iou = metrics.iou(category);
    long pixels = confusion.truth(category);
    return Markup.of(
        "<tr><th scope=\"row\">%s%s</th>"
            + "<td class=\"bar\" data-value=\"%s\"><i style=\"width:%s\"></i><b>%s</b></td>"
            + "%s%s%s%s<td data-value=\"%s\">%s</td></tr>\n",
        swatch(report.palette().rgb(category)),
        report.labels().name(category),
        Double.isNaN(iou) ? "" : iou,
        percent(iou),
        Numbers.score(iou),
        score(metrics.dice(category)),
        score(metrics.recall(category)),
        score(metrics.precision(category)),
        boundary
            .map(
                outlines ->
                    Markup.of(
                        "%s%s", score(outlines.iou(category)), score(outlines.fScore(category))))
            .orElse(Markup.EMPTY),
        pixels,
        Numbers.count(pixels));
  }

  private static Markup score(double value) {
    return Markup.of(
        "<td data-value=\"%s\">%s</td>", Double.isNaN(value) ? "" : value, Numbers.score(value));
  }

  /** A square of a class's color, which says nothing to those who only hear the page. */
  static Markup swatch(int rgb) {
    return Markup.of(
        "<span class=\"swatch\" style=\"background:%s\"></span>",
        "#" + Integer.toHexString(0x1000000 | rgb).substring(1));
  }

  /** A share as a length in CSS. */
  private static String percent(double share) {
    return Double.isNaN(share) ? "0" : Math.round(share * 1000) / 10.0 + "%";
  }
}
