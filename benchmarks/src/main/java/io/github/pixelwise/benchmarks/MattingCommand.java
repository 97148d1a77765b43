package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.evaluation.AlphaError;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.postprocess.Alpha;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How much {@link Alpha#refine} improves what a network finds, and how long it takes. */
@Command(
    name = "matting",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Puts foregrounds with known alpha before backgrounds, makes of that alpha what a network with a"
          + " grid of N x N would find at best, refines it, and compares with the truth. Prints the"
          + " means over all backgrounds: absolute error and squared error in thousandths, gradient"
          + " error, and the median time."
    })
final class MattingCommand implements Callable<Integer> {
  @Option(names = "--width", paramLabel = "PX", description = "Default: ${DEFAULT-VALUE}.")
  private int width = 1000;

  @Option(names = "--height", paramLabel = "PX", description = "Default: ${DEFAULT-VALUE}.")
  private int height = 750;

  @Option(names = "--grid", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int grid = 320;

  @Option(
      names = "--blur",
      paramLabel = "NODES",
      description = "Blur the grid over so many nodes on each side. Default: ${DEFAULT-VALUE}.")
  private int blur;

  @Option(names = "--runs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 3;

  @Option(names = "--pictures", description = "Write the pictures of the first background, too.")
  private boolean pictures;

  /** Errors of several composites, and milliseconds. */
  private record Figures(List<AlphaError> before, List<AlphaError> after, List<Double> times) {
    Figures() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(Figures others) {
      before.addAll(others.before);
      after.addAll(others.after);
      times.addAll(others.times);
    }
  }

  @Override
  public Integer call() throws IOException {
    System.out.println(Machine.description() + "\n");
    Table table =
        new Table(
            List.of("matte", "MAE", "MSE", "gradient", "refined: MAE", "MSE", "gradient", "ms"));
    List<RgbImage> photos = Photographs.all(width, height);
    Figures all = new Figures();
    for (Matte matte : Matte.values()) {
      AlphaMask truth = matte.of(width, height);
      AlphaMask found = found(truth);
      Figures figures = new Figures();
      for (int i = 0; i < photos.size(); i++) {
        RgbImage photo =
            composite(photos.get(i), truth, photos.get((i + 1) % photos.size()), new Random(i));
        AlphaMask refined = found;
        for (int run = 0; run < runs; run++) {
          long start = System.nanoTime();
          refined = Alpha.refine(photo, found);
          figures.times.add((System.nanoTime() - start) / 1e6);
        }
        figures.before.add(AlphaError.of(truth, found));
        figures.after.add(AlphaError.of(truth, refined));
        if (pictures && i == 0) {
          write(matte, photo, truth, found, refined);
        }
      }
      all.add(figures);
      table.add(row(matte.name().toLowerCase(Locale.ROOT), figures));
    }
    table.add(row("all", all));
    System.out.print(table);
    return 0;
  }

  private static List<String> row(String name, Figures figures) {
    List<String> row = new ArrayList<>(List.of(name));
    for (List<AlphaError> errors : List.of(figures.before, figures.after)) {
      AlphaError all = errors.stream().reduce(AlphaError::plus).orElseThrow();
      row.add(Table.number(all.meanAbsolute() * 1000, 2));
      row.add(Table.number(all.meanSquared() * 1000, 2));
      row.add(Table.number(all.gradient() / errors.size(), 1));
    }
    row.add(Table.millis(Times.median(figures.times)));
    return row;
  }

  /** The best that a network can find whose grid covers the whole picture. */
  private AlphaMask found(AlphaMask truth) {
    byte[] alphas = truth.toByteArray();
    float[] sums = new float[grid * grid];
    float[] counts = new float[grid * grid];
    for (int i = 0; i < alphas.length; i++) {
      int node =
          (int) ((long) (i / width) * grid / height) * grid
              + (int) ((long) (i % width) * grid / width);
      sums[node] += (alphas[i] & 0xff) / 255f;
      counts[node]++;
    }
    float[] nodes = new float[sums.length];
    for (int i = 0; i < nodes.length; i++) {
      float sum = 0;
      float count = 0;
      int y = i / grid;
      int x = i % grid;
      for (int row = Math.max(0, y - blur); row <= Math.min(grid - 1, y + blur); row++) {
        for (int column = Math.max(0, x - blur); column <= Math.min(grid - 1, x + blur); column++) {
          sum += sums[row * grid + column];
          count += counts[row * grid + column];
        }
      }
      nodes[i] = sum / count;
    }
    OutputSpec spec =
        OutputSpec.logits("alpha", 1)
            .withKind(OutputKind.SIGMOID)
            .withInterpolation(Interpolation.LANCZOS);
    return Alpha.ofProbability(
        ScoreMap.of(spec, ImageGeometry.stretched(width, height, grid, grid), 1, grid, grid, nodes),
        1);
  }

  /** A composite with the grain of a camera. */
  private static RgbImage composite(
      RgbImage foreground, AlphaMask alpha, RgbImage background, Random random) {
    byte[] rgb = foreground.toByteArray();
    byte[] behind = background.toByteArray();
    byte[] alphas = alpha.toByteArray();
    for (int i = 0; i < rgb.length; i++) {
      double a = (alphas[i / 3] & 0xff) / 255.0;
      double sample = a * (rgb[i] & 0xff) + (1 - a) * (behind[i] & 0xff);
      rgb[i] = (byte) Math.max(0, Math.min(255, Math.round(sample + 2 * random.nextGaussian())));
    }
    return RgbImage.of(foreground.width(), foreground.height(), rgb);
  }

  private static void write(
      Matte matte, RgbImage photo, AlphaMask truth, AlphaMask found, AlphaMask refined)
      throws IOException {
    Path folder = Files.createDirectories(Main.results().resolve("matting"));
    String name = matte.name().toLowerCase(Locale.ROOT);
    Images.write(photo, folder.resolve(name + ".png"));
    Images.write(truth, folder.resolve(name + ".truth.png"));
    Images.write(found, folder.resolve(name + ".found.png"));
    Images.write(refined, folder.resolve(name + ".refined.png"));
  }
}
