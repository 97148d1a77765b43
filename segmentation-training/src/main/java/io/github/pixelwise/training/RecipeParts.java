package io.github.pixelwise.training;

import io.github.pixelwise.training.augment.Augmentation;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the loss, the optimizer, the schedule, and the augmentation that a recipe's keys describe.
 */
final class RecipeParts {
  static final String LOSSES =
      "cross-entropy, focal, dice, lovasz, ohem, or a sum such as \"cross-entropy + 0.5 * dice\"";

  private static final Pattern TERM =
      Pattern.compile("(?:(\\d+(?:\\.\\d+)?)\\s*\\*\\s*)?(cross-entropy|focal|dice|lovasz|ohem)");

  private RecipeParts() {}

  private static List<String> terms(String value) {
    return List.of(value.strip().split("\\s*\\+\\s*", -1));
  }

  static boolean isLoss(String value) {
    return terms(value).stream().allMatch(term -> TERM.matcher(term).matches());
  }

  static Loss loss(TrainingRecipe recipe) {
    return terms(recipe.value("loss")).stream()
        .map(term -> term(term, recipe))
        .reduce(Loss::plus)
        .orElseThrow();
  }

  private static Loss term(String text, TrainingRecipe recipe) {
    Matcher term = TERM.matcher(text);
    if (!term.matches()) {
      throw new IllegalStateException(text);
    }
    double[] weights = weights(recipe);
    Loss loss =
        switch (term.group(2)) {
          case "focal" -> {
            Loss.Focal focal = Loss.focal(recipe.number("loss.gamma"));
            yield weights.length > 0 ? focal.withClassWeights(weights) : focal;
          }
          case "dice" -> Loss.dice();
          case "lovasz" -> Loss.lovasz();
          case "ohem" -> Loss.ohem(recipe.number("loss.threshold"), recipe.integer("loss.kept"));
          default -> {
            Loss.CrossEntropy entropy =
                Loss.crossEntropy().withLabelSmoothing(recipe.number("loss.smoothing"));
            yield weights.length > 0 ? entropy.withClassWeights(weights) : entropy;
          }
        };
    return term.group(1) == null ? loss : loss.times(Double.parseDouble(term.group(1)));
  }

  private static double[] weights(TrainingRecipe recipe) {
    return recipe.list("loss.class-weights").stream().mapToDouble(Double::parseDouble).toArray();
  }

  static Optimizer optimizer(TrainingRecipe recipe) {
    double epsilon = recipe.number("optimizer.epsilon");
    Optimizer optimizer =
        switch (recipe.value("optimizer")) {
          case "adam" -> adam(Optimizer.adam(), recipe);
          case "adamw" -> adam(Optimizer.adamW(), recipe);
          case "rmsprop" -> {
            Optimizer.RmsProp rmsProp =
                Optimizer.rmsProp()
                    .withAlpha(recipe.number("optimizer.alpha"))
                    .withEpsilon(epsilon)
                    .withMomentum(momentum(recipe, 0));
            yield recipe.value("optimizer.centered").equals("true")
                ? rmsProp.withCentering()
                : rmsProp;
          }
          default -> {
            Optimizer.Sgd sgd =
                Optimizer.sgd(momentum(recipe, 0.9))
                    .withDampening(recipe.number("optimizer.dampening"));
            yield recipe.value("optimizer.nesterov").equals("true") ? sgd.withNesterov() : sgd;
          }
        };
    return recipe.isSet("optimizer.weight-decay")
        ? optimizer.withWeightDecay(recipe.number("optimizer.weight-decay"))
        : optimizer;
  }

  private static double momentum(TrainingRecipe recipe, double standard) {
    return recipe.isSet("optimizer.momentum") ? recipe.number("optimizer.momentum") : standard;
  }

  private static Optimizer.Adam adam(Optimizer.Adam adam, TrainingRecipe recipe) {
    return adam.withBetas(recipe.number("optimizer.beta1"), recipe.number("optimizer.beta2"))
        .withEpsilon(recipe.number("optimizer.epsilon"));
  }

  static Schedule schedule(TrainingRecipe recipe, Metric metric) {
    double factor = recipe.number("schedule.factor");
    int epochs = recipe.integer("schedule.epochs");
    double minimum = recipe.number("schedule.minimum");
    Schedule schedule =
        switch (recipe.value("schedule")) {
          case "constant" -> Schedule.constant();
          case "step" ->
              recipe.isSet("schedule.milestones")
                  ? Schedule.milestones(factor, milestones(recipe))
                  : Schedule.step(epochs, factor);
          case "cosine" -> Schedule.cosine(minimum);
          case "one-cycle" ->
              Schedule.oneCycle(
                  recipe.number("schedule.warm-share"),
                  recipe.number("schedule.start-divisor"),
                  recipe.number("schedule.end-divisor"));
          case "plateau" -> Schedule.reduceOnPlateau(metric, factor, epochs, 1e-4);
          default -> Schedule.poly(recipe.number("schedule.power"));
        };
    int warmUp = recipe.integer("schedule.warm-up");
    return warmUp > 0 ? schedule.withWarmUp(warmUp, 0) : schedule;
  }

  private static int[] milestones(TrainingRecipe recipe) {
    return recipe.list("schedule.milestones").stream().mapToInt(Integer::parseInt).toArray();
  }

  static Augmentation augmentation(TrainingRecipe recipe) {
    Augmentation.Builder builder = Augmentation.builder();
    range(recipe, "short-edge", (low, high) -> builder.shortEdge(low.intValue(), high.intValue()));
    size(recipe, "stretch", builder::stretch);
    size(recipe, "fit", builder::fit);
    range(recipe, "scale", builder::scale);
    range(recipe, "aspect-ratio", builder::aspectRatio);
    size(recipe, "crop", builder::crop);
    builder.largestShare(recipe.number("augment.largest-share"));
    builder.flip(recipe.number("augment.flip"));
    if (recipe.number("augment.rotate") > 0) {
      builder.rotation(
          recipe.number("augment.rotate"), recipe.number("augment.rotate.probability"));
    }
    range(recipe, "brightness", builder::brightness);
    range(recipe, "contrast", builder::contrast);
    range(recipe, "saturation", builder::saturation);
    range(recipe, "hue", builder::hue);
    range(
        recipe,
        "blur",
        (low, high) -> builder.blur(low, high, recipe.number("augment.blur.probability")));
    builder.gray(recipe.number("augment.gray"));
    return builder.build();
  }

  private static void range(TrainingRecipe recipe, String key, BiConsumer<Double, Double> set) {
    pair(recipe, key, "\\.\\.")
        .ifPresent(ends -> set.accept(Double.valueOf(ends[0]), Double.valueOf(ends[1])));
  }

  private static void size(TrainingRecipe recipe, String key, BiConsumer<Integer, Integer> set) {
    pair(recipe, key, "x")
        .ifPresent(sides -> set.accept(Integer.valueOf(sides[0]), Integer.valueOf(sides[1])));
  }

  private static Optional<String[]> pair(TrainingRecipe recipe, String key, String separator) {
    String value = recipe.value("augment." + key);
    return value.isEmpty() ? Optional.empty() : Optional.of(value.split(separator));
  }
}
