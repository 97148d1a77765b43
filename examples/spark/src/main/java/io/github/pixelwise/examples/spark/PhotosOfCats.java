package io.github.pixelwise.examples.spark;

import io.github.pixelwise.spark.SegmentationTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds the photos in a folder that show a cat. */
public final class PhotosOfCats {
  private PhotosOfCats() {}

  /**
   * Finds photos.
   *
   * @param spark the cluster
   * @param folder the folder, in any file system that Spark reads
   * @return the paths of the photos, with their masks
   */
  public static Dataset<Row> find(SparkSession spark, String folder) {
    Dataset<Row> photos = spark.read().format("binaryFile").load(folder);
    Dataset<Row> segmented =
        new SegmentationTransformer().setRecipe("write = mask, json").transform(photos);
    return segmented
        .where("exists(statistics, s -> s.class = 'cat' and s.share > 0.1)")
        .select("path", "mask");
  }
}
