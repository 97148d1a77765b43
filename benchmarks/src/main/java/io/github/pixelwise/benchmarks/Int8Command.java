package io.github.pixelwise.benchmarks;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.quantization.Agreement;
import io.github.pixelwise.quantization.Calibration;
import io.github.pixelwise.quantization.Quantization;
import io.github.pixelwise.quantization.QuantizedModel;
import io.github.pixelwise.zoo.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How much smaller and faster int8 copies of models are, and how much of their masks they keep. */
@Command(
    name = "int8",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Quantizes models, and runs each in turn with its int8 copy on a prepared photo: the network"
          + " alone. Prints the medians, and the median of the rounds' ratios."
    })
final class Int8Command implements Callable<Integer> {
  private static final int WARM_UP = 3;

  @Parameters(paramLabel = "MODEL", description = "Default: ${DEFAULT-VALUE}.")
  private List<String> models = List.of(Segmenter.DEFAULT_MODEL);

  @Option(
      names = "--photos",
      paramLabel = "DIR",
      description = "Photos to calibrate on (default: those of the examples, which are too few).")
  private Path photos = Main.home().resolve("examples/photos");

  @Option(names = "--percentile", description = "Calibrates by the percentile of 99.99.")
  private boolean percentile;

  @Option(names = "--runs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 20;

  @Override
  public Integer call() throws IOException {
    System.out.println(Machine.description() + "\n" + Machine.integerInstructions() + "\n");
    List<Path> files = files();
    Table table =
        new Table(
            List.of(
                "model", "MB", "int8: MB", "ms", "int8: ms", "faster", "unchanged %", "worst %"));
    for (String name : models) {
      ModelCard model = Models.find(Catalog.load(), name);
      QuantizedModel small =
          Quantization.of(model)
              .photos(files)
              .method(percentile ? Calibration.PERCENTILE : Calibration.MIN_MAX)
              .quantize();
      Path folder = Main.results().resolve("int8");
      ModelCard card = small.write(folder, 0);
      try (Segmenter before = open(model);
          Segmenter after = open(card)) {
        table.add(row(model.name(), small, before, after, files.get(0)));
      }
    }
    System.out.print(table);
    return 0;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(photos)) {
      return found
          .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)"))
          .sorted()
          .toList();
    }
  }

  private static Segmenter open(ModelCard model) {
    return Segmenter.builder().model(model).backend("onnx").device(Device.CPU).open();
  }

  private List<String> row(
      String name, QuantizedModel small, Segmenter before, Segmenter after, Path photo)
      throws IOException {
    List<ModelInput> input = before.prepare(Images.read(photo));
    List<Double> floats = new ArrayList<>();
    List<Double> bytes = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int run = -WARM_UP; run < runs; run++) {
      double first = millis(before, input);
      double second = millis(after, input);
      if (run >= 0) {
        floats.add(first);
        bytes.add(second);
        ratios.add(first / second);
      }
    }
    Agreement agreement = small.agreement();
    return List.of(
        name,
        Table.number(small.floatBytes() / 1e6, 1),
        Table.number(small.bytes() / 1e6, 1),
        Table.millis(Times.median(floats)),
        Table.millis(Times.median(bytes)),
        Table.number(Times.median(ratios), 2),
        Table.number(100 * agreement.unchanged(), 2),
        Table.number(100 * agreement.worst(), 2));
  }

  private static double millis(Segmenter segmenter, List<ModelInput> input) {
    long start = System.nanoTime();
    segmenter.score(input);
    return (System.nanoTime() - start) / 1e6;
  }
}
