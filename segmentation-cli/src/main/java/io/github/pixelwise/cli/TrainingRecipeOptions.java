package io.github.pixelwise.cli;

import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.training.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how a network is trained. */
final class TrainingRecipeOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--recipe",
      paramLabel = "FILE|NAME",
      description =
          "A file with lines KEY = VALUE, or a recipe that comes with the command (see --recipes). The"
              + " options below override its values.")
  private @Nullable String recipe;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      completionCandidates = NetworkNames.class,
      description = "The network: ${COMPLETION-CANDIDATES}.")
  private @Nullable String network;

  @Option(
      names = "--from",
      paramLabel = "NAME|CHECKPOINT",
      description =
          "The weights to start from: a name in 'segment models', or a checkpoint, of the same network"
              + " (default: random weights). Layers of another shape start from random weights.")
  private @Nullable String from;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How many times to go through the photos (default: 30).")
  private @Nullable String epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Photos per step (default: 8).")
  private @Nullable String batch;

  @Option(
      names = "--crop",
      paramLabel = "WxH",
      description =
          "The size of the part that is cut out of each photo, in pixels (default: 480x480).")
  private @Nullable String crop;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "cross-entropy (the default), focal, dice, lovasz, ohem, or a sum such as"
              + " 'cross-entropy + 0.5 * dice'.")
  private @Nullable String loss;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "sgd (the default), adam, adamw, rmsprop.")
  private @Nullable String optimizer;

  @Option(names = "--lr", paramLabel = "RATE", description = "The learning rate (default: 0.01).")
  private @Nullable String rate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "How the learning rate changes: poly (the default), constant, step, cosine, one-cycle,"
              + " plateau.")
  private @Nullable String schedule;

  @Option(
      names = "--precision",
      paramLabel = "float32|bfloat16",
      description = "What convolutions compute in (default: float32).")
  private @Nullable String precision;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any other key of a recipe (see docs/training.md). Repeatable.")
  private List<String> settings = List.of();

  /** A key of the recipe that an option sets. */
  private record Choice(String option, String key, String value) {}

  /** Reads the recipe, and sets the keys that options name. */
  TrainingRecipe recipe() throws IOException {
    TrainingRecipe chosen = recipe == null ? TrainingRecipe.defaults() : read(recipe);
    List<String> keys = new ArrayList<>();
    for (Choice choice : choices()) {
      if (keys.contains(choice.key())) {
        throw wrong("%s sets %s, which is set already".formatted(choice.option(), choice.key()));
      }
      keys.add(choice.key());
      try {
        chosen = chosen.with(choice.key(), choice.value());
      } catch (IllegalArgumentException e) {
        throw wrong(choice.option() + ": " + e.getMessage());
      }
    }
    return chosen;
  }

  private TrainingRecipe read(String name) throws IOException {
    if (ShippedRecipes.contains(name)) {
      return ShippedRecipes.recipe(name);
    }
    Path file = Path.of(name);
    if (!Files.exists(file)) {
      throw wrong(
          "there is no file and no recipe with the name \"%s\"%s; recipes are %s"
              .formatted(
                  name,
                  Names.suggestion(name, ShippedRecipes.names()),
                  String.join(", ", ShippedRecipes.names())));
    }
    try {
      return TrainingRecipe.read(file);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    add(choices, "--network", "network", network);
    add(choices, "--from", "from", from);
    add(choices, "--epochs", "epochs", epochs);
    add(choices, "--batch", "batch", batch);
    add(choices, "--crop", "augment.crop", crop);
    add(choices, "--loss", "loss", loss);
    add(choices, "--optimizer", "optimizer", optimizer);
    add(choices, "--lr", "rate", rate);
    add(choices, "--schedule", "schedule", schedule);
    add(choices, "--precision", "precision", precision);
    for (String setting : settings) {
      int end = setting.indexOf('=');
      if (end < 1) {
        throw wrong("--set must be KEY=VALUE, found " + setting);
      }
      add(choices, "--set", setting.substring(0, end).strip(), setting.substring(end + 1).strip());
    }
    return choices;
  }

  private static void add(List<Choice> choices, String option, String key, @Nullable String value) {
    if (value != null) {
      choices.add(new Choice(option, key, value));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "injected by picocli").commandLine(), message);
  }
}
