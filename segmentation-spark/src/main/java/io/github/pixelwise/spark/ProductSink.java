package io.github.pixelwise.spark;

import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/** Where the products of photographs go. */
interface ProductSink extends Serializable {
  /** The output failed, as it would for any photograph: the task must be tried again. */
  final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FailedException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /** The type of a product's column. */
  DataType type(Product product);

  /**
   * Takes a product.
   *
   * @param row what is known of the photograph
   * @return the value of its column
   * @throws IOException if it cannot be made
   * @throws FailedException if it cannot be written
   */
  Object take(Products made, Product product, Row row) throws IOException;
}
