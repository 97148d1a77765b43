package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong for all photographs is an error before the first of them is read. */
class TransformerErrorsTest {
  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Path card;
  private static Path categories;
  private static Dataset<Row> photos;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(folder);
    card = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
    categories = LocalSpark.write(MicroModel.CATEGORIES, folder.resolve("categories"));
    photos = LocalSpark.onePhoto(spark);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static SegmentationTransformer transformer() {
    return new SegmentationTransformer().setModel(card.toString());
  }

  private static void assertWrong(SegmentationTransformer transformer, String... message) {
    assertThatThrownBy(() -> transformer.transform(photos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(message);
  }

  @Test
  void aMissingColumn() {
    String message =
        "there is no column \"photo\" with photos; columns are name, content. Name it with"
            + " setInputCol.";

    assertWrong(transformer().setInputCol("photo"), message);
    assertThatThrownBy(() -> transformer().setInputCol("photo").transformSchema(photos.schema()))
        .hasMessage(message);
    assertThatThrownBy(() -> transformer().transformSchema(new StructType()))
        .hasMessageContaining("columns are missing altogether");
  }

  @Test
  void aColumnOfAnotherType() {
    StructType schema =
        new StructType()
            .add("content", DataTypes.createArrayType(DataTypes.ByteType))
            .add("image", new StructType().add("data", DataTypes.BinaryType));

    assertThatThrownBy(() -> transformer().transformSchema(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the column \"content\" must hold photos as binary (the content of files), as string"
                + " (paths), or as Spark's image struct; found array<tinyint>");
    assertThatThrownBy(() -> transformer().setInputCol("image").transformSchema(schema))
        .hasMessageEndingWith("found struct<data:binary>");
  }

  @Test
  void twoColumnsWithPhotosOfOneName() {
    assertThatThrownBy(() -> transformer().transform(photos.select("content", "content")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are several columns \"content\"; drop or rename all but one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mask", "Mask", "WIDTH", "height", "statistics", "error"})
  void aNewColumnThatIsThereAlready(String name) {
    Dataset<Row> others = photos.withColumnRenamed("name", name);

    assertThatThrownBy(() -> transformer().transform(others))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "there is already a column \"%s\"; drop or rename it, or let the new columns begin"
                    .formatted(name.toLowerCase(Locale.ROOT))
                + " differently with setOutputPrefix");
    assertThatThrownBy(() -> transformer().transformSchema(others.schema()))
        .hasMessageStartingWith("there is already a column ");
  }

  @Test
  void anUnknownModel() {
    assertThatThrownBy(() -> transformer().setModel("deeplabv9").transform(photos))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("deeplabv9");
    assertThatThrownBy(
            () ->
                transformer()
                    .setModel(folder.resolve("none.properties").toString())
                    .transform(photos))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("none.properties: there is no such file");
  }

  @Test
  void aModelWithoutItsNetwork() throws IOException {
    Path model = LocalSpark.write(MicroModel.STRIDED, folder.resolve("incomplete"));
    Files.delete(model.resolveSibling("strided.onnx"));

    assertThatThrownBy(() -> transformer().setModel(model.toString()).transform(photos))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("strided.onnx");
  }

  @Test
  void anUnknownBackend() {
    assertThatThrownBy(() -> transformer().setBackend("onx").transform(photos))
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessageContaining(
            "there is no backend \"onx\" on the class path (did you mean \"onnx\"?)");
  }

  @Test
  void aBackendWithoutItsJar() {
    assertThatThrownBy(() -> transformer().setBackend("djl").transform(photos))
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessageContaining("Add io.github.pixelwise:pixelwise-djl");
  }

  @Test
  void aWrongDevice() {
    assertWrong(
        transformer().setDevice("gpu 1"), "a device is cpu, auto or cuda:N", "found \"gpu 1\"");
  }

  @ParameterizedTest
  @CsvSource({
    "tf32, 'a setting must be NAME=VALUE, found \"tf32\"'",
    "=true, 'a setting must be NAME=VALUE, found \"=true\"'",
    "tf32=true, a setting's name must be BACKEND.NAME",
    "onnx.cuda.tf23=true, backend onnx has no setting onnx.cuda.tf23 (did you mean",
    "onnx.cuda.tf32=most, onnx.cuda.tf32",
    "other.level=1, there is no backend other on the class path"
  })
  void aWrongSetting(String setting, String message) {
    assertWrong(transformer().setSettings(setting), message);
  }

  @Test
  void aWrongAugmentation() {
    assertWrong(transformer().setAugmentation("9"), "must lie in 0.25..4, found 9");
  }

  @ParameterizedTest
  @CsvSource({
    "mask, 'expected lines KEY = VALUE, found \"mask\"'",
    "writes = mask, unknown key writes",
    "write = masks, key write: ",
    "class = cat, cat",
    "write = cutout, 'no class is named \"background\", so a cutout needs the classes to keep'",
    "background = missing.png, 'background: expected transparent, a color as #rrggbb, blur,"
        + " blur:PX, or an image file, found \"missing.png\": '"
  })
  void aWrongRecipe(String recipe, String message) {
    assertWrong(transformer().setRecipe(recipe), message);
  }

  @Test
  void aBackgroundThatIsNoPicture() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "a text");

    assertWrong(
        transformer().setRecipe("write = cutout\nclass = red\nbackground = " + text),
        "found \"" + text + "\": cannot read the picture: it begins with the bytes");
  }

  @Test
  void confidenceOfAModelWithoutProbabilities() {
    assertWrong(
        transformer().setModel(categories.toString()).setRecipe("write = confidence"),
        "model categories outputs classes without probabilities, so there is no confidence to"
            + " write");
  }

  @Test
  void fewerThanOnePixel() {
    assertThatThrownBy(() -> transformer().setMaxPixels(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxPixels");
  }

  @Test
  void aDeviceThatExecutorsLackEndsTheJob() {
    Dataset<Row> masks = transformer().setDevice("cuda:7").transform(photos);

    assertThatThrownBy(masks::collectAsList)
        .isInstanceOf(SparkException.class)
        .satisfies(e -> assertThat(Rounds.failure(e)).hasMessageContaining("cuda:7"));
  }

  @Test
  void noJobStartsForWhatIsWrong() {
    int before = jobs();

    assertWrong(transformer().setRecipe("class = cat"), "cat");

    assertThat(jobs()).isEqualTo(before);
  }

  private static int jobs() {
    return spark.sparkContext().statusTracker().getJobIdsForGroup(null).length;
  }
}
