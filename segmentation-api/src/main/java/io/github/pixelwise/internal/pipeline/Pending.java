package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.ModelInput;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** An image some of whose inputs have not been scored yet. Used by one thread. */
final class Pending {
  private final Finish finish;
  private ScoreMap[] scores = {};
  private int missing;
  private Duration preparation = Duration.ZERO;
  private Duration inference = Duration.ZERO;

  /** Receives an image's scores, in the order of its inputs, once they are complete. */
  @FunctionalInterface
  interface Finish {
    void accept(List<ScoreMap> scores, Duration preparation, Duration inference);
  }

  Pending(Finish finish) {
    this.finish = finish;
  }

  /** Returns the image's inputs, which now wait for their runs. */
  List<Batches.Item> prepared(List<ModelInput> inputs, Duration time) {
    scores = new ScoreMap[inputs.size()];
    missing = scores.length;
    preparation = time;
    return IntStream.range(0, missing)
        .mapToObj(i -> new Batches.Item(this, i, inputs.get(i)))
        .toList();
  }

  /** Takes the scores of one input. */
  void scored(int index, ScoreMap map, Duration time) {
    scores[index] = map;
    inference = inference.plus(time);
    missing--;
    if (missing == 0) {
      finish.accept(Arrays.asList(scores), preparation, inference);
    }
  }
}
