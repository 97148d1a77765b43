package io.github.pixelwise.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a run is.
 *
 * @param epoch how many epochs are complete
 * @param step how many steps are done in all
 * @param stepOfEpoch how many of them are of the epoch that is not complete
 * @param losses the sum of their losses
 * @param metrics the metric after each complete epoch that was measured
 * @param best the best of them
 * @param bestEpoch the epoch that had it, from 1; without validation, the last complete one
 */
record RunPosition(
    int epoch,
    long step,
    int stepOfEpoch,
    double losses,
    List<Double> metrics,
    double best,
    int bestEpoch) {
  private static final String STEP_OF_EPOCH = "step-of-epoch";
  private static final String LOSSES = "losses";
  private static final String METRICS = "metrics";

  /** Before the first step, with a metric of which more is better or less. */
  static RunPosition start(Metric metric) {
    return new RunPosition(0, 0, 0, 0, List.of(), metric.worst(), 0);
  }

  /** Reads what {@link #state} made. */
  static RunPosition of(RunState state) {
    String metrics = state.states().getOrDefault(METRICS, "");
    return new RunPosition(
        state.epoch(),
        state.step(),
        Integer.parseInt(state.states().getOrDefault(STEP_OF_EPOCH, "0")),
        Double.parseDouble(state.states().getOrDefault(LOSSES, "0")),
        metrics.isEmpty()
            ? List.of()
            : List.of(metrics.split(" ")).stream().map(Double::valueOf).toList(),
        state.best(),
        state.bestEpoch());
  }

  RunState state(String network, Map<String, String> recipe, int threads) {
    return new RunState(
        network,
        recipe,
        epoch,
        step,
        best,
        bestEpoch,
        threads,
        Map.of(
            STEP_OF_EPOCH, Integer.toString(stepOfEpoch),
            LOSSES, Double.toString(losses),
            METRICS, metrics.stream().map(String::valueOf).collect(Collectors.joining(" "))));
  }

  RunPosition afterStep(double loss) {
    return new RunPosition(
        epoch, step + 1, stepOfEpoch + 1, losses + loss, metrics, best, bestEpoch);
  }

  /** The mean loss of the steps of the epoch that is not complete. */
  double meanLoss() {
    return losses / stepOfEpoch;
  }

  /** With the epoch's metric, if it was measured. */
  RunPosition afterEpoch(Optional<Double> metric, boolean isBest) {
    List<Double> all = new ArrayList<>(metrics);
    metric.ifPresent(all::add);
    return new RunPosition(
        epoch + 1,
        step,
        0,
        0,
        List.copyOf(all),
        isBest ? metric.orElse(best) : best,
        isBest ? epoch + 1 : bestEpoch);
  }

  @Override
  public String toString() {
    return stepOfEpoch == 0
        ? "epoch %s".formatted(epoch)
        : "step %s of epoch %s".formatted(stepOfEpoch, epoch + 1);
  }
}
