package io.github.pixelwise.training;

import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.training.internal.loading.ClassPresence;
import java.io.IOException;
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
    recipe.optimizer(); // throws if its keys do not go together
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

  /**
   * Reads all masks, so that a wrong one does not end the run hours later.
   *
   * @return what to tell about them
   * @throws IOException if a mask cannot be read or has a wrong value, or if all pixels of the
   *     validation are void
   */
  static List<String> masks(Training training) throws IOException, InterruptedException {
    List<String> notices = new ArrayList<>();
    if (!training.recipe().balanced()) { // otherwise sampling has read them
      notices.addAll(ClassPresence.of(training.data(), training.workers()).notices());
    }
    if (training.validation().isPresent()) {
      Dataset data = training.validation().get();
      if (ClassPresence.of(data, training.workers()).occurring().length == 0) {
        throw new IOException(
            "nothing can be measured on %s, because all pixels of its masks are void: correct its masks, or train without validation"
                .formatted(data.name()));
      }
    }
    return notices;
  }
}
