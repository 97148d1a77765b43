package io.github.pixelwise.spark;

import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Segments the photographs of a partition, one after another. If one fails, its row says why; only
 * what would fail for all of them ends the task.
 *
 * @param model the model
 * @param engine what runs it
 * @param recipe what to make of a photograph
 * @param photographs where the photographs are
 * @param columns where to put what is made
 * @param counts what is counted
 */
record RowSegmenter(
    ShippedModel model,
    EngineSpec engine,
    ShippedRecipe recipe,
    PhotographColumn photographs,
    OutputColumns columns,
    Counts counts)
    implements MapPartitionsFunction<Row, Row>, Serializable {

  /** Segments photographs when the result is used. */
  Dataset<Row> applyTo(Dataset<?> rows) {
    return rows.toDF().mapPartitions(this, Encoders.row(columns.addTo(rows.schema())));
  }

  /**
   * Opens the model on the executors, so that what is wrong there is known at once.
   *
   * @throws SegmentationException if it cannot be opened
   * @throws IOException if executors cannot be reached
   */
  void openEverywhere(JavaSparkContext context) throws IOException {
    int tasks = context.defaultParallelism();
    try {
      context
          .parallelize(Collections.nCopies(tasks, 0), tasks)
          .foreach(task -> OpenModels.get(model, engine, TaskContext.get().cpus()));
    } catch (Exception e) { // Spark's are checked, but Scala does not declare them
      throw Rounds.failure(e);
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskContext task = TaskContext.get();
    Segmenter segmenter = OpenModels.get(model, engine, task.cpus());
    Recipe applied = recipe.recipe(segmenter.model().labels());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        if (task.isInterrupted()) {
          throw new TaskKilledException("interrupted between two photos");
        }
        return segment(segmenter, applied, rows.next());
      }
    };
  }

  private Row segment(Segmenter segmenter, Recipe applied, Row row) {
    Picture photo = null;
    Row result;
    try {
      photo = photographs.read(row);
      Products made = applied.apply(segmenter, photo);
      result = columns.row(row, photo, made);
      counts.done().add(1);
    } catch (ProductSink.FailedException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (TaskContext.get().isInterrupted()) {
        throw new TaskKilledException("interrupted in a photo: " + e);
      }
      result = columns.failed(row, photo, reason(e));
      counts.failed().add(1);
    }
    return result;
  }

  private static String reason(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return "the photo does not fit in the heap. Give executors more memory"
            + " (spark.executor.memory), or allow fewer pixels";
      }
    }
    String message = String.valueOf(e.getMessage());
    return e instanceof IOException
            || e instanceof SegmentationException
            || e instanceof IllegalArgumentException
        ? message.replace("(maxPixels)", "(setMaxPixels, or --max-pixels)")
        : "unexpected: " + e;
  }
}
