package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.training.EpochResult;
import io.github.pixelwise.training.TrainingProgress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingOutputTest {
  private static final String LINE =
      "epoch 1/2, step 3/4, loss 0.5000, rate 0.0100, 8.0 photos/s, 5 s left";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void train(boolean terminal) {
    try (TrainingOutput shown =
        new TrainingOutput(new PrintWriter(out), new PrintWriter(err), terminal)) {
      shown.onNote("starting");
      for (int step = 3; step <= 4; step++) {
        shown.onStep(
            new TrainingProgress(1, 2, step, 4, 0.5, 0.01, 8, Duration.ofSeconds(8 - step)));
      }
      shown.onEpoch(new EpochResult(1, 0.5, Optional.empty(), true));
    }
  }

  @Test
  void rewritesALineOnATerminalAndErasesIt() {
    train(true);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "segment: starting\n\r\u001b[K\u001b[?7l" + LINE + "\u001b[?7h\r\u001b[K");
    assertThat(out.toString()).isEqualToNormalizingNewlines("epoch 1: loss 0.5000\n");
  }

  @Test
  void addsALineNowAndThenElsewhere() {
    train(false);

    assertThat(err.toString()).isEqualToNormalizingNewlines("segment: starting\n" + LINE + "\n");
    assertThat(out.toString()).isEqualToNormalizingNewlines("epoch 1: loss 0.5000\n");
  }
}
