package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.decode.OutputAdvice;
import io.github.pixelwise.internal.decode.OutputShape;
import io.github.pixelwise.internal.decode.Scores;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Runs inputs through the network, then checks the output and takes it apart. */
final class Scorer {
  private final BackendContext backend;
  private final ModelCard model;
  private final InferenceSession session;
  private final int batchSize;
  private final boolean fixedBatch;

  /** The beginning of messages. */
  private final String context;

  /**
   * @param backend what the session was opened with
   * @param model its card, completed
   * @param batchSize how many inputs one run may take
   * @param fixedBatch whether each run must take exactly that many
   */
  Scorer(
      BackendContext backend,
      ModelCard model,
      InferenceSession session,
      int batchSize,
      boolean fixedBatch) {
    this.backend = backend;
    this.model = model;
    this.session = session;
    this.batchSize = batchSize;
    this.fixedBatch = fixedBatch;
    this.context = Opening.context(model, backend.backend());
  }

  int batchSize() {
    return batchSize;
  }

  /** Returns the scores of inputs of one shape, no more than {@link #batchSize}. */
  List<ScoreMap> score(List<ModelInput> inputs) {
    int images = fixedBatch ? batchSize : inputs.size();
    FloatTensor output =
        run(Batches.tensor(inputs.stream().map(ModelInput::tensor).toList(), images));
    requireImages(output, images);
    List<ScoreMap> scores = new ArrayList<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        scores.add(
            Scores.of(output, i, model.labels().size(), model.output(), inputs.get(i).geometry()));
      }
    } catch (IllegalArgumentException e) {
      throw new InferenceException(context + e.getMessage());
    }
    return scores;
  }

  /** Outputs with entirely different shapes are reported when they are taken apart. */
  private void requireImages(FloatTensor output, int images) {
    OutputShape.of(output, model.output())
        .filter(shape -> shape.images() != images)
        .ifPresent(
            shape -> {
              throw new InferenceException(
                  ("%soutput \"%s\" should have a batch of %d, found %s. Correct the output's kind or"
                          + " layout (output.kind, output.layout on a card), or export the network for"
                          + " batches of any size.")
                      .formatted(context, model.output().name(), images, output));
            });
  }

  private FloatTensor run(FloatTensor input) {
    backend.requireFits(session.input(), input);
    FloatTensor output;
    if (session.concurrent()) {
      output = session.run(input);
    } else {
      synchronized (session) {
        output = session.run(input);
      }
    }
    requireSensible(output);
    return output;
  }

  /** Probabilities may be slightly outside 0..1 if a network interpolates them cubically. */
  private void requireSensible(FloatTensor output) {
    OutputKind kind = model.output().kind();
    boolean probabilities =
        (kind == OutputKind.PROBABILITIES || kind == OutputKind.SIGMOID)
            && !model.output().minMax();
    float low = probabilities ? -0.1f : -Float.MAX_VALUE;
    float high = probabilities ? 1.1f : Float.MAX_VALUE;
    FloatBuffer values = output.buffer();
    for (int i = 0, length = values.limit(); i < length; i++) {
      float value = values.get(i);
      if (!(value >= low && value <= high)) {
        throw new InferenceException(
            !probabilities || !Float.isFinite(value)
                ? "%soutput \"%s\" should hold finite numbers, found %s"
                    .formatted(context, model.output().name(), value)
                : "%soutput \"%s\" should hold probabilities of 0..1, found %s. %s"
                    .formatted(
                        context,
                        model.output().name(),
                        value,
                        OutputAdvice.notProbabilities(kind)));
      }
    }
  }
}
