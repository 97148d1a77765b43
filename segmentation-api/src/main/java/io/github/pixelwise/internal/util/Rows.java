package io.github.pixelwise.internal.util;

import io.github.pixelwise.Parallelism;

/** Works on the rows of a picture in parallel, on the JVM's common pool. */
public final class Rows {
  private Rows() {}

  /**
   * As {@link Parallelism#forRows} of the common pool.
   *
   * @param rows the number of rows
   * @param minimum the fewest rows worth a band of their own
   * @param band the work
   */
  public static void inParallel(int rows, int minimum, Parallelism.Band band) {
    Parallelism.common().forRows(rows, minimum, band);
  }
}
