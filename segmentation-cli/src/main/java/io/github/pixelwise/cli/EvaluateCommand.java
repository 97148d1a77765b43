package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.evaluation.ClassMap;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.Evaluation;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code segment evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Measures how good a model is on photos with true masks.",
    description = {
      "",
      "Takes a data set (--data), two folders (--images and --masks), or masks that any program"
          + " made (--predictions and --masks). Prints IoU, Dice, recall, and precision of each"
          + " class and their means, with the rules behind them. -o also writes report.html,"
          + " report.json, classes.csv, images.csv, and images.jsonl.",
      "",
      "Pixels that are void in the true mask are not counted. Pixels without a predicted class, or"
          + " with one that the data set lacks, are wrong.",
      "",
      "The first photo or mask that cannot be read ends the run, because a number without it would"
          + " not be that of the data set. --resume then continues a run that wrote to -o.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 everything worked; 1 a photo, a mask, the model, or the device failed; 2 the"
          + " command line is wrong, and nothing was done; 130 or 143 ended by Ctrl-C or SIGTERM.",
      "",
      "Examples:",
      "  segment evaluate --data voc.dataset.properties -o report",
      "  segment evaluate --images photos --masks truth --labels 'background, cat' -m"
          + " my.properties",
      "  segment evaluate --predictions out --masks truth --labels voc"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Mixin private DatasetOptions datasetOptions = new DatasetOptions();

  @Option(
      names = "--predictions",
      paramLabel = "DIR",
      description =
          "Predicted masks with the names of the true ones, to use instead of a model. Their values"
              + " are class numbers, or those of --values or --colors.")
  private @Nullable Path predictions;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description =
          "Lines MODEL CLASS = DATA SET CLASS for classes whose names differ (default: by name).")
  private @Nullable Path map;

  @Option(
      names = "--empty",
      paramLabel = "skip|nan|zero|one",
      description =
          "The IoU of a class that neither truth nor prediction has (default: skip, which leaves it"
              + " out of means).")
  private EmptyClasses empty = EmptyClasses.SKIP;

  @Option(
      names = "--boundary",
      paramLabel = "PX|auto",
      description =
          "Also measure boundary IoU and boundary F-score, PX pixels wide; auto takes 2%% and"
              + " 0.75%% of the photo's diagonal.")
  private @Nullable String boundary;

  @Option(
      names = "--sharpen",
      description = "Let the edges of the model's masks follow those of the photos.")
  private boolean sharpen;

  @Option(
      names = "--calibration",
      description = "Also measure how far the model's confidence can be trusted.")
  private boolean calibration;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "The folder for the report.")
  private @Nullable Path output;

  @Option(
      names = "--resume",
      description = "Continue the run in the folder of -o; photos that it has are not run again.")
  private boolean resume;

  @Option(names = "--force", description = "Overwrite a report that already exists.")
  private boolean force;

  @Mixin private ModelOptions modelOptions = new ModelOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireOutput();
    if (predictions != null) {
      if (map != null) {
        throw wrong("--map is for models; the values of predicted masks are the data set's");
      }
      for (String option : List.of("--model", "--backend", "--tta", "--sharpen")) {
        if (commandLine().getParseResult().hasMatchedOption(option)) {
          throw wrong(option + " is for models; --predictions are masks that exist already");
        }
      }
      Dataset dataset = datasetOptions.read(null);
      return run(
          Evaluation.ofPredictions(datasetOptions.predictions(predictions, dataset), dataset),
          dataset);
    }
    ModelCard card = modelOptions.card(Catalog.load());
    Dataset dataset = datasetOptions.read(card.labels());
    ClassMap classes = classes(card.labels(), dataset.labels());
    try (Segmenter segmenter = modelOptions.open(modelOptions.segmenter(card))) {
      return run(Evaluation.of(segmenter, dataset, classes, options(segmenter)), dataset);
    }
  }

  private SegmentationOptions options(Segmenter segmenter) {
    if (!sharpen) {
      return SegmentationOptions.MASK_ONLY;
    }
    if (segmenter.model().output().kind() == OutputKind.CATEGORIES) {
      throw wrong(
          "--sharpen needs a model with scores; %s outputs categories"
              .formatted(segmenter.model().name()));
    }
    return SegmentationOptions.MASK_ONLY.withSharpening();
  }

  private void requireOutput() {
    if (output == null && (resume || force)) {
      throw wrong((resume ? "--resume" : "--force") + " needs the folder of the report: -o DIR");
    }
    if (resume && force) {
      throw wrong("--resume continues a report, --force overwrites it: choose one");
    }
    if (output != null && !resume && !force && Files.exists(output.resolve("images.jsonl"))) {
      throw wrong(
          output
              + " has a report already: continue it with --resume, overwrite it with --force, or"
              + " choose another folder");
    }
  }

  private ClassMap classes(LabelMap model, LabelMap dataset) throws IOException {
    try {
      return map == null ? ClassMap.byName(model, dataset) : ClassMap.read(map, model, dataset);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage() + (map == null ? ", see --map" : ""));
    }
  }

  private Integer run(Evaluation evaluation, Dataset dataset)
      throws IOException, InterruptedException {
    evaluation.emptyClasses(empty);
    if (boundary != null) {
      measureBoundaries(evaluation, boundary);
    }
    if (calibration) {
      try {
        evaluation.calibration();
      } catch (IllegalArgumentException e) {
        throw wrong("--calibration: " + e.getMessage());
      }
    }
    if (output != null) {
      if (resume) {
        evaluation.resume(output);
      } else {
        evaluation.report(output);
      }
    }
    EvaluationReport report;
    try (Progress progress = Progress.of(dataset.samples().size(), commandLine().getErr())) {
      report = evaluation.onImage(result -> progress.step()).run();
    }
    commandLine().getOut().print(report.toText());
    if (output != null) {
      commandLine().getOut().println("\nThe report is in " + output.resolve("report.html"));
    }
    commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private void measureBoundaries(Evaluation evaluation, String width) {
    if (width.toLowerCase(Locale.ROOT).equals("auto")) {
      evaluation.boundaries();
      return;
    }
    try {
      evaluation.boundaries(Integer.parseInt(width));
    } catch (IllegalArgumentException e) {
      throw wrong("--boundary must be a number of pixels from 1, or auto, found " + width);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "injected by picocli").commandLine();
  }
}
