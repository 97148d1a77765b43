package io.github.pixelwise.spark;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.RecipeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Option;

/**
 * Segments a column of photographs: a stage of a Spark ML pipeline.
 *
 * <pre>{@code
 * Dataset<Row> photos = spark.read().format("binaryFile").load("photos");
 * Dataset<Row> masks =
 *     new SegmentationTransformer().setRecipe("write = mask, json").transform(photos);
 * }</pre>
 *
 * <p>Photographs are the bytes of files ({@code binaryFile}), the paths of files, or Spark's image
 * structs. The new columns are {@code width} and {@code height} of the upright photograph, one for
 * each product of the recipe, and {@code error}. A product's column has its name: {@code mask},
 * {@code color}, {@code overlay}, {@code cutout}, and {@code confidence} are binary, with the bytes
 * that {@code segment run} writes to a file; {@code geojson}, {@code yolo}, {@code labelme}, {@code
 * svg}, {@code coco}, {@code cvat}, and {@code summary} are text. For {@code json}, the column
 * {@code statistics} is an array of structs: {@code id}, {@code class}, {@code pixels}, {@code
 * share}, and {@code box}. If a photograph cannot be segmented, {@code error} says why, and its
 * products are null.
 *
 * <p>The driver finds the model and sends it to the executors. Each executor opens it once for all
 * of its tasks; a task uses as many threads as {@code spark.task.cpus} says. What is wrong for all
 * photographs is an error of {@link #transform}, or if only executors can tell, of the job.
 *
 * <p>Not safe for use by several threads.
 *
 * @serial exclude
 */
@SuppressWarnings("InvalidBlockTag") // Error Prone does not expect @serial here
public final class SegmentationTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** What is made of photographs unless a recipe says otherwise. */
  private static final String DEFAULT_RECIPE = "write = mask, json";

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputPrefix;
  private final Param<String> model;
  private final Param<String> recipe;
  private final Param<String> backend;
  private final Param<String> device;
  private final Param<String> augmentation;
  private final StringArrayParam settings;
  private final LongParam maxPixels;

  /** Creates a transformer with the default model. */
  public SegmentationTransformer() {
    this(Identifiable$.MODULE$.randomUID("segmentation"));
  }

  /**
   * Creates a transformer; called when a pipeline is loaded.
   *
   * @param uid its unique name
   */
  public SegmentationTransformer(String uid) {
    this.uid = uid;
    inputCol =
        new Param<>(uid, "inputCol", "the column with photos: bytes, paths, or image structs");
    outputPrefix = new Param<>(uid, "outputPrefix", "what the names of new columns begin with");
    model = new Param<>(uid, "model", "a model's name, its card, or its folder");
    recipe = new Param<>(uid, "recipe", "how photos are segmented and what is made of them");
    backend = new Param<>(uid, "backend", "the engine; empty for the first that works");
    device = new Param<>(uid, "device", "cpu, cuda:N, or auto");
    augmentation =
        new Param<>(uid, "augmentation", "test-time augmentation, such as 1,1.25,mirror");
    settings = new StringArrayParam(this, "settings", "the engine's settings, as NAME=VALUE");
    maxPixels =
        new LongParam(uid, "maxPixels", "the most pixels of a photo", ParamValidators.gt(0));
    setDefault(inputCol, "content");
    setDefault(outputPrefix, "");
    setDefault(model, Segmenter.DEFAULT_MODEL);
    setDefault(recipe, DEFAULT_RECIPE);
    setDefault(backend, "");
    setDefault(device, "auto");
    setDefault(augmentation, "1");
    setDefault(settings, new String[0]);
    setDefault(maxPixels, Images.MAX_PIXELS);
  }

  /** {@return the parameter {@code inputCol}} */
  public Param<String> inputCol() {
    return inputCol;
  }

  /**
   * Sets the column with the photographs.
   *
   * @param value its name; the default is {@code content}, as for {@code binaryFile}
   * @return this transformer
   */
  public SegmentationTransformer setInputCol(String value) {
    set(inputCol, Objects.requireNonNull(value, "inputCol"));
    return this;
  }

  /** {@return the parameter {@code outputPrefix}} */
  public Param<String> outputPrefix() {
    return outputPrefix;
  }

  /**
   * Sets what the names of the new columns begin with.
   *
   * @param value the beginning; the default is empty
   * @return this transformer
   */
  public SegmentationTransformer setOutputPrefix(String value) {
    set(outputPrefix, Objects.requireNonNull(value, "outputPrefix"));
    return this;
  }

  /** {@return the parameter {@code model}} */
  public Param<String> model() {
    return model;
  }

  /**
   * Sets the model. Executors need not have it.
   *
   * @param value a name, such as {@code deeplabv3-resnet50}; the path of a card or of its folder;
   *     or such a path in any file system that Spark reads, such as {@code s3a://bucket/model/}
   * @return this transformer
   */
  public SegmentationTransformer setModel(String value) {
    set(model, Objects.requireNonNull(value, "model"));
    return this;
  }

  /** {@return the parameter {@code recipe}} */
  public Param<String> recipe() {
    return recipe;
  }

  /**
   * Sets how photographs are segmented, and what is made of them.
   *
   * @param value lines {@code KEY = VALUE}, see {@link RecipeFile}; the default is {@code write =
   *     mask, json}
   * @return this transformer
   */
  public SegmentationTransformer setRecipe(String value) {
    set(recipe, Objects.requireNonNull(value, "recipe"));
    return this;
  }

  /** {@return the parameter {@code backend}} */
  public Param<String> backend() {
    return backend;
  }

  /**
   * Sets the backend, whose jar driver and executors must have.
   *
   * @param value its name, such as {@code onnx}; by default, the first that works
   * @return this transformer
   */
  public SegmentationTransformer setBackend(String value) {
    set(backend, Objects.requireNonNull(value, "backend"));
    return this;
  }

  /** {@return the parameter {@code device}} */
  public Param<String> device() {
    return device;
  }

  /**
   * Sets where executors run the network.
   *
   * @param value {@code cpu}, {@code cuda:N}, or {@code auto}, the default
   * @return this transformer
   */
  public SegmentationTransformer setDevice(String value) {
    set(device, Objects.requireNonNull(value, "device"));
    return this;
  }

  /** {@return the parameter {@code augmentation}} */
  public Param<String> augmentation() {
    return augmentation;
  }

  /**
   * Sets the test-time augmentation.
   *
   * @param value scales and {@code mirror}, such as {@code 1,1.25,mirror}; the default is {@code 1}
   * @return this transformer
   */
  public SegmentationTransformer setAugmentation(String value) {
    set(augmentation, Objects.requireNonNull(value, "augmentation"));
    return this;
  }

  /** {@return the parameter {@code settings}} */
  public StringArrayParam settings() {
    return settings;
  }

  /**
   * Sets the engine's settings.
   *
   * @param values settings such as {@code onnx.cuda.tf32=off}
   * @return this transformer
   */
  public SegmentationTransformer setSettings(String... values) {
    set(settings, values.clone());
    return this;
  }

  /** {@return the parameter {@code maxPixels}} */
  public LongParam maxPixels() {
    return maxPixels;
  }

  /**
   * Sets how large a photograph may be. A pixel takes 3 to 6 bytes of an executor's heap in each of
   * its tasks.
   *
   * @param value the most pixels; the default is {@link Images#MAX_PIXELS}
   * @return this transformer
   */
  public SegmentationTransformer setMaxPixels(long value) {
    set(maxPixels, value);
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public SegmentationTransformer copy(ParamMap extra) {
    return (SegmentationTransformer) defaultCopy(extra);
  }

  /**
   * Adds the columns to a schema.
   *
   * @throws IllegalArgumentException if the column with the photographs is missing or of another
   *     type, a new column is there already, or a parameter is wrong
   * @throws io.github.pixelwise.SegmentationException if the model cannot be found
   */
  @Override
  public StructType transformSchema(StructType schema) {
    PhotographColumn.kind(getOrDefault(inputCol), schema);
    Option<SparkSession> session = SparkSession.getActiveSession();
    Configuration configuration =
        session.isDefined()
            ? session.get().sparkContext().hadoopConfiguration()
            : new Configuration();
    return columns(card(configuration), new ColumnSink()).addTo(schema);
  }

  /**
   * Segments photographs when the result is used.
   *
   * @throws IllegalArgumentException as for {@link #transformSchema}
   * @throws io.github.pixelwise.SegmentationException if the model or the backend cannot be found
   */
  @Override
  public Dataset<Row> transform(Dataset<?> photographs) {
    SparkContext context = photographs.sparkSession().sparkContext();
    return prepare(context, photographs.schema(), new ColumnSink(), Counts.in(context))
        .applyTo(photographs);
  }

  /** Finds everything, and sends the model to the executors. */
  RowSegmenter prepare(SparkContext context, StructType schema, ProductSink sink, Counts counts) {
    String column = getOrDefault(inputCol);
    PhotographColumn.Kind kind = PhotographColumn.kind(column, schema);
    ModelCard card = card(context.hadoopConfiguration());
    return new RowSegmenter(
        shipped(context, card),
        engine(card),
        ShippedRecipe.of(getOrDefault(recipe), card.labels(), context.hadoopConfiguration()),
        new PhotographColumn(
            column,
            schema.fieldIndex(column),
            kind,
            (long) getOrDefault(maxPixels),
            new SerializableConfiguration(context.hadoopConfiguration())),
        columns(card, sink),
        counts);
  }

  /** What a table is made with. */
  JobRecord record(String modelHash, boolean files) {
    return new JobRecord(
        modelHash,
        getOrDefault(augmentation),
        RecipeFile.parse(getOrDefault(recipe)).toString(),
        files);
  }

  /** The format of overlays and cutouts. */
  String format() {
    return RecipeFile.parse(getOrDefault(recipe)).values().getOrDefault("format", "png");
  }

  private OutputColumns columns(ModelCard card, ProductSink sink) {
    // A background that is a file does not matter here.
    Recipe parsed =
        RecipeFile.parse(getOrDefault(recipe))
            .recipe(card.labels(), name -> Background.TRANSPARENT);
    return new OutputColumns(getOrDefault(outputPrefix), List.copyOf(parsed.products(card)), sink);
  }

  private ModelCard card(Configuration configuration) {
    return ModelLocation.card(getOrDefault(model), configuration);
  }

  private static ShippedModel shipped(SparkContext context, ModelCard card) {
    try {
      return ShippedModel.ship(JavaSparkContext.fromSparkContext(context), card);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot send model %s to the executors: %s".formatted(card.name(), e.getMessage()), e);
    }
  }

  /** What runs the model, if there is such a backend. */
  private EngineSpec engine(ModelCard card) {
    EngineSpec engine =
        new EngineSpec(
            getOrDefault(backend),
            getOrDefault(device),
            getOrDefault(augmentation),
            List.of(getOrDefault(settings)));
    engine.check(Catalog.load(), card);
    return engine;
  }

  /**
   * Returns a reader of saved transformers, which Spark calls when it loads a pipeline.
   *
   * @return the reader
   */
  public static MLReader<SegmentationTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Loads a transformer.
   *
   * @param path where {@link #save} has put it
   * @return the transformer
   */
  public static SegmentationTransformer load(String path) {
    return read().load(path);
  }
}
