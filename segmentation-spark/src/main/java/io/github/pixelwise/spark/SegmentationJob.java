package io.github.pixelwise.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Segments the photographs in a folder of any file system that Spark reads, and writes a table with
 * a row for each.
 *
 * <pre>{@code
 * JobSummary summary =
 *     SegmentationJob.of(spark, "s3a://bucket/photos", "s3a://bucket/masks")
 *         .transformer(new SegmentationTransformer().setRecipe("write = mask, json"))
 *         .run();
 * }</pre>
 *
 * <p>The table is {@code photos.parquet} in the output folder. Its columns are {@code path}, {@code
 * name} (the path in the folder of photographs), {@code length} in bytes, those of {@link
 * SegmentationTransformer}, and {@code state}, which is {@code done} or {@code failed}.
 *
 * <p>Photographs that have a row are skipped, so a job that was broken off picks up where it left
 * off: the rows of a task are in the table as soon as it ends. Two jobs must not write to one
 * folder at the same time.
 *
 * <p>Photographs are found, divided, and segmented in rounds, two of them at a time, so that the
 * memory of the driver does not depend on their number. Not safe for use by several threads.
 */
public final class SegmentationJob {
  /** How many bytes of photographs a task gets unless {@link #splitBytes} says otherwise. */
  public static final long DEFAULT_SPLIT_BYTES = 128L << 20;

  private static final String TABLE = "photos.parquet";

  /** Tasks of a round for each core: enough that the last ones of a round hardly matter. */
  private static final int TASKS_PER_CORE = 4;

  private final SparkSession spark;
  private final Path input;
  private final Path output;
  private SegmentationTransformer transformer = new SegmentationTransformer();
  private long splitBytes = DEFAULT_SPLIT_BYTES;
  private boolean files;
  private boolean retry;

  private SegmentationJob(SparkSession spark, Path input, Path output) {
    this.spark = spark;
    this.input = input;
    this.output = output;
  }

  /**
   * Starts a job.
   *
   * @param spark the cluster
   * @param photographs a folder, which is searched recursively, or a photograph
   * @param output the folder to write to
   * @return the job, to be {@link #run}
   */
  public static SegmentationJob of(SparkSession spark, String photographs, String output) {
    return new SegmentationJob(
        Objects.requireNonNull(spark, "spark"), new Path(photographs), new Path(output));
  }

  /**
   * Sets how photographs are segmented. Its column of photographs and its prefix do not matter.
   *
   * @param transformer the model, the recipe, and what runs them; copied
   * @return this job
   */
  public SegmentationJob transformer(SegmentationTransformer transformer) {
    this.transformer = transformer.copy(ParamMap.empty());
    return this;
  }

  /**
   * Sets how many bytes of photographs a task gets. If an executor is lost, its tasks are done
   * again, each from its beginning.
   *
   * @param bytes the number, at least 1; the default is {@link #DEFAULT_SPLIT_BYTES}
   * @return this job
   * @throws IllegalArgumentException if it is below 1
   */
  public SegmentationJob splitBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a split needs at least 1 byte, found " + bytes);
    }
    splitBytes = bytes;
    return this;
  }

  /**
   * Writes products to files in the output folder, named as those of {@code segment run}. Their
   * columns then have the paths of these files.
   *
   * @return this job
   */
  public SegmentationJob files() {
    files = true;
    return this;
  }

  /**
   * Tries photographs again that have failed, and removes their rows first.
   *
   * @return this job
   */
  public SegmentationJob retryFailed() {
    retry = true;
    return this;
  }

  /**
   * Segments the photographs.
   *
   * @return what was done
   * @throws IOException if there is no such folder, it has no photographs, or it cannot be read; or
   *     if two photographs would write the same file
   * @throws InterruptedException if the calling thread is interrupted
   * @throws IllegalArgumentException if the recipe or another parameter is wrong, or the table was
   *     made with another model or recipe
   * @throws io.github.pixelwise.SegmentationException if the model or the backend cannot be found,
   *     or executors cannot open the model
   */
  public JobSummary run() throws IOException, InterruptedException {
    SparkSession session = spark.newSession(); // whose settings are not those of the caller
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Path folder = HadoopFiles.folder(output, context.hadoopConfiguration());
    requireOtherFolder(folder, context);
    PhotographListing photographs =
        new PhotographListing(input, folder, context.hadoopConfiguration());
    if (!photographs.hasNext()) {
      throw new FileNotFoundException("there are no photos in " + input);
    }
    Counts counts = Counts.in(session.sparkContext());
    RowSegmenter segmenter =
        transformer
            .setInputCol(PhotographTable.PATH)
            .setOutputPrefix("")
            .prepare(
                session.sparkContext(),
                PhotographTable.PHOTOGRAPHS,
                files ? sink(folder, context) : new ColumnSink(),
                counts);
    segmenter.openEverywhere(context);
    long start = System.nanoTime();
    Path path = new Path(folder, TABLE);
    PhotographTable table = new PhotographTable(session, path.toString());
    transformer
        .record(segmenter.model().hash(), files)
        .keep(path, table.hasRows(), context.hadoopConfiguration());
    if (retry) {
      table.removeFailed();
    }
    Splits splits =
        new Splits(photographs, splitBytes, () -> TASKS_PER_CORE * context.defaultParallelism());
    Rounds rounds = new Rounds(context, splits, table, segmenter, files);
    rounds.run();
    table.removeUnfinished();
    long segmented = counts.done().value();
    return new JobSummary(
        segmented,
        rounds.skipped(),
        counts.failed().value(),
        files ? segmented * segmenter.columns().products().size() : 0,
        Duration.ofNanos(System.nanoTime() - start));
  }

  private void requireOtherFolder(Path folder, JavaSparkContext context) throws IOException {
    Path photographs =
        HadoopFiles.system(input, context.hadoopConfiguration()).makeQualified(input);
    if (files && folder.equals(photographs)) {
      throw new IllegalArgumentException(
          "%s has the photos, and would get files that the next job takes for photos. Choose another output folder."
              .formatted(folder));
    }
  }

  private FileSink sink(Path folder, JavaSparkContext context) {
    return new FileSink(
        folder.toString(),
        new Path(new Path(folder, TABLE), PhotographTable.PARTS).toString(),
        transformer.format(),
        new SerializableConfiguration(context.hadoopConfiguration()));
  }
}
