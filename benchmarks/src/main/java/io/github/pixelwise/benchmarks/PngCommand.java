package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Compositing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a photo's products take to write, compared with Pillow. */
@Command(
    name = "png",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the products of 1920 x 1280 photos as PNG files, in turn with Pillow at compression level"
          + " 1, which encodes to memory."
    })
final class PngCommand implements Callable<Integer> {
  private static final int WARM_UP = 20;

  @Option(names = "--runs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 20;

  @Option(names = "--python", paramLabel = "PROGRAM", description = "Default: ${DEFAULT-VALUE}.")
  private String program = "python3";

  /** Writes a product. */
  @FunctionalInterface
  private interface Product {
    void write(Path file) throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Python> python = Python.find(program, "PIL");
    if (python.isEmpty()) {
      return 1;
    }
    System.out.println(Machine.description() + "\n");
    Path work = Files.createDirectories(Main.results().resolve("png"));
    Table table = new Table(List.of("", "", "ms", "kB", "Pillow: ms", "kB", "time", "bytes"));
    Process pillow =
        python.get().script("pillow_png.py").redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (PrintWriter names =
            new PrintWriter(pillow.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader answers = pillow.inputReader(StandardCharsets.UTF_8)) {
      for (Path photo : Photographs.jpegs(1920, 1280, work)) {
        for (Map.Entry<String, Product> entry : products(photo).entrySet()) {
          Path file = work.resolve(entry.getKey() + ".png");
          List<Double> ours = new ArrayList<>();
          List<Double> theirs = new ArrayList<>();
          long bytes = 0;
          for (int run = -WARM_UP; run < runs; run++) {
            long start = System.nanoTime();
            entry.getValue().write(file);
            double millis = (System.nanoTime() - start) / 1e6;
            names.println(file);
            String answer = answers.readLine();
            if (answer == null) {
              throw new IOException("Python has ended; see its message above");
            }
            String[] fields = answer.split(" ", -1);
            bytes = Long.parseLong(fields[1]);
            if (run >= 0) {
              ours.add(millis);
              theirs.add(Long.parseLong(fields[0]) / 1e6);
            }
          }
          double millis = Times.median(ours);
          double pillowMillis = Times.median(theirs);
          table.add(
              List.of(
                  photo.getFileName().toString(),
                  entry.getKey(),
                  Table.millis(millis),
                  Table.number(Files.size(file) / 1e3, 0),
                  Table.millis(pillowMillis),
                  Table.number(bytes / 1e3, 0),
                  Table.number(millis / pillowMillis, 2),
                  Table.number((double) Files.size(file) / bytes, 2)));
        }
      }
    }
    System.out.print(table);
    return 0;
  }

  private static Map<String, Product> products(Path path) throws IOException {
    RgbImage photo = Images.read(path);
    try (Segmenter segmenter = Segmenter.builder().open()) {
      SegmentationResult result =
          segmenter.segment(photo, SegmentationOptions.MASK_ONLY.withConfidence());
      RgbImage overlay = Coloring.overlay(photo, result, 0.5);
      RgbImage color = Coloring.colorize(result);
      AlphaMask alpha = Alpha.feather(Alpha.foreground(result.mask(), result.labels()), Scene.BLUR);
      RgbaImage cutout = Compositing.cutout(photo, alpha);
      ConfidenceMap confidence = result.confidence().orElseThrow();
      Map<String, Product> products = new LinkedHashMap<>();
      products.put("overlay", file -> Images.write(overlay, file));
      products.put("cutout", file -> Images.write(cutout, file));
      products.put("color", file -> Images.write(color, file));
      products.put("mask", file -> PalettePng.write(result, file));
      products.put("alpha", file -> Images.write(alpha, file));
      products.put("confidence", file -> Images.write(confidence, file));
      return products;
    }
  }
}
