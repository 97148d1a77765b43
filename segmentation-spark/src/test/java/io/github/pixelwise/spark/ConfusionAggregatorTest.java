package io.github.pixelwise.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.evaluation.ClassMap;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.imaging.PalettePng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConfusionAggregatorTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("background", "cat", "dog"));
  private static final int IGNORE = LABELS.ignoreIndex();

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void numbersAreThoseOfOneMachine() throws IOException {
    ConfusionMatrix expected = ConfusionMatrix.of(LABELS);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      CategoryMask truth = mask(i, 30 + i, 20, 0, 1, 2, IGNORE);
      CategoryMask prediction = mask(100 + i, 30 + i, 20, 0, 1, 2, 7);
      expected.add(truth, prediction);
      rows.add(RowFactory.create(i % 2, png(truth), png(prediction)));
    }
    ConfusionAggregator aggregator = ConfusionAggregator.of(LABELS);

    ConfusionMatrix found = aggregator.evaluate(table(rows).repartition(7), "truth", "mask");

    assertThat(found).isEqualTo(expected);
    assertThat(found.metrics(EmptyClasses.SKIP).meanIou())
        .isEqualTo(expected.metrics(EmptyClasses.SKIP).meanIou());
  }

  @Test
  void groupsHaveMatricesOfTheirOwn() throws IOException {
    CategoryMask cats = mask(1, 8, 8, 1);
    CategoryMask dogs = mask(1, 8, 8, 2);
    Dataset<Row> rows =
        table(
            List.of(
                RowFactory.create(0, png(cats), png(cats)),
                RowFactory.create(1, png(cats), png(dogs)),
                RowFactory.create(1, png(dogs), png(dogs))));

    List<ConfusionMatrix> matrices =
        rows.groupBy("group")
            .agg(
                udaf(
                        ConfusionAggregator.of(LABELS),
                        Encoders.tuple(Encoders.BINARY(), Encoders.BINARY()))
                    .apply(col("truth"), col("mask"))
                    .as("matrix"))
            .orderBy("group")
            .select("matrix")
            .as(Encoders.javaSerialization(ConfusionMatrix.class))
            .collectAsList();

    assertThat(matrices).hasSize(2);
    assertThat(matrices.get(0).count(1, 1)).isEqualTo(64);
    assertThat(matrices.get(1).count(1, 2)).isEqualTo(64);
    assertThat(matrices.get(1).count(2, 2)).isEqualTo(64);
  }

  @Test
  void theModelsClassesBecomeThoseOfTheDataSet() throws IOException {
    LabelMap model = LabelMap.of(List.of("dog", "sofa", "cat"));
    ConfusionAggregator aggregator =
        ConfusionAggregator.of(LABELS, model, ClassMap.byName(model, LABELS));
    Dataset<Row> rows =
        table(
            List.of(
                RowFactory.create(0, png(mask(1, 5, 4, 2)), png(mask(1, 5, 4, 0))),
                RowFactory.create(0, png(mask(1, 5, 4, 2)), png(mask(1, 5, 4, 1)))));

    ConfusionMatrix found = aggregator.evaluate(rows, "truth", "mask");

    assertThat(found.count(2, 2)).isEqualTo(20);
    assertThat(found.count(2, ConfusionMatrix.VOID)).isEqualTo(20);
  }

  @Test
  void aRowWithoutAMaskEndsTheJob() throws IOException {
    Dataset<Row> rows = table(List.of(RowFactory.create(0, png(mask(1, 5, 4, 0)), null)));

    assertThatThrownBy(() -> ConfusionAggregator.of(LABELS).evaluate(rows, "truth", "mask"))
        .hasStackTraceContaining(
            "a row has no predicted mask. Leave out such rows, for example those with an error");
  }

  @Test
  void sizesMustBeEqual() throws IOException {
    Dataset<Row> rows =
        table(List.of(RowFactory.create(0, png(mask(1, 5, 4, 0)), png(mask(1, 4, 5, 0)))));

    assertThatThrownBy(() -> ConfusionAggregator.of(LABELS).evaluate(rows, "truth", "mask"))
        .hasStackTraceContaining("truth and prediction must have one size, found 5 x 4 and 4 x 5");
  }

  private static Dataset<Row> table(List<Row> rows) {
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("group", DataTypes.IntegerType)
            .add("truth", DataTypes.BinaryType)
            .add("mask", DataTypes.BinaryType));
  }

  /** A mask with some categories, all with the same chance. */
  private static CategoryMask mask(long seed, int width, int height, int... categories) {
    Random random = new Random(seed);
    int[] pixels = new int[width * height];
    Arrays.setAll(pixels, i -> categories[random.nextInt(categories.length)]);
    return CategoryMask.copyOf(width, height, pixels);
  }

  private static byte[] png(CategoryMask mask) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PalettePng.write(mask, Palette.voc(), out);
    return out.toByteArray();
  }
}
