package io.github.pixelwise.cli;

import io.github.pixelwise.Device;
import io.github.pixelwise.cli.EngineOptions.DeviceConverter;
import io.github.pixelwise.cli.internal.Interruption;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.cli.internal.Table;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.training.Training;
import io.github.pixelwise.training.TrainingRecipe;
import io.github.pixelwise.training.TrainingResult;
import io.github.pixelwise.zoo.Zoo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code segment train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Trains a network on photos with masks.",
    description = {
      "",
      "Learns from a data set, and writes a model that 'segment run -m' opens (model.properties,"
          + " model.onnx, model.pt), its weights for PyTorch (weights.pth, weights.safetensors),"
          + " log.csv, and report.html. After each epoch, the model is measured on the validation"
          + " photos, and the best one is kept. Without validation photos, the last one is kept."
          + " docs/training.md is a guide.",
      "",
      "Ctrl-C finishes the step or the validation, saves, and prints the command to continue. A"
          + " second Ctrl-C ends the run at once; the last checkpoint, at most ten minutes or an"
          + " epoch old, is kept.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 everything worked; 1 a photo, a mask, the weights, or the device failed, the"
          + " folder has another run, or the loss is no longer a number; 2 the command line or the"
          + " recipe is wrong, and nothing was done; 130 or 143 ended by Ctrl-C or SIGTERM.",
      "",
      "Examples:",
      "  segment train --network deeplabv3plus-mobilenetv2-refined --from"
          + " deeplabv3plus-mobilenetv2-voc --data my.dataset.properties --hold-out 0.2 --crop"
          + " 321x321 -o runs/first",
      "  segment train --recipe unet-voc --data voc-train.dataset.properties --validation val -o"
          + " runs/unet",
      "  segment train --recipe my.properties --data my.dataset.properties -o runs/first --preview"
          + " 8"
    })
final class TrainCommand implements Callable<Integer> {
  /** A step of a large network and saving it may take this long. */
  private static final Duration SAVING = Duration.ofMinutes(2);

  @Spec private @Nullable CommandSpec spec;

  @Mixin private TrainingDataOptions dataOptions = new TrainingDataOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "The folder of the run; created if missing.")
  private @Nullable Path output;

  @Mixin private TrainingRecipeOptions recipeOptions = new TrainingRecipeOptions();

  @Option(
      names = "--resume",
      description = "Continue the run in the folder of -o. Give the same options as before.")
  private boolean resume;

  @Option(
      names = "--preview",
      paramLabel = "N",
      description =
          "Write N pictures of augmented photos with their masks to the folder 'preview' in -o, and"
              + " train nothing.")
  private @Nullable Integer preview;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N|auto",
      converter = DeviceConverter.class,
      description = "Where the network runs (default: auto).")
  private Device device = Device.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of PyTorch (default: PyTorch's choice). Another number rounds sums differently.")
  private @Nullable Integer threads;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Threads that read and augment photos (default: half of the processors). The result does"
              + " not depend on it.")
  private @Nullable Integer workers;

  @Option(names = "--recipes", description = "List the recipes that come with the command.")
  private boolean recipes;

  @Override
  public Integer call() throws IOException {
    if (recipes) {
      return listRecipes();
    }
    TrainingRecipe recipe = recipeOptions.recipe();
    if (recipe.value("network").isEmpty()) {
      throw wrong("name the network with --network NAME, or a recipe with --recipe FILE|NAME");
    }
    if (output == null) {
      throw wrong("name the folder of the run with -o DIR");
    }
    Path folder = output;
    TrainingDataOptions.Parts parts = dataOptions.read(Long.parseLong(recipe.value("seed")));
    try (Interruption interruption = new Interruption(SAVING);
        TrainingOutput shown =
            new TrainingOutput(
                commandLine().getOut(),
                commandLine().getErr(),
                // Java cannot tell whether stderr is a terminal; the script can.
                Boolean.getBoolean("segment.terminal"))) {
      interruption.stops(Thread.currentThread()::interrupt);
      try {
        Training training = training(recipe, parts).listener(shown);
        if (preview != null) {
          return preview(training, preview, folder.resolve("preview"));
        }
        if (parts.measured().isEmpty()) {
          shown.onNote(
              "there are no validation photos (see --hold-out), so the model of the last epoch is"
                  + " kept");
        }
        start(training, recipe.value("from"));
        TrainingResult result = resume ? training.resume(folder) : training.run(folder);
        shown.clear();
        report(result);
        return ExitCode.OK;
      } catch (IllegalArgumentException e) {
        throw wrong(e);
      } catch (InterruptedException | InterruptedIOException e) {
        shown.clear();
        explainInterruption(e, folder);
        return interruption.exitStatus().orElse(ExitCode.SOFTWARE);
      }
    }
  }

  private Integer listRecipes() {
    Table table = new Table("NAME", "NETWORK", "EPOCHS", "SETTINGS FROM");
    for (String name : ShippedRecipes.names()) {
      TrainingRecipe recipe = ShippedRecipes.recipe(name);
      table.row(name, recipe.value("network"), recipe.value("epochs"), recipe.value("source"));
    }
    table.print(commandLine().getOut());
    commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private Training training(TrainingRecipe recipe, TrainingDataOptions.Parts parts) {
    Dataset learned = parts.learned();
    Training training =
        Training.of(recipe.network(learned.labels().size()), learned).recipe(recipe).device(device);
    parts.measured().ifPresent(training::validation);
    if (threads != null) {
      training.threads(threads);
    }
    if (workers != null) {
      training.workers(workers);
    }
    return training;
  }

  /** Sets the weights to start from; a published model's are downloaded first. */
  private void start(Training training, String from) throws IOException {
    if (from.isEmpty()) {
      return;
    }
    boolean published = Zoo.entries().stream().anyMatch(entry -> entry.name().equals(from));
    if (!published) {
      training.from(from);
      return;
    }
    try (Progress progress =
        Progress.ofBytes(from, Zoo.entry(from).size(), commandLine().getErr())) {
      training.from(Zoo.checkpoint(from, FetchCommand.shown(progress)).toString());
    }
  }

  private Integer preview(Training training, int pictures, Path folder)
      throws IOException, InterruptedException {
    List<Path> files = training.preview(pictures, folder);
    commandLine()
        .getOut()
        .printf(
            "%s in %s; nothing was trained%n",
            files.size() == 1 ? "1 picture is" : files.size() + " pictures are", folder);
    commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private void report(TrainingResult result) {
    PrintWriter out = commandLine().getOut();
    String best =
        result.meanIou().isPresent()
            ? String.format(
                Locale.ROOT,
                "the best epoch, %d, with mIoU %.4f",
                result.epoch(),
                result.meanIou().getAsDouble())
            : "the last epoch, " + result.epoch();
    if (result.stoppedEarly()) {
      out.println(
          result.meanIou().isPresent()
              ? "Stopped early: the mIoU stopped rising."
              : "Stopped early: the loss stopped falling.");
    }
    out.println();
    out.println("The model of " + best + ", is in " + result.folder());
    out.println("Report:   " + result.folder().resolve("report.html"));
    out.println(
        "Run it:   segment run -m %s photo.jpg"
            .formatted(quoted(result.folder().resolve("model.properties").toString())));
    out.flush();
  }

  private void explainInterruption(Exception e, Path folder) {
    String what = e.getMessage() == null ? "the training was interrupted" : e.getMessage();
    PrintWriter err = commandLine().getErr();
    err.println("segment: " + what);
    if (Files.exists(folder.resolve("log.csv"))) {
      err.println("Continue with: " + resumingCommand());
    }
    err.flush();
  }

  /** The command as it was given, to which {@code --resume} is added. */
  private String resumingCommand() {
    List<String> given = commandLine().getParseResult().originalArgs();
    return Stream.concat(
            Stream.concat(Stream.of("segment"), given.stream().map(TrainCommand::quoted)),
            given.contains("--resume") ? Stream.empty() : Stream.of("--resume"))
        .collect(Collectors.joining(" "));
  }

  /** As a shell needs it. */
  private static String quoted(String argument) {
    return argument.matches("[\\w@%+=:,./-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }

  private ParameterException wrong(Exception e) {
    return wrong(String.valueOf(e.getMessage()));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "injected by picocli").commandLine();
  }
}
