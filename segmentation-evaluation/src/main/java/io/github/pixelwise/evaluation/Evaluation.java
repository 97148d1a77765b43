package io.github.pixelwise.evaluation;

/** Runs a model over a data set and counts. */
public final class Evaluation {
  private Evaluation() {}
}
