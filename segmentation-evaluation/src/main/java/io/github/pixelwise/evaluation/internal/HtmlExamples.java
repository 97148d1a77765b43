package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.ImageResult;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The part of a page that shows the worst photographs and the best. */
final class HtmlExamples {
  private static final int MOST_CLASSES = 12;

  private final EvaluationReport report;

  HtmlExamples(EvaluationReport report) {
    this.report = report;
  }

  /** Examples above the median count as the best, the others as the worst. */
  Markup of(List<Example> examples) throws IOException {
    double[] ious =
        report.images().stream()
            .mapToDouble(ImageResult::meanIou)
            .filter(iou -> !Double.isNaN(iou))
            .sorted()
            .toArray();
    List<Example> worst = new ArrayList<>();
    List<Example> best = new ArrayList<>();
    for (Example example : examples) {
      boolean isBest = ious.length > 1 && example.result().meanIou() > ious[(ious.length - 1) / 2];
      (isBest ? best : worst).add(example);
    }
    Comparator<Example> byIou = Comparator.comparingDouble(example -> example.result().meanIou());
    worst.sort(byIou);
    best.sort(byIou.reversed());
    return Markup.of(
        "%s%s",
        section("worst", "Worst photographs", worst), section("best", "Best photographs", best));
  }

  private Markup section(String id, String title, List<Example> examples) throws IOException {
    if (examples.isEmpty()) {
      return Markup.EMPTY;
    }
    List<Markup> items = new ArrayList<>();
    for (Example example : examples) {
      items.add(item(example));
    }
    return Markup.of(
        "<section id=\"%s\"><h2>%s</h2><p>%s</p>%s<ol class=\"gallery\">%s</ol></section>",
        id,
        title,
        Rules.IMAGES,
        Markup.of(
            "<ul class=\"legend\" aria-label=\"Colors of error maps\"><li>%sright</li>"
                + "<li>%swrong</li><li>%svoid, not counted</li></ul>",
            HtmlReport.swatch(ErrorMap.RIGHT),
            HtmlReport.swatch(ErrorMap.WRONG),
            HtmlReport.swatch(ErrorMap.VOID)),
        Markup.join(items));
  }

  private Markup item(Example example) throws IOException {
    ImageResult result = example.result();
    CategoryMask truth = Thumbnails.of(example.truth());
    CategoryMask prediction = Thumbnails.of(example.prediction());
    List<Markup> pictures = new ArrayList<>();
    if (example.photograph().isPresent()) {
      RgbImage photograph = Thumbnails.of(example.photograph().get());
      pictures.add(figure("photograph", result, photograph, Thumbnails.jpegUri(photograph)));
    }
    add(pictures, "truth", result, Coloring.colorize(truth, report.palette()));
    add(pictures, "prediction", result, Coloring.colorize(prediction, report.palette()));
    add(
        pictures,
        "error map",
        result,
        ErrorMap.of(truth, prediction, report.labels().ignoreIndex()));
    return Markup.of(
        "<li data-iou=\"%s\" data-accuracy=\"%s\" data-name=\"%s\"><article><h3>%s</h3>"
            + "<p class=\"numbers\">IoU <b>%s</b>, pixel accuracy <b>%s</b>, %s × %s pixels</p>"
            + "<div class=\"pictures\">%s</div><ul class=\"chips\">%s</ul></article></li>\n",
        result.meanIou(),
        result.pixelAccuracy(),
        result.name(),
        result.name(),
        Numbers.score(result.meanIou()),
        Numbers.score(result.pixelAccuracy()),
        result.width(),
        result.height(),
        Markup.join(pictures),
        chips(result));
  }

  private static void add(List<Markup> pictures, String what, ImageResult result, RgbImage image)
      throws IOException {
    pictures.add(figure(what, result, image, Thumbnails.pngUri(image)));
  }

  private static Markup figure(String what, ImageResult result, RgbImage image, String uri) {
    return Markup.of(
        "<figure><img src=\"%s\" alt=\"%s of %s\" width=\"%s\" height=\"%s\"/>"
            + "<figcaption>%s</figcaption></figure>",
        uri, what, result.name(), image.width(), image.height(), what);
  }

  /** The classes of an image with their IoU, those with the most pixels first. */
  private Markup chips(ImageResult result) {
    ConfusionMatrix confusion = ConfusionMatrix.of(report.labels());
    result.addTo(confusion);
    SegmentationMetrics metrics = confusion.metrics(EmptyClasses.SKIP);
    Map<Integer, Long> pixels = new HashMap<>();
    IntStream.range(0, metrics.classes())
        .forEach(
            category ->
                pixels.put(category, confusion.truth(category) + confusion.predicted(category)));
    List<Integer> present =
        IntStream.range(0, metrics.classes())
            .boxed()
            .filter(category -> !Double.isNaN(metrics.iou(category)))
            .sorted(Comparator.comparing(pixels::get, Comparator.reverseOrder()))
            .toList();
    List<Markup> chips = new ArrayList<>();
    present.stream()
        .limit(MOST_CLASSES)
        .forEach(
            category ->
                chips.add(
                    Markup.of(
                        "<li>%s%s <b>%s</b></li>",
                        HtmlReport.swatch(report.palette().rgb(category)),
                        report.labels().name(category),
                        Numbers.score(metrics.iou(category)))));
    if (present.size() > MOST_CLASSES) {
      chips.add(Markup.of("<li>and %s more</li>", present.size() - MOST_CLASSES));
    }
    return Markup.join(chips);
  }
}
