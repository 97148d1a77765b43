package io.github.pixelwise.spark;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Spark in this JVM, and small models and tables for it. */
final class LocalSpark {
  private LocalSpark() {}

  /** Starts Spark with two cores. */
  static SparkSession start(Path folder) {
    return SparkSession.builder()
        .master("local[2]")
        .appName("LocalSpark")
        .config("spark.ui.enabled", false)
        .config("spark.log.level", "WARN")
        .config("spark.local.dir", folder.resolve("local").toString())
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .getOrCreate();
  }

  /** Writes a model of the kit, as ONNX; returns its card. */
  static Path write(MicroModel model, Path folder) throws IOException {
    Files.createDirectories(folder);
    ModelCard card = model.descriptor();
    ModelFile onnx = card.file(ModelFormat.ONNX).orElseThrow();
    Path network = folder.resolve(card.name() + ".onnx");
    try (InputStream in = onnx.location().toURL().openStream()) {
      Files.copy(in, network);
    }
    Path written = folder.resolve(card.name() + ".properties");
    card.toBuilder()
        .files(List.of(new ModelFile(ModelFormat.ONNX, network.toUri(), onnx.sha256())))
        .build()
        .write(written);
    return written;
  }

  /** A table with a column {@code content} of files, and their names. */
  static Dataset<Row> table(SparkSession spark, List<Row> namesAndContents) {
    return spark.createDataFrame(
        namesAndContents,
        new StructType()
            .add("name", DataTypes.StringType, false)
            .add("content", DataTypes.BinaryType, true));
  }

  /** A table with a photograph. */
  static Dataset<Row> onePhoto(SparkSession spark) throws IOException {
    return table(spark, List.of(RowFactory.create("cat", Photos.png())));
  }

  /** A table with a column of paths. */
  static Dataset<Row> paths(SparkSession spark, List<String> paths) {
    return spark
        .createDataFrame(
            paths.stream().map(RowFactory::create).toList(),
            new StructType().add("path", DataTypes.StringType, true))
        .coalesce(2);
  }
}
