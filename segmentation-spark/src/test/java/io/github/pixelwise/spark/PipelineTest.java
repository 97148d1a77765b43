package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformer is a stage of Spark's pipelines like any other. */
class PipelineTest {
  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Path card;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(folder);
    card = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** With no parameter at its default. */
  private static SegmentationTransformer transformer() {
    return new SegmentationTransformer()
        .setInputCol("photo")
        .setOutputPrefix("seg_")
        .setModel(card.toString())
        .setRecipe("write = mask, json\nclass = red\n")
        .setBackend("onnx")
        .setDevice("cpu")
        .setAugmentation("1,mirror")
        .setSettings("onnx.cuda.tf32=on", "djl.threads=1")
        .setMaxPixels(1_000_000);
  }

  private static void assertSameParameters(
      SegmentationTransformer actual, SegmentationTransformer expected) {
    assertThat(actual.uid()).isEqualTo(expected.uid());
    assertThat(expected.params()).hasSize(9);
    for (Param<?> param : expected.params()) {
      assertThat(actual.get(actual.getParam(param.name())).get())
          .as(param.name())
          .isEqualTo(expected.get(param).get());
    }
  }

  @Test
  void aSavedPipelineIsTheSameOnceLoaded() throws IOException {
    SegmentationTransformer transformer = transformer();
    PipelineStage rename =
        new SQLTransformer().setStatement("SELECT name, content AS photo FROM __THIS__");
    Dataset<Row> photos = LocalSpark.onePhoto(spark);
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {rename, transformer}).fit(photos);
    String path = folder.resolve("pipeline").toString();
    pipeline.write().save(path);

    PipelineModel loaded = PipelineModel.load(path);

    assertSameParameters((SegmentationTransformer) loaded.stages()[1], transformer);
    assertThat(loaded.transformSchema(photos.schema()))
        .isEqualTo(loaded.transform(photos).schema());
    Row row = loaded.transform(photos).first();
    assertThat(row).isEqualTo(pipeline.transform(photos).first());
    assertThat(row.<String>getAs("seg_error")).isNull();
    assertThat(Images.read(row.<byte[]>getAs("seg_mask")).width()).isEqualTo(200);
  }

  @Test
  void aSavedTransformerIsTheSameOnceLoaded() throws IOException {
    SegmentationTransformer transformer = transformer();
    String path = folder.resolve("transformer").toString();
    transformer.save(path);

    assertSameParameters(SegmentationTransformer.load(path), transformer);
  }

  @Test
  void defaultsStayDefaultsOnceLoaded() throws IOException {
    String path = folder.resolve("defaults").toString();
    new SegmentationTransformer().save(path);

    SegmentationTransformer loaded = SegmentationTransformer.load(path);

    assertThat(loaded.params()).hasSize(9).allMatch(param -> loaded.hasDefault(param));
    assertThat(loaded.params()).noneMatch(param -> loaded.isSet(param));
  }

  @Test
  void aCopyHasItsOwnValues() {
    SegmentationTransformer transformer = transformer();

    SegmentationTransformer copy =
        transformer.copy(new ParamMap().put(transformer.recipe(), "write = color"));

    assertThat(copy.uid()).isEqualTo(transformer.uid());
    assertThat(copy.getOrDefault(copy.recipe())).isEqualTo("write = color");
    assertThat(copy.getOrDefault(copy.model())).isEqualTo(card.toString());
    assertThat(transformer.getOrDefault(transformer.recipe())).startsWith("write = mask");
  }

  @Test
  void valuesForOneCallReplaceOthers() throws IOException {
    SegmentationTransformer transformer =
        new SegmentationTransformer().setModel(card.toString()).setRecipe("write = mask");

    Dataset<Row> colors =
        transformer.transform(
            LocalSpark.onePhoto(spark), new ParamMap().put(transformer.recipe(), "write = color"));

    assertThat(colors.columns()).contains("color").doesNotContain("mask");
  }

  @Test
  void parametersExplainThemselves() {
    assertThat(transformer().explainParams())
        .contains(
            "inputCol: the column with photos: bytes, paths, or image structs (default: content,"
                + " current: photo)",
            "device: cpu, cuda:N, or auto (default: auto, current: cpu)",
            "maxPixels: the most pixels of a photo (default: 200000000, current: 1000000)");
  }

  @Test
  void everyFieldWithAParameterHasAnAccessor() {
    assertThat(new SegmentationTransformer().params())
        .extracting(Param::name)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(SegmentationTransformer.class.getDeclaredFields())
                .filter(field -> Param.class.isAssignableFrom(field.getType()))
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(Field::getName)
                .toList());
  }

  @Test
  void settingsAreCopied() {
    String[] settings = {"onnx.cuda.tf32=on"};
    SegmentationTransformer transformer = new SegmentationTransformer().setSettings(settings);
    settings[0] = "changed";

    assertThat(transformer.getOrDefault(transformer.settings()))
        .containsExactly("onnx.cuda.tf32=on");
  }
}
