package io.github.pixelwise.cli;

import io.github.pixelwise.products.Product;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a word of {@code --write}. */
final class ProductConverter implements ITypeConverter<Product> {
  @Override
  public Product convert(String name) {
    try {
      return Product.parse(name);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
