package io.github.pixelwise.training.internal;

import static io.github.pixelwise.training.internal.Curve.length;

import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import io.github.pixelwise.training.internal.Curve.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Draws curves over time. */
final class Chart {
  private static final int LEFT = 74;
  private static final int TOP = 12;
  private static final int WIDTH = 394;
  private static final int HEIGHT = 190;

  /** A drawing of this width has no room for more. */
  private static final int MOST_POINTS = 500;

  /** More dots than these would hide the line. */
  private static final int MOST_DOTS = 60;

  private static final int SPARKLINE_POINTS = 120;
  private static final int SPARKLINE_WIDTH = 240;
  private static final int SPARKLINE_HEIGHT = 26;
  private static final int SPARKLINE_MARGIN = 3;

  /** What the horizontal axis counts, in the singular, and where it ends. */
  record Time(String unit, double end) {}

  private Chart() {}

  /**
   * A chart; nothing if there is no number.
   *
   * @param title what it shows
   * @param note how to read it
   * @param time the horizontal axis
   * @param fine a thin line
   * @param strong a strong line above it, with a dot for each point
   */
  static Markup of(String title, String note, Time time, Curve fine, Curve strong) {
    double[] values = values(fine, strong);
    return values.length == 0
        ? Markup.EMPTY
        : draw(
            title,
            note,
            time,
            fine,
            strong,
            Axis.of(
                Arrays.stream(values).min().getAsDouble(),
                Arrays.stream(values).max().getAsDouble()));
  }

  /**
   * A chart of {@linkplain Axis#ofMost most} of the numbers. Lines are cut off at its upper edge,
   * which a note says.
   */
  static Markup ofMost(String title, String note, Time time, Curve fine, Curve strong) {
    double[] values = values(fine, strong);
    if (values.length == 0) {
      return Markup.EMPTY;
    }
    Axis y = Axis.ofMost(values);
    double[] above = Arrays.stream(values).filter(value -> value > y.high()).toArray();
    return draw(
        title,
        above.length == 0
            ? note
            : "%s; %s above %s cut off, the highest is %s"
                .formatted(
                    note,
                    above.length == 1 ? "1 point" : above.length + " points",
                    y.label(y.high()) + (above.length == 1 ? " is" : " are"),
                    Numbers.value(Arrays.stream(above).max().getAsDouble())),
        time,
        fine,
        strong,
        y);
  }

  private static double[] values(Curve fine, Curve strong) {
    return Stream.concat(fine.points().stream(), strong.points().stream())
        .filter(Point::isNumber)
        .mapToDouble(Point::y)
        .toArray();
  }

  private static Markup draw(
      String title, String note, Time time, Curve fine, Curve strong, Axis y) {
    Curve thin = fine.thinned(MOST_POINTS);
    Curve thick = strong.thinned(MOST_POINTS);
    Axis x = Axis.whole(time.end());
    return Markup.of(
        "<figure class=\"chart\"><figcaption><h3>%s</h3> %s</figcaption>"
            + "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s over time, from %s to %s\">\n"
            + "%s%s%s%s<text class=\"end\" x=\"%s\" y=\"%s\">%s</text></svg></figure>\n",
        title,
        note,
        LEFT + WIDTH + 12,
        TOP + HEIGHT + 42,
        title,
        y.label(y.low()),
        y.label(y.high()),
        grid(x, y),
        line("fine", thin, x, y),
        line("strong", thick, x, y),
        dots(thick, time, x, y),
        LEFT + WIDTH,
        TOP + HEIGHT + 37,
        time.unit());
  }

  private static Markup grid(Axis x, Axis y) {
    List<Markup> lines = new ArrayList<>();
    for (double tick : y.ticks()) {
      lines.add(
          Markup.of(
              "<path class=\"grid\" d=\"M%s %sh%s\"/><text class=\"end\" x=\"%s\" y=\"%s\">%s</text>\n",
              LEFT,
              length(top(y, tick)),
              WIDTH,
              LEFT - 8,
              length(top(y, tick) + 4),
              y.label(tick)));
    }
    for (double tick : x.ticks()) {
      lines.add(
          Markup.of(
              "<text class=\"middle\" x=\"%s\" y=\"%s\">%s</text>\n",
              length(left(x, tick)), TOP + HEIGHT + 18, x.label(tick)));
    }
    return Markup.join(lines);
  }

  private static Markup line(String style, Curve curve, Axis x, Axis y) {
    return curve.points().isEmpty()
        ? Markup.EMPTY
        : Markup.of(
            "<path class=\"%s\" d=\"%s\"/>\n",
            style, curve.path(value -> left(x, value), value -> top(y, value)));
  }

  private static Markup dots(Curve curve, Time time, Axis x, Axis y) {
    if (curve.points().size() > MOST_DOTS) {
      return Markup.EMPTY;
    }
    return Markup.join(
        curve.points().stream()
            .filter(Point::isNumber)
            .map(
                point ->
                    Markup.of(
                        "<circle cx=\"%s\" cy=\"%s\" r=\"3.5\"><title>%s %s: %s</title></circle>\n",
                        length(left(x, point.x())),
                        length(top(y, point.y())),
                        time.unit(),
                        Math.round(point.x()),
                        Numbers.value(point.y())))
            .toList());
  }

  private static double left(Axis axis, double value) {
    return LEFT + WIDTH * axis.position(value);
  }

  private static double top(Axis axis, double value) {
    return TOP + HEIGHT * (1 - Math.min(1, axis.position(value)));
  }

  /** A small line of shares, 0 at the bottom and 1 at the top. */
  static Markup sparkline(Curve curve, Time time) {
    double width = SPARKLINE_WIDTH - 2 * SPARKLINE_MARGIN;
    double height = SPARKLINE_HEIGHT - 2 * SPARKLINE_MARGIN;
    Axis x = Axis.whole(time.end());
    return Markup.of(
        "<svg class=\"sparkline\" viewBox=\"0 0 %s %s\" preserveAspectRatio=\"none\""
            + " aria-hidden=\"true\"><path class=\"strong\" d=\"%s\"/></svg>",
        SPARKLINE_WIDTH,
        SPARKLINE_HEIGHT,
        curve
            .thinned(SPARKLINE_POINTS)
            .path(
                value -> SPARKLINE_MARGIN + width * x.position(value),
                value -> SPARKLINE_MARGIN + height * (1 - value)));
  }
}
