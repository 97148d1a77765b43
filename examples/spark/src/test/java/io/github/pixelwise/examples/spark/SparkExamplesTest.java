package io.github.pixelwise.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkExamplesTest {
  private static final String PHOTOS = Path.of("../photos").toUri().toString();

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", false).getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void findsTheCat() {
    List<Row> found = PhotosOfCats.find(spark, PHOTOS).collectAsList();

    assertThat(found).singleElement().asString().contains("chelsea.png");
  }

  @Test
  void masksThatAreTheTruthAreRight(@TempDir Path folder) throws IOException, InterruptedException {
    assertThat(SegmentFolder.segment(spark, PHOTOS, folder.toUri().toString()).segmented())
        .isEqualTo(3);
    Dataset<Row> table = spark.read().parquet(folder.resolve("photos.parquet").toString());

    assertThat(EvaluateMasks.meanIou(table.selectExpr("mask as truth", "mask"))).isEqualTo(1);
  }
}
