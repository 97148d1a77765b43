package io.github.pixelwise.examples.spark;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.spark.ConfusionAggregator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares a table of masks with the true ones. */
public final class EvaluateMasks {
  private EvaluateMasks() {}

  /**
   * Evaluates masks with the classes of Pascal VOC.
   *
   * @param masks a table with a column of true masks, and one of predicted ones
   * @return the mean IoU
   */
  public static double meanIou(Dataset<Row> masks) {
    ConfusionMatrix matrix =
        ConfusionAggregator.of(LabelMap.voc()).evaluate(masks, "truth", "mask");
    return matrix.metrics(EmptyClasses.SKIP).meanIou();
  }
}
