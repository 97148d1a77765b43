package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A photograph that cannot be segmented gives a row that says why; those beside it are right. */
class BadPhotographsTest {
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

  private static SegmentationTransformer transformer() {
    return new SegmentationTransformer().setModel(card.toString());
  }

  private static void assertGood(Row row) {
    assertThat(row.<String>getAs("error")).isNull();
    assertThat(row.<byte[]>getAs("mask")).isNotEmpty();
    assertThat(row.<Integer>getAs("width")).isEqualTo(200);
    assertThat(row.<Integer>getAs("height")).isEqualTo(120);
    assertThat(row.<Row>getList(row.fieldIndex("statistics"))).isNotEmpty();
  }

  private static void assertFailed(Row row, String reason) {
    assertThat(row.<String>getAs("error")).contains(reason);
    assertThat(List.of("mask", "statistics", "width", "height"))
        .allMatch(column -> row.isNullAt(row.fieldIndex(column)));
  }

  @Test
  void bytes() throws IOException {
    byte[] png = Photos.png();
    byte[] jpeg = Photos.jpeg();
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put("good", png);
    contents.put("null", null);
    contents.put("good, too", png);
    contents.put("empty", new byte[0]);
    contents.put("truncated PNG", Arrays.copyOf(png, png.length / 2));
    contents.put("truncated JPEG", Arrays.copyOf(jpeg, jpeg.length / 2));
    contents.put("start of a JPEG", Arrays.copyOf(jpeg, 3));
    contents.put("text", "a text".getBytes(StandardCharsets.UTF_8));
    contents.put("good again", png);
    List<Row> rows = new ArrayList<>();
    contents.forEach((name, content) -> rows.add(RowFactory.create(name, content)));

    List<Row> masks =
        transformer().transform(LocalSpark.table(spark, rows).coalesce(1)).collectAsList();

    assertThat(masks)
        .extracting(row -> row.<String>getAs("name"))
        .containsExactlyElementsOf(contents.keySet());
    assertGood(masks.get(0));
    assertGood(masks.get(2));
    assertGood(masks.get(8));
    String start = "cannot read the picture: it ";
    assertFailed(masks.get(1), "there is no photo: the column \"content\" is null");
    assertFailed(masks.get(3), start + "is empty.");
    assertFailed(masks.get(4), start + "ends early");
    assertFailed(masks.get(5), start + "ends early");
    assertFailed(masks.get(6), start);
    assertFailed(
        masks.get(7),
        start + "begins with the bytes 61 20 74 65 78 74, which is not a supported format");
  }

  @Test
  void moreThanTheMostPixels() throws IOException {
    List<Row> rows =
        transformer()
            .setMaxPixels(200 * 120 - 1)
            .transform(LocalSpark.onePhoto(spark))
            .collectAsList();

    assertThat(rows).singleElement().satisfies(row -> assertFailed(row, "(setMaxPixels, or "));
    assertThat(rows.get(0).<String>getAs("error"))
        .contains("it claims 200 x 120 = 24000 pixels, above the limit of 23999");
    assertGood(transformer().setMaxPixels(200 * 120).transform(LocalSpark.onePhoto(spark)).first());
  }

  @Test
  void paths() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("paths"));
    String good = Files.write(photos.resolve("good.png"), Photos.png()).toString();
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put(photos.resolve("missing.png").toString(), "missing.png does not exist");
    bad.put(photos.toString(), "cannot read " + photos);
    bad.put("", "\"\" is not a path: ");
    bad.put("nowhere://host/photo.png", "No FileSystem for scheme \"nowhere\"");
    bad.put(
        Files.write(photos.resolve("raw.NEF"), Photos.png()).toString(),
        ": it is a .nef file, which cannot be read. Convert it to JPEG or"
            + " PNG first, for example with darktable-cli.");
    List<String> paths = new ArrayList<>();
    bad.keySet().forEach(path -> paths.addAll(List.of(path, good)));

    List<Row> rows =
        transformer().setInputCol("path").transform(LocalSpark.paths(spark, paths)).collectAsList();

    assertThat(rows).hasSize(10);
    for (Row row : rows) {
      String reason = bad.get(row.<String>getAs("path"));
      if (reason == null) {
        assertGood(row);
      } else {
        assertFailed(row, reason);
      }
    }
  }

  @Test
  void aPathWithoutRights() throws IOException {
    Path secret = Files.write(folder.resolve("secret.png"), Photos.png());
    assumeThat(secret.toFile().setReadable(false)).isTrue();
    assumeThat(Files.isReadable(secret)).as("root may read everything").isFalse();

    Row row =
        transformer()
            .setInputCol("path")
            .transform(LocalSpark.paths(spark, List.of(secret.toString())))
            .first();

    assertFailed(row, "Permission denied");
  }

  @Test
  void sparksImages() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("images"));
    Files.write(photos.resolve("good.png"), Photos.png());
    Files.writeString(photos.resolve("bad.png"), "a text");
    Dataset<Row> images = spark.read().format("image").load(photos.toString());
    Dataset<Row> odd =
        spark.createDataFrame(
            List.of(
                RowFactory.create(image(2, 2, 3, 16, new byte[11])),
                RowFactory.create(image(1, 1, 2, 8, new byte[2])),
                RowFactory.create(image(1, 1, 3, 21, new byte[12])), // of floats
                RowFactory.create(image(65_536, 65_536, 1, 0, new byte[0])),
                RowFactory.create((Object) null)),
            new StructType().add("image", ImageSchema.columnSchema(), true));

    List<Row> rows =
        transformer().setInputCol("image").transform(images.union(odd)).collectAsList();

    String expected = "expected an image with 1, 3, or 4 bytes per pixel, found ";
    assertThat(rows).hasSize(7);
    assertThat(rows.stream().filter(row -> row.isNullAt(row.fieldIndex("error"))))
        .singleElement()
        .satisfies(BadPhotographsTest::assertGood);
    assertThat(rows.stream().map(row -> row.<String>getAs("error")))
        .containsExactlyInAnyOrder(
            null,
            expected + "-1 x -1 pixels, -1 channels, and 0 bytes",
            expected + "2 x 2 pixels, 3 channels, and 11 bytes",
            expected + "1 x 1 pixels, 2 channels, and 2 bytes",
            expected + "1 x 1 pixels, 3 channels, and 12 bytes",
            expected + "65536 x 65536 pixels, 1 channels, and 0 bytes",
            "there is no photo: the column \"image\" is null");
  }

  private static Row image(int width, int height, int channels, int mode, byte[] data) {
    return RowFactory.create("memory", height, width, channels, mode, data);
  }

  @Test
  void sparksImagesOfMoreThanTheMostPixels() {
    Dataset<Row> images =
        spark.createDataFrame(
            List.of(RowFactory.create(image(2, 2, 1, 0, new byte[4]))),
            new StructType().add("image", ImageSchema.columnSchema(), true));

    Row row = transformer().setInputCol("image").setMaxPixels(3).transform(images).first();

    assertFailed(row, "the photo has 2 x 2 pixels, more than 3. Allow more with setMaxPixels");
  }
}
