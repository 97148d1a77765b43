package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Compositing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jfree.data.xy.DefaultXYDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How time and memory grow with pixels and classes. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures everything but the network, from 0.5 to 48 megapixels, for 21 and 150 classes on a grid"
          + " of stride 4. Prints medians, and the heap allocated in addition to mask, overlay, alpha,"
          + " and cutout."
    })
final class GrowthCommand implements Callable<Integer> {
  private static final List<Integer> CLASSES = List.of(21, 150);

  @Option(
      names = "--megapixels",
      split = ",",
      paramLabel = "N",
      defaultValue = "0.5,1,2.5,6,12,24,48",
      description = "Default: ${DEFAULT-VALUE}.")
  private double[] megapixels = {};

  @Option(names = "--runs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 20;

  /** One run: times in milliseconds, and the MB allocated in addition to the results. */
  record Run(double prepare, double decoding, double color, double composite, double heap) {
    double sum() {
      return prepare + decoding + color + composite;
    }
  }

  @Override
  public Integer call() throws IOException {
    System.out.println(Machine.description() + "\n");
    Table table =
        new Table(
            List.of(
                "megapixels",
                "classes",
                "prepare",
                "decoding",
                "color",
                "composite",
                "sum, ms",
                "heap, MB"));
    DefaultXYDataset times = new DefaultXYDataset();
    DefaultXYDataset heaps = new DefaultXYDataset();
    for (int classes : CLASSES) {
      double[] sums = new double[megapixels.length];
      double[] heap = new double[megapixels.length];
      ModelCard model = ScoresBackend.model(classes);
      try (Segmenter segmenter = ScoresBackend.segmenter(model, Preprocessor.from(model.input()))) {
        for (int i = 0; i < megapixels.length; i++) {
          Run run = median(segmenter, photograph(megapixels[i]));
          table.add(row(megapixels[i], classes, run));
          sums[i] = run.sum();
          heap[i] = run.heap();
        }
      }
      times.addSeries(classes + " classes", new double[][] {megapixels, sums});
      heaps.addSeries(classes + " classes", new double[][] {megapixels, heap});
    }
    System.out.print(table);
    Path results = Main.results();
    Charts.lines(
        "Everything but the network",
        "megapixels",
        "ms",
        times,
        results.resolve("growth-time.svg"));
    Charts.lines(
        "Heap in addition to the results",
        "megapixels",
        "MB",
        heaps,
        results.resolve("growth-heap.svg"));
    return 0;
  }

  /** A size with proportions 3 : 2. */
  private static RgbImage photograph(double megapixels) throws IOException {
    int height = (int) Math.round(Math.sqrt(megapixels * 1e6 / 1.5));
    return Photographs.of(height * 3 / 2, height);
  }

  private static List<String> row(double megapixels, int classes, Run run) {
    return List.of(
        Table.number(megapixels, 1),
        Integer.toString(classes),
        Table.millis(run.prepare()),
        Table.millis(run.decoding()),
        Table.millis(run.color()),
        Table.millis(run.composite()),
        Table.millis(run.sum()),
        Table.number(run.heap(), 1));
  }

  /** The median of each figure; the first half of the runs is warm-up. */
  private Run median(Segmenter segmenter, RgbImage photo) {
    List<Run> counted = new ArrayList<>();
    for (int i = 0; i < 2 * runs; i++) {
      Run run = run(segmenter, photo);
      if (i >= runs) {
        counted.add(run);
      }
    }
    return new Run(
        Times.median(counted.stream().map(Run::prepare).toList()),
        Times.median(counted.stream().map(Run::decoding).toList()),
        Times.median(counted.stream().map(Run::color).toList()),
        Times.median(counted.stream().map(Run::composite).toList()),
        Times.median(counted.stream().map(Run::heap).toList()));
  }

  static Run run(Segmenter segmenter, RgbImage photo) {
    long allocated = Memory.allocated();
    SegmentationResult result = segmenter.segment(photo);
    long segmented = System.nanoTime();
    Coloring.overlay(photo, result, 0.5);
    long colored = System.nanoTime();
    AlphaMask hard = Alpha.foreground(result.mask(), result.labels());
    Compositing.cutout(photo, Alpha.feather(hard, Scene.BLUR));
    long composed = System.nanoTime();
    // Mask, overlay, soft alpha and cutout.
    long results = (1L + 3 + 1 + 4) * photo.width() * photo.height();
    return new Run(
        result.timings().preprocessing().toNanos() / 1e6,
        result.timings().decoding().toNanos() / 1e6,
        (colored - segmented) / 1e6,
        (composed - colored) / 1e6,
        (Memory.allocated() - allocated - results) / 1e6);
  }
}
