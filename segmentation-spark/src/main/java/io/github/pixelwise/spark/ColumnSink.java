package io.github.pixelwise.spark;

import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Puts products into their columns: pictures as bytes, statistics as structs, the rest as text. */
final class ColumnSink implements ProductSink {
  private static final long serialVersionUID = 1;

  @Override
  public DataType type(Product product) {
    if (product == Product.JSON) {
      return StatisticsColumn.TYPE;
    }
    return isPicture(product) ? DataTypes.BinaryType : DataTypes.StringType;
  }

  @Override
  public Object take(Products made, Product product, Row row) throws IOException {
    if (product == Product.JSON) {
      return StatisticsColumn.value(made.result());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    made.write(product, bytes);
    return isPicture(product) ? bytes.toByteArray() : bytes.toString(StandardCharsets.UTF_8);
  }

  private static boolean isPicture(Product product) {
    return switch (product) {
      case MASK, COLOR, OVERLAY, CUTOUT, CONFIDENCE -> true;
      case JSON, GEOJSON, YOLO, LABELME, SVG, COCO, CVAT, SUMMARY -> false;
    };
  }
}
