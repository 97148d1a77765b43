package io.github.pixelwise.training.internal;

import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.util.Locale;

/** The line that says how far a run is. */
public final class ProgressLine {
  private ProgressLine() {}

  /**
   * Writes the line, such as {@code epoch 3/30, step 120/480, loss 0.4312, rate 0.00654, 12.3
   * photos/s, 4 min 10 s left}.
   *
   * @param epoch the epoch, from 1
   * @param epochs how many epochs there are
   * @param step the step of the epoch, from 1
   * @param steps how many steps the epoch has
   * @param loss the loss
   * @param rate the learning rate
   * @param photosPerSecond how many photos are trained on per second; not finite if not known yet
   * @param secondsLeft how long the run is going to take from here; not finite if not known yet
   */
  public static String of(
      int epoch,
      int epochs,
      long step,
      long steps,
      double loss,
      double rate,
      double photosPerSecond,
      double secondsLeft) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "epoch %,d/%,d", epoch, epochs));
    line.append(String.format(Locale.ROOT, ", step %,d/%,d", step, steps));
    line.append(", loss ").append(Numbers.score(loss));
    line.append(", rate ").append(Numbers.rate(rate));
    if (Double.isFinite(photosPerSecond)) {
      line.append(", ").append(Numbers.tenths(photosPerSecond)).append(" photos/s");
    }
    if (Double.isFinite(secondsLeft)) {
      line.append(", ").append(Numbers.duration(secondsLeft)).append(" left");
    }
    return line.toString();
  }
}
