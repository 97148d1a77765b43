package io.github.pixelwise.benchmarks;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Steps of a training, in turn with PyTorch's in Python. */
@Command(
    name = "training",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how long a step of a training takes, loading included, in turn with the same step in"
          + " Python. Each round is a process of its own."
    })
final class TrainingCommand implements Callable<Integer> {
  private static final int PHOTOS = 48;
  private static final String OURS = "Pixelwise";

  /** What {@code ./segment train} sets, besides a garbage collector. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OMP_WAIT_POLICY", "passive",
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_TRIM_THRESHOLD_", "4000000000",
          "MALLOC_MMAP_THRESHOLD_", "67108864",
          "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      split = ",",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "python3")
  private List<String> programs = List.of();

  @Option(
      names = "--network",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "deeplabv3plus-mobilenetv2,unet",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> networks = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--steps", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int steps = 8;

  @Option(names = "--batch", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int batch = 4;

  @Option(names = "--crop", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int crop = 321;

  @Option(names = "--workers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int workers = 1;

  /** What a process printed. */
  private record Answer(double step, double waiting, double kilobytes) {}

  @Override
  public Integer call() throws IOException {
    Path data = data();
    System.out.println(Machine.description() + "\n");
    Map<String, Optional<Python>> runs = new LinkedHashMap<>();
    runs.put(OURS, Optional.empty());
    for (String program : programs) {
      Optional<Python> python = Python.find(program, "torch, PIL");
      if (python.isPresent()) {
        runs.put(program, python);
      }
    }
    Table table =
        new Table(
            List.of(
                "network",
                "program",
                "ms a step",
                "waiting for photos, %",
                "MB",
                "ratio",
                "ratio, MB"));
    for (String network : networks) {
      Map<String, List<Answer>> answers = new LinkedHashMap<>();
      runs.keySet().forEach(name -> answers.put(name, new ArrayList<>()));
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, Optional<Python>> run : runs.entrySet()) {
          Objects.requireNonNull(answers.get(run.getKey()))
              .add(answer(run.getValue(), network, data));
        }
      }
      List<Answer> ours = Objects.requireNonNull(answers.get(OURS));
      answers.forEach((name, found) -> table.add(row(network, name, found, ours)));
    }
    System.out.print(table);
    return 0;
  }

  /** The medians; ratios are taken round by round, ours to the other's. */
  private static List<String> row(
      String network, String name, List<Answer> found, List<Answer> ours) {
    List<Double> times = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      times.add(ours.get(i).step() / found.get(i).step());
      memory.add(ours.get(i).kilobytes() / found.get(i).kilobytes());
    }
    return List.of(
        network,
        name,
        Table.number(Times.median(found.stream().map(Answer::step).toList()), 0),
        Table.number(
            100 * Times.median(found.stream().map(each -> each.waiting() / each.step()).toList()),
            1),
        Table.number(Times.median(found.stream().map(Answer::kilobytes).toList()) / 1024, 0),
        Table.number(Times.median(times), 2),
        Table.number(Times.median(memory), 2));
  }

  private Answer answer(Optional<Python> python, String network, Path data) throws IOException {
    String[] arguments = {
      network,
      data.toString(),
      Integer.toString(batch),
      // U-Net takes sides of 16k only.
      Integer.toString(network.startsWith("unet") ? crop / 16 * 16 : crop),
      "3",
      Integer.toString(steps),
      Integer.toString(Runtime.getRuntime().availableProcessors()),
      Integer.toString(workers)
    };
    ProcessBuilder builder =
        python.isPresent() ? python.get().script("train_steps.py", arguments) : ours(arguments);
    if (python.isEmpty()) {
      builder.environment().putAll(ENVIRONMENT);
    }
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String line = printed.strip().substring(printed.strip().lastIndexOf('\n') + 1);
    double[] numbers;
    try {
      numbers = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new IOException("failed: " + String.join(" ", builder.command()), e);
    }
    // A worker's memory counts once: most of it is shared with its parent.
    return new Answer(numbers[0], numbers[1], numbers[2]);
  }

  private static ProcessBuilder ours(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseParallelGC");
    command.add("-Dpixelwise.home=" + Main.home());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("train-worker");
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Photographs of the size of VOC's, with the embedded model's masks, as a VOC folder. */
  private static Path data() throws IOException {
    Path data = Files.createDirectories(Main.results().resolve("training/data"));
    Files.createDirectories(data.resolve("ImageSets/Segmentation"));
    Path photos = Files.createDirectories(data.resolve("JPEGImages"));
    Path masks = Files.createDirectories(data.resolve("SegmentationClass"));
    List<Path> originals = Photographs.jpegs(500, 375, data.resolve("originals"));
    StringBuilder names = new StringBuilder();
    try (Segmenter segmenter = Segmenter.open()) {
      List<CategoryMask> truths = new ArrayList<>();
      for (Path original : originals) {
        truths.add(segmenter.segment(Images.read(original)).mask());
      }
      for (int i = 0; i < PHOTOS; i++) {
        String name = String.format(Locale.ROOT, "%03d", i);
        int which = i % originals.size();
        Files.copy(
            originals.get(which),
            photos.resolve(name + ".jpg"),
            StandardCopyOption.REPLACE_EXISTING);
        Path mask = masks.resolve(name + ".png");
        PalettePng.write(truths.get(which), Palette.voc(), mask);
        names.append(name).append('\n');
      }
    }
    Files.writeString(data.resolve("ImageSets/Segmentation/train.txt"), names);
    Files.writeString(
        data.resolve("voc.dataset.properties"), "format = voc\nroot = .\nsplit = train\n");
    return data;
  }
}
