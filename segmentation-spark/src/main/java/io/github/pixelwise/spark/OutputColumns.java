package io.github.pixelwise.spark;

import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns that are added: the size of the photograph, one for each product, and why it failed.
 *
 * @param prefix what their names begin with
 * @param products the products, in order
 * @param sink where they go
 */
record OutputColumns(String prefix, List<Product> products, ProductSink sink)
    implements Serializable {
  static final String WIDTH = "width";
  static final String HEIGHT = "height";
  static final String ERROR = "error";

  OutputColumns {
    products = List.copyOf(products);
  }

  /**
   * Adds the columns to others.
   *
   * @throws IllegalArgumentException if one of them is there already
   */
  StructType addTo(StructType schema) {
    StructType all = schema;
    List<String> names = Arrays.asList(schema.fieldNames());
    for (StructField field : fields()) {
      // Spark does not distinguish case in names.
      if (names.stream().anyMatch(field.name()::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "there is already a column \"%s\"; drop or rename it, or let the new columns begin differently with setOutputPrefix"
                .formatted(field.name()));
      }
      all = all.add(field);
    }
    return all;
  }

  private List<StructField> fields() {
    List<StructField> fields = new ArrayList<>();
    fields.add(field(WIDTH, DataTypes.IntegerType));
    fields.add(field(HEIGHT, DataTypes.IntegerType));
    for (Product product : products) {
      String name =
          product == Product.JSON ? StatisticsColumn.NAME : product.name().toLowerCase(Locale.ROOT);
      fields.add(field(name, sink.type(product)));
    }
    fields.add(field(ERROR, DataTypes.StringType));
    return fields;
  }

  private StructField field(String name, DataType type) {
    return DataTypes.createStructField(prefix + name, type, true);
  }

  /** A row with what was made of a photograph. */
  Row row(Row row, Picture photo, Products made) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    for (Product product : products) {
      values.add(sink.take(made, product, row));
    }
    return row(row, photo.colors().width(), photo.colors().height(), values, null);
  }

  /** A row of a photograph that failed. */
  Row failed(Row row, @Nullable Picture photo, String error) {
    List<@Nullable Object> nothing = new ArrayList<>();
    products.forEach(product -> nothing.add(null));
    return photo == null
        ? row(row, null, null, nothing, error)
        : row(row, photo.colors().width(), photo.colors().height(), nothing, error);
  }

  private static Row row(
      Row row,
      @Nullable Integer width,
      @Nullable Integer height,
      List<@Nullable Object> products,
      @Nullable String error) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      values.add(row.get(i));
    }
    values.add(width);
    values.add(height);
    values.addAll(products);
    values.add(error);
    return RowFactory.create(values.toArray());
  }
}
