package io.github.pixelwise.benchmarks;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.convert.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jfree.data.category.DefaultCategoryDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whole pipelines in turn on the same photos and weights. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures pipelines from a JPEG file to PNG files of the overlay and the cutout, at the photo's"
          + " size: Pixelwise on each engine, the engine alone, the tutorials' Python, and DJL's own"
          + " translator. Each runs in its own process, in turn. Prints medians."
    })
final class SideBySideCommand implements Callable<Integer> {
  private static final String EMBEDDED = "deeplabv3plus_mobilenetv2_refined";
  private static final int FEWEST_ROUNDS = 3;

  @Option(
      names = "--photo",
      paramLabel = "FILE",
      description =
          "A photo; repeatable (default: those of examples/photos, as 1920 x 1280 JPEGs).")
  private List<Path> photos = List.of();

  @Option(
      names = "--network",
      split = ",",
      paramLabel = "NAME",
      description = "The networks (default: ${DEFAULT-VALUE}).",
      defaultValue =
          "embedded,lraspp_mobilenet_v3_large,deeplabv3_mobilenet_v3_large,deeplabv3_resnet101")
  private List<String> networks = List.of();

  @Option(
      names = "--weights",
      paramLabel = "DIR",
      description = "The folder of NAME.pth; weights.py creates missing files.")
  private Path weights = Main.results().resolve("weights");

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "At most this many measured rounds (default: ${DEFAULT-VALUE}).")
  private int rounds = 30;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "Start no new round after this time, except the first three (default: ${DEFAULT-VALUE}).")
  private int seconds = 120;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "How long each pipeline warms up (default: ${DEFAULT-VALUE}).")
  private int warmUp = 10;

  @Option(names = "--python", paramLabel = "PROGRAM", description = "Default: ${DEFAULT-VALUE}.")
  private String program = "python3";

  @Override
  public Integer call() throws IOException {
    Optional<Python> python = Python.find(program, "torch, torchvision, cv2, PIL");
    Path work = Files.createDirectories(Main.results().resolve("side-by-side"));
    if (photos.isEmpty()) {
      photos = Photographs.jpegs(1920, 1280, work.resolve("photos"));
    }
    System.out.println(Machine.description());
    for (String network : networks) {
      Subject subject =
          Subject.write(
              network.equals("embedded") ? EMBEDDED : network,
              checkpoint(network, python),
              work.resolve(network));
      measure(network, subject, python, work);
    }
    return 0;
  }

  private Optional<Path> checkpoint(String network, Optional<Python> python) throws IOException {
    if (network.equals("embedded")) {
      return Optional.of(
          Main.home()
              .resolve("segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth"));
    }
    Path file = weights.resolve(network + ".pth");
    if (!Files.exists(file) && python.isPresent()) {
      python.get().makeWeights(weights, network);
    }
    if (!Files.exists(file)) {
      System.out.printf("%s is missing: using random weights, so masks are noise.%n", file);
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private void measure(String network, Subject subject, Optional<Python> python, Path work)
      throws IOException {
    List<Contender> contenders = new ArrayList<>();
    try {
      start(subject, python, contenders);
      for (Contender contender : contenders) {
        warmUp(contender, work);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      int round = 0;
      for (; round < rounds && (round < FEWEST_ROUNDS || System.nanoTime() < end); round++) {
        for (int i = 0; i < contenders.size(); i++) {
          // Back and forth, so that no pipeline always runs after the same one.
          int next = round % 2 == 0 ? i : contenders.size() - 1 - i;
          contenders.get(next).measure(files(work, photos.get(round % photos.size()), ""));
        }
      }
      System.out.printf(
          "%n%s, input %s; rounds: %d; medians in ms, and how much faster than %s%n%n",
          network, subject.size(), round, contenders.get(contenders.size() - 1).name());
      System.out.print(table(contenders, work));
      chart(network, contenders);
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private static void start(Subject subject, Optional<Python> python, List<Contender> contenders)
      throws IOException {
    for (String backend : List.of("onnx", "djl", "opencv-dnn")) {
      contenders.add(
          Contender.java("Pixelwise", WorkerCommand.Kind.PIXELWISE, subject.card(), backend));
    }
    if (Precision.BFLOAT16.isSlowHere()) {
      System.out.println(
          "Skipped: Pixelwise, bfloat16: this processor has no bfloat16 instructions (AVX512-BF16 or AMX).");
    } else {
      contenders.add(
          Contender.java(
              "Pixelwise, bfloat16", WorkerCommand.Kind.PIXELWISE, subject.reduced(), "djl"));
    }
    contenders.add(
        Contender.java("the engine alone", WorkerCommand.Kind.ENGINE, subject.card(), "onnx"));
    contenders.add(
        Contender.java(
            "DJL's translator", WorkerCommand.Kind.TRANSLATOR, subject.atInputSize(), "djl"));
    if (python.isPresent() && subject.checkpoint().isPresent()) {
      SizeRule size = subject.size();
      contenders.add(
          Contender.start(
              "the tutorials",
              python
                  .get()
                  .script(
                      "tutorial.py",
                      subject.name(),
                      subject.checkpoint().get().toAbsolutePath().toString(),
                      size.kind() == SizeRule.Kind.SHORT_EDGE ? "short" : "long",
                      Integer.toString(size.height()),
                      Integer.toString(Runtime.getRuntime().availableProcessors()))));
    }
  }

  private void warmUp(Contender contender, Path work) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUp);
    int run = 0;
    do {
      contender.run(files(work, photos.get(run++ % photos.size()), ""));
    } while (System.nanoTime() < end);
  }

  private static Pipeline.Files files(Path work, Path photo, String mask) {
    return new Pipeline.Files(photo, work.resolve("overlay.png"), work.resolve("cutout.png"), mask);
  }

  private Table table(List<Contender> contenders, Path work) throws IOException {
    Contender baseline = contenders.get(contenders.size() - 1);
    List<String> header = new ArrayList<>(List.of("", "engine"));
    Arrays.stream(Stage.values()).map(Stage::toString).forEach(header::add);
    header.addAll(List.of("around", "whole", "without files", "times as fast: whole"));
    header.addAll(List.of("without files", "MB", "same pixels, %"));
    Table table = new Table(header);
    List<Long> memory = new ArrayList<>(); // before masks are written
    for (Contender contender : contenders) {
      memory.add(contender.memory());
    }
    List<CategoryMask> expected = masks(contenders.get(0), work);
    for (int i = 0; i < contenders.size(); i++) {
      Contender contender = contenders.get(i);
      List<String> row = new ArrayList<>(List.of(contender.name(), contender.description()));
      for (Stage stage : Stage.values()) {
        row.add(Table.millis(median(contender, times -> times.millis(stage))));
      }
      boolean complete = median(contender, times -> times.millis(Stage.ENCODE)) > 0;
      if (complete) {
        row.add(Table.millis(median(contender, Times::aroundInference)));
        row.add(Table.millis(median(contender, Times::whole)));
        row.add(Table.millis(median(contender, Times::withoutFiles)));
        row.add(Table.number(ratio(baseline, contender, Times::whole), 2));
        row.add(Table.number(ratio(baseline, contender, Times::withoutFiles), 2));
      } else {
        row.addAll(List.of("", "", "", "", ""));
      }
      row.add(Table.number(memory.get(i) / 1024.0, 0));
      row.add(Table.number(100 * same(expected, masks(contender, work)), 2));
      table.add(row);
    }
    return table;
  }

  private static void chart(String network, List<Contender> contenders) throws IOException {
    DefaultCategoryDataset millis = new DefaultCategoryDataset();
    for (Contender contender : contenders) {
      for (Stage stage : Stage.values()) {
        millis.addValue(median(contender, times -> times.millis(stage)), stage, contender.label());
      }
    }
    Charts.bars(network, millis, Main.results().resolve(network + ".svg"));
  }

  private static double median(Contender contender, ToDoubleFunction<Times> what) {
    return Times.median(contender.runs().stream().map(what::applyAsDouble).toList());
  }

  /** The median of one contender's time divided by another's, round by round. */
  private static double ratio(Contender one, Contender other, ToDoubleFunction<Times> what) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < one.runs().size(); i++) {
      ratios.add(what.applyAsDouble(one.runs().get(i)) / what.applyAsDouble(other.runs().get(i)));
    }
    return Times.median(ratios);
  }

  /** The masks of all photos; empty for pipelines that write none. */
  private List<CategoryMask> masks(Contender contender, Path work) throws IOException {
    Path file = work.resolve("mask.png");
    List<CategoryMask> masks = new ArrayList<>();
    for (Path photo : photos) {
      Files.deleteIfExists(file);
      contender.run(files(work, photo, file.toString()));
      if (Files.exists(file)) {
        masks.add(PalettePng.read(file));
      }
    }
    return masks;
  }

  /** The share of pixels with the same category; 0 if there are none. */
  private static double same(List<CategoryMask> expected, List<CategoryMask> found) {
    long same = 0;
    long all = 0;
    for (int i = 0; i < found.size(); i++) {
      CategoryMask one = expected.get(i);
      CategoryMask other = found.get(i);
      if (one.width() != other.width() || one.height() != other.height()) {
        return 0; // Pillow does not apply the EXIF orientation
      }
      for (int y = 0; y < one.height(); y++) {
        for (int x = 0; x < one.width(); x++) {
          same += one.category(x, y) == other.category(x, y) ? 1 : 0;
        }
      }
      all += (long) one.width() * one.height();
    }
    return all == 0 ? 0 : (double) same / all;
  }
}
