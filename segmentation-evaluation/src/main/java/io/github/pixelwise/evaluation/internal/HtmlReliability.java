package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.Calibration;
import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of a page that shows how far the confidence can be trusted. */
final class HtmlReliability {
  /** Sides of the curve's square and of the bars below it, in the drawing's units. */
  private static final int SIDE = 300;

  private static final int LEFT = 52;
  private static final int TOP = 12;
  private static final int BARS_TOP = TOP + SIDE + 56;
  private static final int BARS = 60;

  private HtmlReliability() {}

  static Markup of(Calibration calibration) {
    return Markup.of(
        "<section id=\"calibration\"><h2>Calibration</h2>"
            + "<p>Of the pixels with a confidence of 0.8, 80 %% should be right: then the points lie on"
            + " the dashed line. Below it, the model is too sure; above it, not sure enough. The"
            + " expected calibration error is <strong>%s</strong>.</p>"
            + "<div class=\"split\">%s<div class=\"scroll\" tabindex=\"0\" role=\"region\""
            + " aria-label=\"Numbers of the reliability curve\">%s</div></div></section>",
        Numbers.score(calibration.expectedError()), drawing(calibration), table(calibration));
  }

  private static Markup drawing(Calibration calibration) {
    long most = 1;
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      most = Math.max(most, calibration.pixels(bin));
    }
    List<Markup> parts = new ArrayList<>();
    for (int tick = 0; tick <= 5; tick++) {
      String label = tick == 0 ? "0" : tick == 5 ? "1" : "0." + 2 * tick;
      double at = tick / 5.0;
      parts.add(
          Markup.of(
              "<path class=\"grid\" d=\"M%s %sH%sM%s %sV%s\"/>"
                  + "<text class=\"end\" x=\"%s\" y=\"%s\">%s</text>"
                  + "<text class=\"middle\" x=\"%s\" y=\"%s\">%s</text>\n",
              LEFT,
              y(at),
              LEFT + SIDE,
              x(at),
              TOP,
              TOP + SIDE,
              LEFT - 8,
              number(TOP + SIDE * (1 - at) + 4),
              label,
              x(at),
              TOP + SIDE + 18,
              label));
    }
    parts.add(
        Markup.of(
            "<path class=\"ideal\" d=\"M%s %sL%s %s\"/>\n", LEFT, TOP + SIDE, LEFT + SIDE, TOP));
    StringBuilder line = new StringBuilder();
    List<Markup> points = new ArrayList<>();
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      long pixels = calibration.pixels(bin);
      if (pixels == 0) {
        continue;
      }
      String x = x(calibration.confidence(bin));
      String y = y(calibration.accuracy(bin));
      line.append(line.length() == 0 ? 'M' : 'L').append(x).append(' ').append(y);
      Markup title =
          Markup.of(
              "<title>confidence %s, accuracy %s, %s</title>",
              Numbers.score(calibration.confidence(bin)),
              Numbers.score(calibration.accuracy(bin)),
              Numbers.count(pixels, "pixel", "pixels"));
      points.add(
          Markup.of(
              "<circle class=\"point\" cx=\"%s\" cy=\"%s\" r=\"5\">%s</circle>\n", x, y, title));
      double height = BARS * ((double) pixels / most);
      points.add(
          Markup.of(
              "<rect class=\"pixels\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\">%s</rect>\n",
              number(LEFT + SIDE * (bin + 0.1) / Calibration.BINS),
              number(BARS_TOP + BARS - height),
              number(SIDE * 0.8 / Calibration.BINS),
              number(height),
              title));
    }
    parts.add(Markup.of("<path class=\"curve\" d=\"%s\"/>\n", line));
    parts.addAll(points);
    return Markup.of(
        "<svg class=\"reliability\" viewBox=\"0 0 %s %s\" role=\"img\""
            + " aria-label=\"Reliability curve: accuracy by confidence\">\n%s"
            + "<text class=\"middle\" x=\"%s\" y=\"%s\">confidence</text>"
            + "<text class=\"middle\" transform=\"translate(14 %s) rotate(-90)\">accuracy</text>"
            + "<text class=\"middle\" x=\"%s\" y=\"%s\">pixels, by confidence</text></svg>\n",
        LEFT + SIDE + 16,
        BARS_TOP + BARS + 24,
        Markup.join(parts),
        LEFT + SIDE / 2,
        TOP + SIDE + 36,
        TOP + SIDE / 2,
        LEFT + SIDE / 2,
        BARS_TOP + BARS + 18);
  }

  private static Markup table(Calibration calibration) {
    List<Markup> rows = new ArrayList<>();
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      rows.add(
          Markup.of(
              "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
              String.format(
                  Locale.ROOT,
                  "%.2f to %.2f",
                  (double) bin / Calibration.BINS,
                  (bin + 1.0) / Calibration.BINS),
              Numbers.score(calibration.confidence(bin)),
              Numbers.score(calibration.accuracy(bin)),
              Numbers.count(calibration.pixels(bin))));
    }
    return Markup.of(
        "<table><caption>Reliability by confidence</caption><thead><tr><th scope=\"col\">Bin</th>"
            + "<th scope=\"col\">Confidence</th><th scope=\"col\">Accuracy</th>"
            + "<th scope=\"col\">Pixels</th></tr></thead>\n<tbody>%s</tbody></table>",
        Markup.join(rows));
  }

  private static String x(double value) {
    return number(LEFT + SIDE * value);
  }

  private static String y(double value) {
    return number(TOP + SIDE * (1 - value));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
