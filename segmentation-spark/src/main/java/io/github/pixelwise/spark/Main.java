package io.github.pixelwise.spark;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.RecipeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segment-spark}, for {@code spark-submit} and for one machine. */
@Command(
    name = "segment-spark",
    mixinStandardHelpOptions = true,
    subcommands = Main.Run.class,
    header = "Segments photos on a Spark cluster.",
    description = {"", "See 'segment-spark run --help'.", ""})
public final class Main {
  private Main() {}

  /**
   * Runs the command line. If it fails, ends the JVM with its exit status.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    int status = commandLine().execute(args);
    if (status != ExitCode.OK) { // YARN takes any call of System.exit for a failure
      System.exit(status);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::explain)
        .setExecutionExceptionHandler(Main::explain)
        .setUsageHelpAutoWidth(true);
  }

  private static int explain(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("segment-spark: " + e.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    boolean usage =
        e instanceof IllegalArgumentException
            || e instanceof ModelNotFoundException
            || e instanceof BackendNotFoundException;
    if (!usage
        && !(e instanceof SegmentationException
            || e instanceof IOException
            || e instanceof ProductSink.FailedException)) {
      throw e; // a bug, or Spark's: the stack trace helps
    }
    command.getErr().println("segment-spark: " + e.getMessage());
    return usage ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  /** {@code segment-spark run}. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      header = "Segments the photos in a folder, and writes a table with a row for each.",
      description = {
        "",
        "The folders are of any file system that Spark reads, such as s3a://bucket/photos. The"
            + " table is DIR/photos.parquet. Photos that have a row are skipped, so a job that was"
            + " broken off goes on when it is started again.",
        ""
      },
      footer = {
        "",
        "Exit status: 0 everything worked; 1 a photo, the output, or the model failed; 2 the"
            + " command line or the recipe is wrong, and nothing was done.",
        "",
        "Example:",
        "  segment-spark run s3a://bucket/photos -o s3a://bucket/masks --recipe masks.recipe"
      })
  static final class Run implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "The folder of photos, or a photo.")
    private String input = "";

    @Option(
        names = {"-o", "--output"},
        required = true,
        paramLabel = "DIR",
        description = "The folder to write to.")
    private String output = "";

    @Option(
        names = "--recipe",
        paramLabel = "FILE",
        description =
            "What to make of photos: a file with lines KEY = VALUE, see docs/command-line.md"
                + " (default: write = mask, json).")
    private @Nullable String recipe;

    @Option(
        names = "--files",
        description =
            "Write products to files in DIR, named as those of 'segment run'; the table then has"
                + " their paths.")
    private boolean files;

    @Option(
        names = "--retry-failed",
        description = "Try photos again that have failed, instead of skipping them.")
    private boolean retryFailed;

    @Option(
        names = {"-m", "--model"},
        paramLabel = "NAME|CARD|DIR",
        description =
            "The model (default: ${DEFAULT-VALUE}): a name, a card, or its folder, in any file"
                + " system that Spark reads. Executors need not have it.")
    private String model = Segmenter.DEFAULT_MODEL;

    @Option(
        names = {"-b", "--backend"},
        paramLabel = "NAME",
        description = "The engine (default: the first one that works).")
    private String backend = "";

    @Option(
        names = "--device",
        paramLabel = "cpu|cuda:N|auto",
        description = "Where executors run the network (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
        names = "--setting",
        paramLabel = "NAME=VALUE",
        description = "An engine setting. Repeatable.")
    private List<String> settings = List.of();

    @Option(
        names = "--tta",
        paramLabel = "SCALES,mirror",
        description = "Test-time augmentation, for example 1,1.25,mirror (default: none).")
    private String augmentation = "1";

    @Option(
        names = "--max-pixels",
        paramLabel = "N",
        description = "The most pixels of a photo (default: ${DEFAULT-VALUE}).")
    private long maxPixels = Images.MAX_PIXELS;

    @Option(
        names = "--split-size",
        paramLabel = "MB",
        description = "How many megabytes of photos a task gets (default: ${DEFAULT-VALUE}).")
    private int splitSize = (int) (SegmentationJob.DEFAULT_SPLIT_BYTES >> 20);

    @Override
    public Integer call() throws IOException, InterruptedException {
      CommandLine command = Objects.requireNonNull(spec, "injected by picocli").commandLine();
      if (splitSize < 1) {
        throw new ParameterException(
            command, "--split-size must be at least 1 MB, found " + splitSize);
      }
      if (maxPixels < 1) {
        throw new ParameterException(
            command, "--max-pixels must be at least 1, found " + maxPixels);
      }
      SparkConf conf = new SparkConf().setIfMissing("spark.master", "local[*]");
      try (SparkSession spark =
          SparkSession.builder().config(conf).appName("segment-spark").getOrCreate()) {
        SegmentationTransformer transformer =
            new SegmentationTransformer()
                .setModel(model)
                .setBackend(backend)
                .setDevice(device)
                .setSettings(settings.toArray(String[]::new))
                .setAugmentation(augmentation)
                .setMaxPixels(maxPixels);
        if (recipe != null) {
          transformer.setRecipe(read(recipe, spark, command));
        }
        SegmentationJob job =
            SegmentationJob.of(spark, input, output)
                .transformer(transformer)
                .splitBytes((long) splitSize << 20);
        JobSummary summary = run(job);
        command.getOut().println(summary);
        return summary.failed() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
      }
    }

    /** Reads a recipe, from this machine unless it names a file system. */
    private static String read(String file, SparkSession spark, CommandLine command) {
      Path path = new Path(file);
      try {
        if (path.toUri().getScheme() == null) {
          return read(java.nio.file.Path.of(file));
        }
        byte[] text = HadoopFiles.read(path, spark.sparkContext().hadoopConfiguration());
        return new String(text, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new ParameterException(command, String.valueOf(e.getMessage()), e);
      }
    }

    /** Reads a recipe from this machine, and makes the path of its background absolute. */
    private static String read(java.nio.file.Path file) throws IOException {
      RecipeFile recipe = RecipeFile.read(file);
      String background = recipe.values().getOrDefault("background", "transparent");
      boolean isFile = Background.parse(background).isEmpty();
      return (isFile
              ? recipe.with(
                  "background", "file:" + java.nio.file.Path.of(background).toAbsolutePath())
              : recipe)
          .toString();
    }

    private JobSummary run(SegmentationJob job) throws IOException, InterruptedException {
      if (files) {
        job.files();
      }
      if (retryFailed) {
        job.retryFailed();
      }
      return job.run();
    }
  }
}
