package io.github.pixelwise.spark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table of a job, a row for each photograph, in Parquet. Rows of photographs that failed are in
 * a partition of their own, so that they can be found, and removed to be tried again.
 */
final class PhotographTable {
  static final String PATH = "path";
  static final String NAME = "name";

  /** The column with {@link #DONE} or {@link #FAILED}, a partition for each. */
  static final String STATE = "state";

  /** A folder beside the rows, which readers of tables skip, for files that are not finished. */
  static final String PARTS = "_parts";

  private static final String DONE = "done";
  private static final String FAILED = "failed";

  private static final StructType PATHS = new StructType().add(PATH, DataTypes.StringType, false);

  static final StructType PHOTOGRAPHS =
      PATHS.add(NAME, DataTypes.StringType, false).add("length", DataTypes.LongType, false);

  private final SparkSession spark;
  private final String table;

  PhotographTable(SparkSession spark, String table) {
    this.spark = spark;
    this.table = table;
    // Otherwise Spark sorts rows by partition, and holds all pictures of a task for that.
    spark.conf().set("spark.sql.maxConcurrentOutputFileWriters", "2");
  }

  /** The rows of photographs that are to be segmented, each list of them for one task. */
  Dataset<Row> rows(List<List<ListedPhotograph>> splits) {
    // Rows in plain lists, because Kryo, which many clusters use, knows neither records nor
    // List.of.
    List<ArrayList<Row>> tasks = new ArrayList<>();
    for (List<ListedPhotograph> split : splits) {
      ArrayList<Row> rows = new ArrayList<>();
      split.forEach(
          photo -> rows.add(RowFactory.create(photo.path(), photo.name(), photo.length())));
      tasks.add(rows);
    }
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(tasks, tasks.size())
            .flatMap(List::iterator);
    return spark.createDataFrame(rows, PHOTOGRAPHS);
  }

  /** Whether there are rows. */
  boolean hasRows() throws IOException {
    Path path = new Path(table);
    FileSystem files = HadoopFiles.system(path, spark.sparkContext().hadoopConfiguration());
    return files.exists(new Path(path, STATE + "=" + DONE))
        || files.exists(new Path(path, STATE + "=" + FAILED));
  }

  /**
   * Finds out which photographs have a row. The table is read where it is; only these paths reach
   * the driver.
   */
  Set<String> known(List<ListedPhotograph> photographs) {
    Dataset<Row> asked =
        spark
            .createDataset(
                photographs.stream().map(ListedPhotograph::path).toList(), Encoders.STRING())
            .toDF(PATH);
    return new HashSet<>(
        spark
            .read()
            .schema(PATHS) // which Spark cannot tell if no task has ended yet
            .parquet(table)
            .select(PATH)
            .join(broadcast(asked), PATH)
            .as(Encoders.STRING())
            .collectAsList());
  }

  /**
   * Adds rows. Those of a task are there as soon as it ends, and only once if it has to be
   * repeated.
   */
  void append(Dataset<Row> rows) {
    rows.withColumn(STATE, when(col(OutputColumns.ERROR).isNull(), DONE).otherwise(FAILED))
        .write()
        .mode(SaveMode.Append)
        .partitionBy(STATE)
        // Rows are large: Parquet otherwise looks at memory only after a hundred of them.
        .option("parquet.block.size.row.check.min", "4")
        .option("parquet.page.size.row.check.min", "4")
        // Version 1 would hide the rows of all tasks until the last one ends.
        .option("mapreduce.fileoutputcommitter.algorithm.version", "2")
        // Spark would delete what other rounds are writing.
        .option("mapreduce.fileoutputcommitter.cleanup.skipped", "true")
        // A round is not the whole table.
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .parquet(table);
  }

  /** Removes the rows of photographs that failed. */
  void removeFailed() throws IOException {
    delete(STATE + "=" + FAILED);
  }

  /** Removes what tasks have left that did not end. */
  void removeUnfinished() throws IOException {
    delete("_temporary");
    delete(PARTS);
  }

  private void delete(String name) throws IOException {
    Path path = new Path(table, name);
    HadoopFiles.system(path, spark.sparkContext().hadoopConfiguration()).delete(path, true);
  }
}
