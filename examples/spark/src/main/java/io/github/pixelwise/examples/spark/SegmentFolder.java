package io.github.pixelwise.examples.spark;

import io.github.pixelwise.spark.JobSummary;
import io.github.pixelwise.spark.SegmentationJob;
import io.github.pixelwise.spark.SegmentationTransformer;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** Segments all photos in a folder, and writes a table. */
public final class SegmentFolder {
  private SegmentFolder() {}

  /**
   * Segments photos that have no row in the table yet.
   *
   * @param spark the cluster
   * @param photos their folder
   * @param output the folder for the table
   * @return what was done
   * @throws IOException if the folder cannot be read
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static JobSummary segment(SparkSession spark, String photos, String output)
      throws IOException, InterruptedException {
    return SegmentationJob.of(spark, photos, output)
        .transformer(new SegmentationTransformer().setRecipe("write = mask, cutout, json"))
        .run();
  }
}
