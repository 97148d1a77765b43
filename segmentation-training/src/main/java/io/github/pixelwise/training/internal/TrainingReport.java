package io.github.pixelwise.training.internal;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.training.internal.Chart.Time;
import io.github.pixelwise.training.internal.Curve.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/** The file {@code report.html} of a run: one page that needs no other file. */
public final class TrainingReport {
  private final String network;
  private final String dataset;
  private final Map<String, String> settings;
  private final LabelMap labels;
  private final Palette palette;
  private final Samples samples;

  /**
   * Remembers what stays the same during a run.
   *
   * @param network the name of the network
   * @param dataset the name of the data set
   * @param settings the settings of the recipe, shown in the map's order
   * @param labels the classes
   * @param palette their colors
   * @param samples the pictures to show
   */
  public TrainingReport(
      String network,
      String dataset,
      Map<String, String> settings,
      LabelMap labels,
      Palette palette,
      Samples samples) {
    this.network = network;
    this.dataset = dataset;
    this.settings = settings;
    this.labels = labels;
    this.palette = palette;
    this.samples = samples;
  }

  /**
   * The epoch with the highest mean IoU, the earliest of equals; none if no epoch was validated.
   */
  static Optional<EpochEntry> best(List<EpochEntry> epochs) {
    return epochs.stream()
        .filter(entry -> !Double.isNaN(entry.meanIou()))
        .max(
            Comparator.comparingDouble(EpochEntry::meanIou)
                .thenComparing(EpochEntry::epoch, Comparator.reverseOrder()));
  }

  /**
   * Writes the page, completely or not at all; one that is there is replaced.
   *
   * @param folder the folder of the run
   * @param log what has happened so far
   */
  public void write(Path folder, TrainingLog log) throws IOException {
    byte[] page = html(log.epochs(), log.steps()).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve("report.html"), out -> out.write(page));
  }

  String html(List<EpochEntry> epochs, List<StepEntry> steps) throws IOException {
    Optional<EpochEntry> best = best(epochs);
    OptionalInt bestEpoch = best.stream().mapToInt(EpochEntry::epoch).findFirst();
    List<EpochEntry> validated = epochs.stream().filter(EpochEntry::isValidated).toList();
    Time time = time(epochs, steps);
    return Markup.of(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/>
            <title>%s: training on %s</title>
            <style>
            %s</style>
            </head>
            <body>
            <header>
            <p class="kind">Training of</p>
            <h1>%s</h1>
            <p class="dataset">on %s</p>
            <p class="kind">%s, %s, %s</p>
            </header>
            <main>
            %s%s%s%s%s%s</main>
            </body>
            </html>
            """,
            network,
            dataset,
            css(),
            network,
            dataset,
            Numbers.count(epochs.size(), "epoch", "epochs"),
            Numbers.count(steps.size(), "step", "steps"),
            Numbers.count(labels.size(), "class", "classes"),
            numbers(epochs, validated, best),
            curves(epochs, validated, steps, time),
            HtmlClasses.of(labels, palette, validated, time),
            HtmlSamples.of(samples, bestEpoch),
            settings(),
            table(epochs, bestEpoch))
        .html();
  }

  private static Markup css() throws IOException {
    return Markup.join(
        List.of(
            Markup.style(), Markup.read(TrainingReport.class.getResourceAsStream("report.css"))));
  }

  /** Epochs, or steps as long as no epoch is complete. */
  private static Time time(List<EpochEntry> epochs, List<StepEntry> steps) {
    long last = steps.isEmpty() ? 0 : steps.get(steps.size() - 1).step();
    return epochs.isEmpty()
        ? new Time("step", last)
        : new Time(
            "epoch", Math.max(epochs.get(epochs.size() - 1).epoch(), last / stepsPerEpoch(epochs)));
  }

  private static double stepsPerEpoch(List<EpochEntry> epochs) {
    EpochEntry last = epochs.get(epochs.size() - 1);
    return (double) last.step() / last.epoch();
  }

  private static Markup numbers(
      List<EpochEntry> epochs, List<EpochEntry> validated, Optional<EpochEntry> best) {
    if (epochs.isEmpty()) {
      return Markup.of(
          "<section id=\"numbers\"><h2>Numbers</h2><p>No epoch is complete yet.</p></section>\n");
    }
    List<Markup> cards = new ArrayList<>();
    best.ifPresent(
        entry ->
            cards.add(
                card("Best mean IoU", Numbers.score(entry.meanIou()), "epoch " + entry.epoch())));
    if (!validated.isEmpty()) {
      EpochEntry entry = validated.get(validated.size() - 1);
      String epoch = "epoch " + entry.epoch();
      cards.add(card("Last mean IoU", Numbers.score(entry.meanIou()), epoch));
      cards.add(card("Pixel accuracy", Numbers.score(entry.pixelAccuracy()), epoch));
    }
    EpochEntry last = epochs.get(epochs.size() - 1);
    cards.add(card("Loss", Numbers.score(last.loss()), "mean of epoch " + last.epoch()));
    cards.add(
        card(
            "Time",
            Numbers.duration(epochs.stream().mapToDouble(EpochEntry::seconds).sum()),
            "all epochs, with validation"));
    cards.add(
        card(
            "Speed",
            Numbers.tenths(last.photosPerSecond()),
            "photos per second; %s of epoch %d spent waiting"
                .formatted(Numbers.percent(last.waitingShare()), last.epoch())));
    return Markup.of(
        "<section id=\"numbers\"><h2>Numbers</h2><dl class=\"cards\">\n%s</dl></section>\n",
        Markup.join(cards));
  }

  private static Markup card(String name, String value, String note) {
    return Markup.of(
        "<div><dt>%s</dt><dd><strong>%s</strong><small>%s</small></dd></div>\n", name, value, note);
  }

  private static Markup curves(
      List<EpochEntry> epochs, List<EpochEntry> validated, List<StepEntry> steps, Time time) {
    double unit = epochs.isEmpty() ? 1 : stepsPerEpoch(epochs);
    Curve none = new Curve(List.of());
    Markup charts =
        Markup.join(
            List.of(
                Chart.ofMost(
                    "Loss",
                    "of steps, and mean of epochs",
                    time,
                    steps(steps, unit, StepEntry::loss),
                    epochs(epochs, EpochEntry::loss)),
                Chart.of(
                    "Learning rate",
                    "of steps, and at the end of epochs",
                    time,
                    steps(steps, unit, StepEntry::rate),
                    epochs(epochs, EpochEntry::rate)),
                Chart.of(
                    "Mean IoU",
                    "of validations",
                    time,
                    none,
                    epochs(validated, EpochEntry::meanIou)),
                Chart.of(
                    "Pixel accuracy",
                    "of validations",
                    time,
                    none,
                    epochs(validated, EpochEntry::pixelAccuracy))));
    return charts.html().isEmpty()
        ? Markup.EMPTY
        : Markup.of(
            "<section id=\"curves\"><h2>Curves</h2><div class=\"charts\">\n%s</div></section>\n",
            charts);
  }

  private static Curve steps(
      List<StepEntry> steps, double unit, ToDoubleFunction<StepEntry> value) {
    return new Curve(
        steps.stream()
            .map(entry -> new Point(entry.step() / unit, value.applyAsDouble(entry)))
            .toList());
  }

  private static Curve epochs(List<EpochEntry> epochs, ToDoubleFunction<EpochEntry> value) {
    return new Curve(
        epochs.stream()
            .map(entry -> new Point(entry.epoch(), value.applyAsDouble(entry)))
            .toList());
  }

  private Markup settings() {
    return settings.isEmpty()
        ? Markup.EMPTY
        : Markup.of(
            "<section id=\"settings\"><h2>Settings</h2><dl class=\"settings\">\n%s</dl></section>\n",
            Markup.join(
                settings.entrySet().stream()
                    .map(
                        setting ->
                            Markup.of(
                                "<div><dt>%s</dt><dd>%s</dd></div>\n",
                                setting.getKey(), setting.getValue()))
                    .toList()));
  }

  private static Markup table(List<EpochEntry> epochs, OptionalInt best) {
    return epochs.isEmpty()
        ? Markup.EMPTY
        : Markup.of(
            "<section id=\"epochs\"><h2>Epochs</h2>"
                + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All epochs\">"
                + "<table><caption>All epochs</caption><thead><tr><th scope=\"col\">Epoch</th>"
                + "<th scope=\"col\">Loss</th><th scope=\"col\">Mean IoU</th>"
                + "<th scope=\"col\">Pixel accuracy</th><th scope=\"col\">Learning rate</th>"
                + "<th scope=\"col\">Photos/s</th><th scope=\"col\">Waiting</th>"
                + "<th scope=\"col\">Time</th></tr></thead>\n<tbody>%s</tbody></table></div></section>\n",
            Markup.join(
                epochs.stream()
                    .map(entry -> row(entry, OptionalInt.of(entry.epoch()).equals(best)))
                    .toList()));
  }

  private static Markup row(EpochEntry epoch, boolean isBest) {
    return Markup.of(
        "<tr%s><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
            + "<td>%s</td><td>%s</td></tr>\n",
        isBest ? Markup.of(" class=\"best\"") : Markup.EMPTY,
        epoch.epoch() + (isBest ? " (best)" : ""),
        Numbers.score(epoch.loss()),
        Numbers.score(epoch.meanIou()),
        Numbers.score(epoch.pixelAccuracy()),
        Numbers.rate(epoch.rate()),
        Numbers.tenths(epoch.photosPerSecond()),
        Numbers.percent(epoch.waitingShare()),
        Numbers.duration(epoch.seconds()));
  }
}
