package io.github.pixelwise.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * How many photographs there were so far. Tasks that fail or are repeated count once.
 *
 * @param done those that were segmented
 * @param failed those that were not
 */
record Counts(LongAccumulator done, LongAccumulator failed) implements Serializable {
  static Counts in(SparkContext context) {
    return new Counts(
        context.longAccumulator("photos segmented"), context.longAccumulator("photos failed"));
  }
}
