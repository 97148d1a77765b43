package io.github.pixelwise.training;

import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds what would go wrong in a run before it starts. */
final class TrainingChecks {
  private TrainingChecks() {}

  /**
   * Checks that recipe and network fit each other.
   *
   * @throws IllegalArgumentException if they do not, with what to change
   */
  static void check(Training training) {
    TrainingRecipe recipe = training.recipe();
    Network network = training.network();
    SizeRule crop = recipe.augmentation().crop().orElseThrow();
    requireSeveralValues(network, recipe, shapes(network, crop));
    List<String> beginnings = new ArrayList<>(recipe.frozen());
    beginnings.addAll(recipe.rateFactors().keySet());
    beginnings.forEach(beginning -> requireOne(network, beginning));
    if (network.parameters().stream()
        .filter(Parameter::trained)
        .allMatch(weight -> recipe.frozen().stream().anyMatch(weight.name()::startsWith))) {
      throw new IllegalArgumentException(
          "nothing of network %s is left to train: freeze = %s; freeze less"
              .formatted(network.name(), recipe.value("freeze")));
    }
  }

  private static Map<Layer, Shape> shapes(Network network, SizeRule crop) {
    try {
      return network.shapes(crop.width(), crop.height());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s. Choose another augment.crop (--crop); the network is made for %s"
              .formatted(e.getMessage(), network.input().size()),
          e);
    }
  }

  /** A batch norm of a single value gives 0 whatever the value is, so PyTorch refuses it, too. */
  private static void requireSeveralValues(
      Network network, TrainingRecipe recipe, Map<Layer, Shape> shapes) {
    if (recipe.batch() > 1 || recipe.freezesBatchNorm()) {
      return;
    }
    for (Layer layer : network.layers()) {
      Shape shape = shapes.get(layer);
      if (layer.operation() instanceof Operation.BatchNorm
          && shape != null
          && shape.width() == 1
          && shape.height() == 1
          && recipe.frozen().stream().noneMatch((layer.name() + ".")::startsWith)) {
        throw new IllegalArgumentException(
            "network %s cannot be trained with batches of one photograph: the batch norm %s would see a single value of each channel. Set batch to 2 or more, or batch-norm to freeze"
                .formatted(network.name(), layer.name()));
      }
    }
  }

  private static void requireOne(Network network, String beginning) {
    if (network.parameters().stream().noneMatch(each -> each.name().startsWith(beginning))) {
      throw new IllegalArgumentException(
          "no weight of network %s has a name that begins with \"%s\"; names begin with %s"
              .formatted(
                  network.name(),
                  beginning,
                  network.parameters().stream()
                      .map(each -> each.name().replaceFirst("\\..*", "."))
                      .distinct()
                      .collect(Collectors.joining(", "))));
    }
  }
}
