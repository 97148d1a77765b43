package io.github.pixelwise.spark;

import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.postprocess.ClassStatistics;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The column for {@link io.github.pixelwise.products.Product#JSON}: what is in a photograph. */
final class StatisticsColumn {
  static final String NAME = "statistics";

  static final DataType TYPE =
      DataTypes.createArrayType(
          new StructType()
              .add("id", DataTypes.IntegerType, false)
              .add("class", DataTypes.StringType, false)
              .add("pixels", DataTypes.LongType, false)
              .add("share", DataTypes.DoubleType, false)
              .add(
                  "box",
                  new StructType()
                      .add("x", DataTypes.IntegerType, false)
                      .add("y", DataTypes.IntegerType, false)
                      .add("width", DataTypes.IntegerType, false)
                      .add("height", DataTypes.IntegerType, false),
                  false),
          false);

  private StatisticsColumn() {}

  static Row[] value(SegmentationResult result) {
    return ClassStatistics.of(result.mask(), result.labels()).stream()
        .map(
            found ->
                RowFactory.create(
                    found.category(),
                    found.name(),
                    found.pixels(),
                    found.share(),
                    RowFactory.create(
                        found.box().x(),
                        found.box().y(),
                        found.box().width(),
                        found.box().height())))
        .toArray(Row[]::new);
  }
}
