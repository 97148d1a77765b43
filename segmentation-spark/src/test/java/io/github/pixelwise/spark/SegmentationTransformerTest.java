package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.ClassStatistics;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.RecipeFile;
import io.github.pixelwise.testkit.MicroModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the transformer makes of photographs is what the library makes of them. */
class SegmentationTransformerTest {
  /** With everything that a product can have. */
  private static final String ALL =
      "write = "
          + Arrays.stream(Product.values())
              .map(product -> product.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "))
          + "\nclass = red\noutline = true\nlegend = true\nsimplify = 1\nmin-region = 20\n";

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Path card;
  private static Segmenter segmenter;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(folder);
    card = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
    segmenter = Segmenter.builder().model(ModelCard.read(card)).open();
  }

  @AfterAll
  static void stop() {
    segmenter.close();
    spark.stop();
  }

  private static SegmentationTransformer transformer(String recipe) {
    return new SegmentationTransformer().setModel(card.toString()).setRecipe(recipe);
  }

  private static Products expected(Picture photo, String recipe) {
    Recipe parsed = RecipeFile.parse(recipe).recipe(segmenter.model().labels());
    return parsed.apply(segmenter, photo);
  }

  private static byte[] bytes(Products products, Product product) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    products.write(product, out);
    return out.toByteArray();
  }

  @Test
  void everyProductIsTheOneOfTheLibrary() throws IOException {
    Products expected = expected(Images.readPicture(Photos.png(), Images.MAX_PIXELS), ALL);

    Row row = transformer(ALL).transform(LocalSpark.onePhoto(spark)).first();

    assertThat(row.<Object>getAs("error")).isNull();
    for (Product product : Product.values()) {
      String column = product.name().toLowerCase(Locale.ROOT);
      byte[] file = bytes(expected, product);
      switch (product) {
        case MASK, COLOR, OVERLAY, CUTOUT, CONFIDENCE ->
            assertThat(row.<byte[]>getAs(column)).as(column).isEqualTo(file);
        case GEOJSON, YOLO, LABELME, SVG, COCO, CVAT, SUMMARY ->
            assertThat(row.<String>getAs(column))
                .as(column)
                .isEqualTo(new String(file, StandardCharsets.UTF_8));
        case JSON -> assertThat(row.schema().fieldNames()).doesNotContain(column);
      }
    }
  }

  @Test
  void statisticsAreThoseOfTheLibrary() throws IOException {
    SegmentationResult result =
        segmenter.segment(Images.readPicture(Photos.png(), Images.MAX_PIXELS).onWhite());
    List<ClassStatistics> expected = ClassStatistics.of(result.mask(), result.labels());

    Row row = transformer("write = json").transform(LocalSpark.onePhoto(spark)).first();

    assertThat(expected).hasSizeGreaterThan(1);
    assertThat(row.<Row>getList(row.fieldIndex("statistics")))
        .extracting(
            found ->
                new ClassStatistics(
                    found.getAs("id"),
                    found.getAs("class"),
                    found.<Long>getAs("pixels"),
                    found.<Double>getAs("share"),
                    new ClassStatistics.Box(
                        found.<Row>getAs("box").getAs("x"),
                        found.<Row>getAs("box").getAs("y"),
                        found.<Row>getAs("box").getAs("width"),
                        found.<Row>getAs("box").getAs("height"))))
        .isEqualTo(expected);
  }

  @Test
  void theDefaultIsAMaskAndStatistics() throws IOException {
    SegmentationTransformer transformer = new SegmentationTransformer().setModel(card.toString());

    Dataset<Row> photos = LocalSpark.onePhoto(spark);

    assertThat(transformer.transformSchema(photos.schema()).simpleString())
        .isEqualTo(
            "struct<name:string,content:binary,width:int,height:int,mask:binary,"
                + "statistics:array<struct<id:int,class:string,pixels:bigint,share:double,"
                + "box:struct<x:int,y:int,width:int,height:int>>>,error:string>");
    assertThat(transformer.transform(photos).schema())
        .isEqualTo(transformer.transformSchema(photos.schema()));
  }

  @Test
  void sizesAreThoseOfTheUprightPhoto() throws IOException {
    Row row =
        transformer("write = mask")
            .transform(
                LocalSpark.table(spark, List.of(RowFactory.create("cat", turned(Photos.jpeg())))))
            .first();

    assertThat(row.<Integer>getAs("width")).isEqualTo(120);
    assertThat(row.<Integer>getAs("height")).isEqualTo(200);
  }

  /** A JPEG of 200 x 120 pixels, which EXIF says is to be turned by a quarter. */
  private static byte[] turned(byte[] jpeg) {
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      18,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0
    };
    byte[] turned = Arrays.copyOf(jpeg, jpeg.length + exif.length);
    System.arraycopy(exif, 0, turned, 2, exif.length); // behind the start of the image
    System.arraycopy(jpeg, 2, turned, 2 + exif.length, jpeg.length - 2);
    return turned;
  }

  @Test
  void filesPathsAndSparksImagesGiveTheSameMasks() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("kinds"));
    RgbImage cat = Images.read(Photos.png());
    Images.write(cat, photos.resolve("colors.png"));
    Images.write(fading(cat), photos.resolve("alpha.png"));
    byte[] ramp = new byte[90 * 60];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) i;
    }
    Images.write(AlphaMask.of(90, 60, ramp), photos.resolve("gray photo.png"));

    Dataset<Row> files = spark.read().format("binaryFile").load(photos.toString());
    Dataset<Row> images = spark.read().format("image").load(photos.toString());

    assertThat(images.select("image.nChannels").collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactlyInAnyOrder(1, 3, 4);
    assertMasks(transformer("write = mask").transform(files), "path");
    assertMasks(
        transformer("write = mask").setInputCol("path").transform(files.select("path")), "path");
    assertMasks(transformer("write = mask").setInputCol("image").transform(images), "image.origin");
  }

  private static RgbaImage fading(RgbImage photo) {
    byte[] rgb = photo.toByteArray();
    byte[] rgba = new byte[rgb.length / 3 * 4];
    for (int i = 0; i < rgba.length / 4; i++) {
      System.arraycopy(rgb, 3 * i, rgba, 4 * i, 3);
      rgba[4 * i + 3] = (byte) (i % photo.width());
    }
    return RgbaImage.of(photo.width(), photo.height(), rgba);
  }

  private static void assertMasks(Dataset<Row> masks, String path) throws IOException {
    List<Row> rows = masks.selectExpr(path + " as path", "mask", "error").collectAsList();
    assertThat(rows).hasSize(3);
    for (Row row : rows) {
      Path file = Path.of(row.getString(0).replaceFirst("^file:/+", "/").replace("%20", " "));
      Products expected = expected(Images.readPicture(file, Images.MAX_PIXELS), "");
      assertThat(row.<byte[]>getAs("mask"))
          .as("%s of %s, %s", path, file, row.get(2))
          .isEqualTo(bytes(expected, Product.MASK));
    }
  }

  @Test
  void otherColumnsStay() throws IOException {
    Row other =
        RowFactory.create(
            7L,
            Photos.png(),
            List.of("cat", "sofa"),
            Map.of("lens", 50),
            Timestamp.valueOf("2024-02-29 12:30:00.123456"),
            new BigDecimal("1.50"),
            Vectors.dense(1, 2, 3),
            RowFactory.create("Vienna", null));
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType, false)
            .add("content", DataTypes.BinaryType)
            .add("tags", DataTypes.createArrayType(DataTypes.StringType))
            .add("details", DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType))
            .add("taken", DataTypes.TimestampType)
            .add("price", DataTypes.createDecimalType(10, 2))
            .add("features", SQLDataTypes.VectorType())
            .add(
                "place",
                new StructType()
                    .add("city", DataTypes.StringType)
                    .add("code", DataTypes.IntegerType));
    Dataset<Row> photos = spark.createDataFrame(List.of(other), schema);

    Dataset<Row> masks = transformer("write = mask").transform(photos);

    assertThat(Arrays.copyOf(masks.schema().fields(), 8)).isEqualTo(schema.fields());
    assertThat(masks.select("id", Arrays.copyOfRange(schema.fieldNames(), 1, 8)).first())
        .isEqualTo(photos.first());
  }

  @Test
  void otherColumnsMayShareAName() throws IOException {
    Dataset<Row> photos = LocalSpark.onePhoto(spark).selectExpr("1 as id", "content", "2 as id");

    Row row = transformer("write = mask").transform(photos).first();

    assertThat(row.getInt(0)).isEqualTo(1);
    assertThat(row.getInt(2)).isEqualTo(2);
    assertThat(row.<byte[]>getAs("mask")).isNotEmpty();
  }

  @Test
  void newColumnsBeginWithThePrefix() throws IOException {
    Dataset<Row> photos = LocalSpark.onePhoto(spark).withColumnRenamed("name", "mask");

    Dataset<Row> masks =
        transformer("write = mask, json").setOutputPrefix("seg_").transform(photos);

    assertThat(masks.columns())
        .containsExactly(
            "mask",
            "content",
            "seg_width",
            "seg_height",
            "seg_mask",
            "seg_statistics",
            "seg_error");
    assertThat(masks.first().<byte[]>getAs("seg_mask")).isNotEmpty();
  }

  @Test
  void transformersFollowEachOther() throws IOException {
    Dataset<Row> masks =
        transformer("write = mask")
            .setOutputPrefix("second_")
            .transform(transformer("write = mask").transform(LocalSpark.onePhoto(spark)));

    Row row = masks.first();
    assertThat(row.<String>getAs("second_error")).isNull();
    assertThat(row.<byte[]>getAs("second_mask")).isEqualTo(row.<byte[]>getAs("mask"));
  }

  @Test
  void theBackgroundOfACutoutTravelsWithTheRecipe() throws IOException {
    Path background = folder.resolve("background.png");
    Images.write(RgbImage.of(1, 1, new byte[] {10, 20, 30}), background);
    SegmentationTransformer transformer =
        transformer("write = cutout\nclass = red\nbackground = " + background.toUri());
    Dataset<Row> cutouts = transformer.transform(LocalSpark.onePhoto(spark));
    Files.delete(background); // executors do not have it

    byte[] expected =
        bytes(
            expected(
                Images.readPicture(Photos.png(), Images.MAX_PIXELS),
                "write = cutout\nclass = red\nbackground = #0a141e"),
            Product.CUTOUT);
    assertThat(cutouts.first().<byte[]>getAs("cutout")).isEqualTo(expected);
  }

  @Test
  void anEmptyTableGivesAnEmptyTable() {
    Dataset<Row> masks = transformer("write = mask").transform(LocalSpark.table(spark, List.of()));

    assertThat(masks.count()).isZero();
  }
}
