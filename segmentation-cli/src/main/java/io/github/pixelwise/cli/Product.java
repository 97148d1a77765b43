package io.github.pixelwise.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What is written for a photograph. */
enum Product {
  MASK(".mask.png"),
  COLOR(".color.png"),
  OVERLAY(".overlay.png"),
  CUTOUT(".cutout.png"),
  JSON(".json");

  private final String suffix;

  Product(String suffix) {
    this.suffix = suffix;
  }

  /** What the photograph's suffix is replaced with. */
  String suffix() {
    return suffix;
  }

  /** Whether a file has the name of a picture that an earlier run wrote. */
  static boolean isPicture(String fileName) {
    return Arrays.stream(values())
        .anyMatch(product -> product != JSON && fileName.endsWith(product.suffix));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a word of {@code --write}. */
  static final class Converter implements ITypeConverter<Product> {
    @Override
    public Product convert(String value) {
      String word = value.strip();
      List<String> words = Arrays.stream(values()).map(Product::word).toList();
      return Arrays.stream(values())
          .filter(product -> product.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected %s, found \"%s\"".formatted(String.join(", ", words), word)));
    }
  }
}
