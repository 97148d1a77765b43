package io.github.pixelwise.training;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.training.internal.LossCode;
import io.github.pixelwise.training.internal.OptimizerCode;
import io.github.pixelwise.training.internal.TrainableNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a recipe means for the steps of a run: how many there are, and what each changes. */
final class StepPlan {
  private final TrainingRecipe recipe;
  private final int batches;

  /**
   * @param batches the number of batches of an epoch
   */
  StepPlan(TrainingRecipe recipe, int batches) {
    this.recipe = recipe;
    this.batches = batches;
  }

  int stepsPerEpoch() {
    return (batches + recipe.accumulation() - 1) / recipe.accumulation();
  }

  /** The number of batches of a step; the last step of an epoch may have fewer. */
  int parts(int stepOfEpoch) {
    return Math.min(recipe.accumulation(), batches - stepOfEpoch * recipe.accumulation());
  }

  /** A well-mixed seed: splitmix64 of its arguments. */
  static long mix(long... numbers) {
    long z = 0;
    for (long number : numbers) {
      z = (z + number) * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
    }
    return z;
  }

  TrainableNetwork.Settings settings(Network network, LabelMap labels) {
    Optimizer optimizer = recipe.optimizer();
    List<String> frozen = recipe.frozen();
    return new TrainableNetwork.Settings(
        LossCode.methods(recipe.loss(), network.output().channels(), labels.ignoreIndex()),
        OptimizerCode.update(optimizer),
        OptimizerCode.slots(optimizer),
        name -> startsWith(name, frozen),
        // A part that is frozen gives what it gives in inference.
        name -> recipe.freezesBatchNorm() || startsWith(name + ".", frozen),
        recipe.dropout(),
        recipe.auxiliaryWeight(),
        recipe.averaging(),
        recipe.precision());
  }

  private static boolean startsWith(String name, List<String> beginnings) {
    return beginnings.stream().anyMatch(name::startsWith);
  }

  /**
   * Changes the weights.
   *
   * @param step how many steps are done
   * @param factor the schedule's factor
   */
  void update(TrainableNetwork network, long step, double factor) {
    Map<String, Double> factors = recipe.rateFactors();
    double[] rates =
        network.trained().stream()
            .mapToDouble(weight -> recipe.rate() * factor * rateFactor(weight, factors))
            .toArray();
    double[] decays = new double[rates.length];
    Arrays.fill(decays, recipe.optimizer().weightDecay());
    network.update(step + 1, rates, decays, recipe.clip());
  }

  /** The factor of the longest beginning of the weight's name that has one. */
  private static double rateFactor(Parameter weight, Map<String, Double> factors) {
    return factors.entrySet().stream()
        .filter(factor -> weight.name().startsWith(factor.getKey()))
        .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
        .map(Map.Entry::getValue)
        .orElse(1.0);
  }
}
