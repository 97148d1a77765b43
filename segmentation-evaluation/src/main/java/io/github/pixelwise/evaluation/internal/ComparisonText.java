package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.Comparison;
import io.github.pixelwise.evaluation.Difference;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A comparison as text for a terminal. */
public final class ComparisonText {
  private static final int IMAGES = 10;

  private ComparisonText() {}

  public static String of(Comparison comparison) {
    EvaluationReport a = comparison.a();
    EvaluationReport b = comparison.b();
    StringBuilder text = new StringBuilder();
    text.append(TextTable.wrapped("A: %s on %s".formatted(a.predictor(), a.dataset())));
    text.append(TextTable.wrapped("B: %s on %s".formatted(b.predictor(), b.dataset())));
    text.append(
        TextTable.wrapped(
            Numbers.count(comparison.images().size(), "photograph", "photographs")
                + (comparison.images().size() == 1 ? " is in both." : " are in both.")));
    leftOut(text, "A", comparison.onlyA());
    leftOut(text, "B", comparison.onlyB());
    text.append('\n').append(totals(comparison)).append('\n').append(classes(comparison));
    List<Comparison.ImageChange> changed =
        comparison.images().stream()
            .filter(image -> image.change() != 0 && !Double.isNaN(image.change()))
            .sorted(Comparator.comparingDouble(Comparison.ImageChange::change))
            .toList();
    images(text, "photographs that got worse", changed.stream().filter(i -> i.change() < 0));
    images(
        text,
        "photographs that got better",
        changed.stream()
            .sorted(Comparator.comparingDouble(Comparison.ImageChange::change).reversed())
            .filter(i -> i.change() > 0));
    text.append('\n');
    text.append(
        TextTable.wrapped(
            ("Intervals are paired bootstraps over photographs: 95 %%, percentiles of %s resamples,"
                    + " seed %s.")
                .formatted(Numbers.count(Comparison.RESAMPLES), Comparison.SEED)));
    text.append(TextTable.wrapped(Rules.of(a.rule())));
    text.append(TextTable.wrapped(Rules.VOID));
    text.append(TextTable.wrapped(Rules.IMAGES));
    return text.toString();
  }

  private static void leftOut(StringBuilder text, String run, List<String> names) {
    if (!names.isEmpty()) {
      text.append(
          TextTable.wrapped(
              "Only %s has %s, left out here: %s%s"
                  .formatted(
                      run,
                      Numbers.count(names.size(), "photograph", "photographs"),
                      String.join(", ", names.subList(0, Math.min(IMAGES, names.size()))),
                      names.size() > IMAGES ? ", ..." : "")));
    }
  }

  private static TextTable totals(Comparison comparison) {
    TextTable table = new TextTable();
    table.row(List.of("", "A", "B", "B - A", "95 % interval", ""));
    total(table, "mean IoU (%s)".formatted(comparison.a().rule().word()), comparison.meanIou());
    total(table, "pixel accuracy", comparison.pixelAccuracy());
    return table;
  }

  private static void total(TextTable table, String name, Difference metric) {
    table.row(
        List.of(
            name,
            Numbers.score(metric.a()),
            Numbers.score(metric.b()),
            Numbers.difference(metric.change()),
            Numbers.difference(metric.low()) + " to " + Numbers.difference(metric.high()),
            metric.isClear() ? metric.change() > 0 ? "better" : "worse" : "not clear"));
  }

  /** Those that got worst first. */
  private static TextTable classes(Comparison comparison) {
    TextTable table = new TextTable();
    table.row(List.of("class", "IoU of A", "IoU of B", "B - A"));
    comparison.classes().stream()
        .sorted(Comparator.comparingDouble(Comparison.ClassChange::change))
        .forEach(
            change ->
                table.row(
                    List.of(
                        change.name(),
                        Numbers.score(change.a()),
                        Numbers.score(change.b()),
                        Numbers.difference(change.change()))));
    return table;
  }

  private static void images(
      StringBuilder text, String title, Stream<Comparison.ImageChange> changes) {
    TextTable table = new TextTable();
    table.row(List.of(title, "IoU of A", "IoU of B", "B - A"));
    List<Comparison.ImageChange> all = changes.toList();
    all.stream()
        .limit(IMAGES)
        .forEach(
            image ->
                table.row(
                    List.of(
                        image.name(),
                        Numbers.score(image.meanIouA()),
                        Numbers.score(image.meanIouB()),
                        Numbers.difference(image.change()))));
    if (!all.isEmpty()) {
      text.append('\n').append(table);
    }
    if (all.size() > IMAGES) {
      text.append("and ").append(all.size() - IMAGES).append(" more\n");
    }
  }
}
