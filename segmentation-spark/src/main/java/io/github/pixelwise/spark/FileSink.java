package io.github.pixelwise.spark;

import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes products to files named as those of {@code segment run}. Their columns have the paths, and
 * that of JSON has the statistics.
 *
 * @param folder the folder for all of them
 * @param parts the folder for files that are not finished
 * @param format the name of the format of overlays and cutouts
 * @param configuration how to reach the folder
 */
record FileSink(String folder, String parts, String format, SerializableConfiguration configuration)
    implements ProductSink {
  @Override
  public DataType type(Product product) {
    return product == Product.JSON ? StatisticsColumn.TYPE : DataTypes.StringType;
  }

  @Override
  public Object take(Products made, Product product, Row row) throws IOException {
    Path photograph = new Path(row.<String>getAs(PhotographTable.PATH));
    Path file =
        new Path(
            new Path(folder), new Path(null, null, file(row.getAs(PhotographTable.NAME), product)));
    Products located = made.withPath(relative(file, photograph));
    if (product == Product.GEOJSON && "file".equals(photograph.toUri().getScheme())) {
      located = located.withMapOf(java.nio.file.Path.of(photograph.toUri().getPath()));
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    located.write(product, content);
    try {
      write(file, content);
    } catch (IOException e) {
      throw new FailedException("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
    return product == Product.JSON ? StatisticsColumn.value(made.result()) : file.toString();
  }

  /** The path of a product below the folder. */
  String file(String name, Product product) {
    String stem = stem(name);
    int slash = stem.lastIndexOf('/') + 1;
    return stem.substring(0, slash)
        + product.file(stem.substring(slash), PictureFormat.parse(format, Optional.empty()));
  }

  /** The name of a photograph without its suffix; its files begin with it. */
  static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }

  /** A photograph's path as seen from the folder of a file, if both are in one file system. */
  private static String relative(Path file, Path photograph) {
    if (!file.toUri().resolve("/").equals(photograph.toUri().resolve("/"))) {
      return photograph.toString();
    }
    // Not by java.nio, which knows only names of the locale.
    String[] from = file.getParent().toUri().getPath().split("/", -1);
    String[] to = photograph.toUri().getPath().split("/", -1);
    int common = 0;
    while (common < Math.min(from.length, to.length - 1) && from[common].equals(to[common])) {
      common++;
    }
    return "../".repeat(from.length - common)
        + String.join("/", Arrays.copyOfRange(to, common, to.length));
  }

  /** Writes a file whole or not at all, where the file system can rename. */
  private void write(Path file, ByteArrayOutputStream content) throws IOException {
    FileSystem files = HadoopFiles.system(file, configuration.value());
    Path part = new Path(parts, UUID.randomUUID().toString());
    try {
      try (OutputStream out = files.create(part, true)) {
        content.writeTo(out);
      }
      files.mkdirs(file.getParent());
      files.delete(file, false);
      if (!files.rename(part, file)) {
        throw new IOException("the finished file cannot be renamed");
      }
    } finally {
      files.delete(part, false);
    }
  }
}
