package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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
      shown.show(LINE);
      shown.show("a line that comes too soon");
      shown.print("epoch 1: loss 0.5000");
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
