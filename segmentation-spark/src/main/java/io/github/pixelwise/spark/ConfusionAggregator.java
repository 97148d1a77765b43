package io.github.pixelwise.spark;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.ClassMap;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Compares columns of true and predicted masks, and adds their confusion matrices. Counts are
 * exact, so all metrics are those of one machine, to the last digit.
 *
 * <pre>{@code
 * ConfusionMatrix matrix =
 *     ConfusionAggregator.of(LabelMap.voc()).evaluate(table, "truth", "mask");
 * double meanIou = matrix.metrics(EmptyClasses.SKIP).meanIou();
 * }</pre>
 *
 * <p>Both columns are binary, with PNGs whose samples are the categories, such as the column {@code
 * mask} of {@link SegmentationTransformer}. A row without one of the masks ends the job: a number
 * without it would not be that of the data set. To group rows, or to use it in SQL, make a function
 * of it with {@link org.apache.spark.sql.functions#udaf}. Immutable.
 *
 * @serial exclude
 */
@SuppressWarnings("InvalidBlockTag") // Error Prone does not expect @serial here
public final class ConfusionAggregator
    extends Aggregator<Tuple2<byte[], byte[]>, ConfusionMatrix, ConfusionMatrix> {
  private static final long serialVersionUID = 1;

  private final int classes;
  private final int ignoreIndex;

  /** The class of each predicted category; null if they are the same. */
  private final int @Nullable [] targets;

  private ConfusionAggregator(LabelMap labels, int @Nullable [] targets) {
    classes = labels.size();
    ignoreIndex = labels.ignoreIndex();
    this.targets = targets;
  }

  /**
   * Returns an aggregator for predictions that have the data set's own categories.
   *
   * @param dataset the classes of the data set, and its ignore index
   * @return the aggregator
   */
  public static ConfusionAggregator of(LabelMap dataset) {
    return new ConfusionAggregator(dataset, null);
  }

  /**
   * Returns an aggregator for the predictions of a model with classes of its own.
   *
   * @param dataset the classes of the data set, and its ignore index
   * @param model the classes of the model
   * @param map which class of the data set each of the model's classes is
   * @return the aggregator
   */
  public static ConfusionAggregator of(LabelMap dataset, LabelMap model, ClassMap map) {
    int[] all = IntStream.range(0, model.size()).toArray();
    return new ConfusionAggregator(
        dataset, map.apply(CategoryMask.copyOf(all.length, 1, all)).toIntArray());
  }

  /**
   * Compares all rows.
   *
   * @param rows the masks
   * @param truth the column of true masks
   * @param prediction the column of predicted masks
   * @return the confusion matrix
   */
  public ConfusionMatrix evaluate(Dataset<?> rows, String truth, String prediction) {
    return rows.select(truth, prediction)
        .as(Encoders.tuple(Encoders.BINARY(), Encoders.BINARY()))
        .select(toColumn())
        .first();
  }

  @Override
  public ConfusionMatrix zero() {
    return ConfusionMatrix.of(classes, ignoreIndex);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if a mask is missing, their sizes differ, or the truth has a
   *     category that is neither a class nor the ignore index
   * @throws UncheckedIOException if a mask is not such a PNG
   */
  @Override
  public ConfusionMatrix reduce(ConfusionMatrix matrix, Tuple2<byte[], byte[]> masks) {
    matrix.add(read("true", masks._1()), mapped(read("predicted", masks._2())));
    return matrix;
  }

  private static CategoryMask read(String kind, byte @Nullable [] png) {
    if (png == null) {
      throw new IllegalArgumentException(
          "a row has no %s mask. Leave out such rows, for example those with an error"
              .formatted(kind));
    }
    try {
      return PalettePng.read(png);
    } catch (IOException e) {
      throw new UncheckedIOException("the %s mask of a row: %s".formatted(kind, e.getMessage()), e);
    }
  }

  private CategoryMask mapped(CategoryMask mask) {
    if (targets == null) {
      return mask;
    }
    int[] categories = mask.toIntArray();
    for (int i = 0; i < categories.length; i++) {
      categories[i] = categories[i] < targets.length ? targets[categories[i]] : ignoreIndex;
    }
    return CategoryMask.copyOf(mask.width(), mask.height(), categories);
  }

  @Override
  public ConfusionMatrix merge(ConfusionMatrix one, ConfusionMatrix other) {
    one.add(other);
    return one;
  }

  @Override
  public ConfusionMatrix finish(ConfusionMatrix matrix) {
    return matrix;
  }

  @Override
  public Encoder<ConfusionMatrix> bufferEncoder() {
    return Encoders.javaSerialization(ConfusionMatrix.class);
  }

  @Override
  public Encoder<ConfusionMatrix> outputEncoder() {
    return Encoders.javaSerialization(ConfusionMatrix.class);
  }
}
