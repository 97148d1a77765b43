package io.github.pixelwise.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Photos per second, with several callers of one segmenter. */
@Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes overlays and cutouts of a folder of photos with 1, 2, and 4 callers of one segmenter."
          + " What the cores allow is the number of cores divided by the processor time per photo with"
          + " a single caller."
    })
final class ThroughputCommand implements Callable<Integer> {
  private static final int WARM_UP = 40;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @Option(names = "--photos", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int count = 200;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--callers",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,2,4",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Integer> callers = List.of();

  @Option(
      names = "--card",
      paramLabel = "FILE",
      description = "The model (default: the embedded one).")
  private Path card = Path.of("");

  @Option(names = "--backend", paramLabel = "NAME", description = "Default: ${DEFAULT-VALUE}.")
  private String backend = "onnx";

  /** One pass over the folder. */
  private record Pass(double perSecond, double processorSeconds) {}

  @Override
  public Integer call() throws IOException {
    if (count < 1 || rounds < 1 || !callers.contains(1)) {
      throw new IllegalArgumentException(
          "--photos and --rounds must be at least 1, and --callers must contain 1, which the others are"
              + " compared with");
    }
    Path work = Files.createDirectories(Main.results().resolve("throughput"));
    List<Path> folder = folder(work);
    int cores = Runtime.getRuntime().availableProcessors();
    System.out.println(Machine.description());
    SegmenterBuilder builder = Segmenter.builder().backend(backend);
    if (!card.toString().isEmpty()) {
      builder.model(card);
    }
    try (PixelwisePipeline pipeline = new PixelwisePipeline(builder.open())) {
      pass(pipeline, folder.subList(0, Math.min(WARM_UP, count)), cores, work);
      List<List<Pass>> passes = new ArrayList<>();
      callers.forEach(caller -> passes.add(new ArrayList<>()));
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < callers.size(); i++) {
          passes.get(i).add(pass(pipeline, folder, callers.get(i), work));
        }
      }
      System.out.printf(
          "%s, %d photos of 1920 x 1280, medians of %d passes%n%n",
          pipeline.description(), count, rounds);
      System.out.print(table(passes, cores));
    }
    return 0;
  }

  private Table table(List<List<Pass>> passes, int cores) {
    double allowed = cores / median(passes.get(callers.indexOf(1)), Pass::processorSeconds);
    Table table =
        new Table(
            List.of(
                "callers", "photos/s", "of what the cores allow", "processor seconds per photo"));
    for (int i = 0; i < callers.size(); i++) {
      double perSecond = median(passes.get(i), Pass::perSecond);
      table.add(
          List.of(
              callers.get(i).toString(),
              Table.number(perSecond, 2),
              String.format(Locale.ROOT, "%.0f %%", 100 * perSecond / allowed),
              Table.number(median(passes.get(i), Pass::processorSeconds), 3)));
    }
    return table;
  }

  private static double median(List<Pass> passes, ToDoubleFunction<Pass> what) {
    return Times.median(passes.stream().map(what::applyAsDouble).toList());
  }

  /** A separate file for each photo, as in a folder. */
  private List<Path> folder(Path work) throws IOException {
    List<Path> originals = Photographs.jpegs(1920, 1280, work);
    Path folder = Files.createDirectories(work.resolve("folder"));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve("%03d.jpg".formatted(i));
      Path original = originals.get(i % originals.size());
      files.add(Files.copy(original, file, StandardCopyOption.REPLACE_EXISTING));
    }
    return files;
  }

  private static Pass pass(PixelwisePipeline pipeline, List<Path> folder, int callers, Path work)
      throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    long start = System.nanoTime();
    long processor = PROCESS.getProcessCpuTime();
    try {
      List<Future<Times>> runs = new ArrayList<>();
      for (Path photo : folder) {
        runs.add(threads.submit(() -> pipeline.run(files(photo, work))));
      }
      for (Future<Times> run : runs) {
        run.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double busy = (PROCESS.getProcessCpuTime() - processor) / 1e9;
    return new Pass(folder.size() / seconds, busy / folder.size());
  }

  /** Each caller overwrites its own results, because 200 results would take a gigabyte. */
  private static Pipeline.Files files(Path photo, Path work) {
    String caller = Thread.currentThread().getName();
    return new Pipeline.Files(
        photo, work.resolve(caller + ".overlay.png"), work.resolve(caller + ".cutout.png"), "");
  }
}
