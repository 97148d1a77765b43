package io.github.pixelwise.examples;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.awt.Images;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.GaussianBlur;
import io.github.pixelwise.postprocess.PalettePng;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how long the products of a photograph, enlarged to 1920 x 1280, take to be written as
 * PNG, in turn with Pillow at compression level 1, which needs Python 3 with Pillow.
 */
public final class PngSpeed {
  private static final int RUNS = 40;
  private static final int WARM_UP = 20;

  private PngSpeed() {}

  /** Writes a product. */
  @FunctionalInterface
  private interface Product {
    void write(Path file) throws IOException;
  }

  /**
   * Runs the measurement and prints medians.
   *
   * @param args the photograph, a folder in memory (such as one in /dev/shm) for the products, and
   *     {@code pillow_png.py}
   * @throws IOException if the photograph cannot be read or Python cannot be run
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    Process python =
        new ProcessBuilder("python3", args[2])
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (PrintWriter names =
            new PrintWriter(python.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader answers = python.inputReader(StandardCharsets.UTF_8)) {
      for (Map.Entry<String, Product> entry : products(Path.of(args[0])).entrySet()) {
        Path file = folder.resolve(entry.getKey() + ".png");
        double[][] millis = new double[2][RUNS];
        long bytes = 0;
        for (int run = 0; run < RUNS; run++) {
          long start = System.nanoTime();
          entry.getValue().write(file);
          millis[0][run] = (System.nanoTime() - start) / 1e6;
          names.println(file);
          String answer = answers.readLine();
          if (answer == null) {
            throw new IOException("Python has ended");
          }
          String[] fields = answer.split(" ", -1);
          millis[1][run] = Long.parseLong(fields[0]) / 1e6;
          bytes = Long.parseLong(fields[1]);
        }
        print(entry.getKey(), median(millis[0]), Files.size(file), median(millis[1]), bytes);
      }
    }
  }

  private static Map<String, Product> products(Path path) throws IOException {
    RgbImage photo = enlarge(Images.read(path), 1920, 1280);
    try (Segmenter segmenter = Segmenter.builder().open()) {
      SegmentationResult result =
          segmenter.segment(photo, SegmentationOptions.MASK_ONLY.withConfidence());
      Palette palette = segmenter.model().palette();
      CategoryMask mask = result.mask();
      RgbImage overlay = Coloring.overlay(photo, mask, palette, 0.5);
      RgbImage color = Coloring.colorize(mask, palette);
      AlphaMask alpha =
          Alpha.feather(Alpha.foreground(mask, result.labels()), GaussianBlur.ofKernelSize(7));
      RgbaImage cutout = Compositing.cutout(photo, alpha);
      ConfidenceMap confidence = result.confidence().orElseThrow();
      Map<String, Product> products = new LinkedHashMap<>();
      products.put("overlay", file -> Images.write(overlay, file));
      products.put("cutout", file -> Images.write(cutout, file));
      products.put("color", file -> Images.write(color, file));
      products.put("mask", file -> PalettePng.write(mask, palette, file));
      products.put("alpha", file -> Images.write(alpha, file));
      products.put("confidence", file -> Images.write(confidence, file));
      return products;
    }
  }

  private static void print(
      String name, double millis, long bytes, double pillow, long pillowBytes) {
    System.out.printf(
        Locale.ROOT,
        "%-10s %6.1f ms %7.1f kB; Pillow %6.1f ms %7.1f kB; ratios %.2f and %.2f%n",
        name,
        millis,
        bytes / 1e3,
        pillow,
        pillowBytes / 1e3,
        millis / pillow,
        (double) bytes / pillowBytes);
  }

  private static double median(double[] runs) {
    double[] warm = Arrays.stream(runs).skip(WARM_UP).sorted().toArray();
    return warm[warm.length / 2];
  }

  private static RgbImage enlarge(RgbImage photo, int width, int height) {
    BufferedImage large = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = large.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(Images.toBufferedImage(photo), 0, 0, width, height, null);
    graphics.dispose();
    return Images.from(large);
  }
}
