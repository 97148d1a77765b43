package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.testkit.MicroModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job does each photograph once, however often it is run. */
class SegmentationJobTest {
  @TempDir private static Path temporary;
  private static SparkSession spark;
  private static Path card;

  @TempDir private Path folder;
  private Path photos;
  private Path output;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(temporary);
    card = LocalSpark.write(MicroModel.AFFINE, temporary.resolve("model"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void createFolders() throws IOException {
    photos = Files.createDirectory(folder.resolve("photos"));
    output = folder.resolve("output");
  }

  private void add(String... names) throws IOException {
    for (String name : names) {
      Path file = photos.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, name.startsWith("bad") ? new byte[] {1, 2, 3} : Photos.png());
    }
  }

  private SegmentationJob job() {
    return job(photos);
  }

  private SegmentationJob job(Path input) {
    return SegmentationJob.of(spark, input.toString(), output.toString())
        .transformer(
            new SegmentationTransformer().setModel(card.toString()).setRecipe("write = mask"));
  }

  private Dataset<Row> table() {
    return spark.read().parquet(output.resolve("photos.parquet").toString());
  }

  private List<String> names(String condition) {
    return table().where(condition).collectAsList().stream()
        .map(row -> row.<String>getAs("name"))
        .sorted()
        .toList();
  }

  private static void assertCounts(JobSummary summary, int segmented, int skipped, int failed) {
    assertThat(List.of(summary.segmented(), summary.skipped(), summary.failed()))
        .as("segmented, skipped, failed")
        .containsExactly((long) segmented, (long) skipped, (long) failed);
  }

  @Test
  void theTableHasARowForEachPhoto() throws IOException, InterruptedException {
    add("a.png", "more/b c.png", "bad.png");

    JobSummary summary = job().run();

    assertCounts(summary, 2, 0, 1);
    assertThat(summary.files()).isZero();
    assertThat(summary.time()).isPositive();
    assertThat(summary)
        .asString()
        .matches(
            "2 segmented, 0 skipped, 1 failed; 0 files written in \\d+\\.\\d s, \\d+\\.\\d\\d"
                + " photos/s");
    assertThat(table().columns())
        .containsExactly("path", "name", "length", "width", "height", "mask", "error", "state");
    assertThat(names("state = 'done' and error is null and mask is not null"))
        .containsExactly("a.png", "more/b c.png");
    assertThat(names("state = 'failed' and error is not null and mask is null"))
        .containsExactly("bad.png");
    Row row = table().where("name = 'more/b c.png'").first();
    assertThat(row.<String>getAs("path")).isEqualTo("file:" + photos.resolve("more/b c.png"));
    assertThat(row.<Long>getAs("length")).isEqualTo(Photos.png().length);
    assertThat(output.resolve("photos.parquet/_temporary")).doesNotExist();
  }

  @Test
  void whatHasARowIsSkipped() throws IOException, InterruptedException {
    add("a.png", "b.png", "bad.png");
    job().run();

    assertCounts(job().run(), 0, 3, 0);
    add("c.png");
    assertCounts(job().run(), 1, 3, 0);

    assertThat(names("true")).containsExactly("a.png", "b.png", "bad.png", "c.png");
  }

  @Test
  void aBrokenJobGoesOnWhereItWas() throws IOException, InterruptedException {
    add("a.png", "b.png", "c.png", "d.png", "e.png", "z.png");
    Path obstacle = Files.createDirectories(output.resolve("z.mask.png/not empty"));

    assertThatThrownBy(() -> job().files().splitBytes(1).run())
        .isInstanceOf(ProductSink.FailedException.class)
        .hasMessageStartingWith("cannot write file:" + output.resolve("z.mask.png") + ": ");
    int done = names("true").size();
    Files.delete(obstacle);
    Files.delete(obstacle.getParent());
    JobSummary summary = job().files().splitBytes(1).run();

    assertThat(done).isBetween(1, 5);
    assertCounts(summary, 6 - done, done, 0);
    assertThat(names("state = 'done'"))
        .containsExactly("a.png", "b.png", "c.png", "d.png", "e.png", "z.png");
  }

  @Test
  void aJobBrokenBeforeItsFirstRowGoesOn() throws IOException, InterruptedException {
    add("a.png");
    Files.createDirectories(output.resolve("photos.parquet/_temporary/0"));

    assertCounts(job().run(), 1, 0, 0);

    assertThat(names("true")).containsExactly("a.png");
    assertThat(output.resolve("photos.parquet/_temporary")).doesNotExist();
  }

  @Test
  void failedPhotosAreTriedAgainIfAsked() throws IOException, InterruptedException {
    add("a.png", "bad1.png", "bad2.png");
    job().run();
    Files.write(photos.resolve("bad1.png"), Photos.png());

    assertCounts(job().retryFailed().run(), 1, 1, 1);

    assertThat(names("state = 'done'")).containsExactly("a.png", "bad1.png");
    assertThat(names("state = 'failed'")).containsExactly("bad2.png");
  }

  @Test
  void allPhotosMayHaveFailed() throws IOException, InterruptedException {
    add("bad1.png", "bad2.png");
    job().run();

    assertCounts(job().retryFailed().run(), 0, 0, 2);

    assertThat(names("state = 'failed'")).containsExactly("bad1.png", "bad2.png");
  }

  @Test
  void thereMayBeNothingToTryAgain() throws IOException, InterruptedException {
    add("a.png");

    assertCounts(job().retryFailed().run(), 1, 0, 0);
    assertCounts(job().retryFailed().run(), 0, 1, 0);
  }

  @Test
  void productsAreFilesIfAsked() throws IOException, InterruptedException {
    add("a.png", "more/b.png");

    JobSummary summary =
        job()
            .transformer(
                new SegmentationTransformer()
                    .setModel(card.toString())
                    .setRecipe("write = mask, overlay, labelme\nformat = jpg\nclass = red"))
            .files()
            .run();

    assertThat(summary.files()).isEqualTo(6);
    assertThat(files())
        .containsExactly(
            "a.mask.png",
            "a.overlay.jpg",
            "labelme/a.json",
            "more/b.mask.png",
            "more/b.overlay.jpg",
            "more/labelme/b.json");
    Row row = table().where("name = 'more/b.png'").first();
    assertThat(row.<String>getAs("overlay"))
        .isEqualTo("file:" + output.resolve("more/b.overlay.jpg"));
    assertThat(output.resolve("more/labelme/b.json"))
        .content()
        .contains("\"../../../photos/more/b.png\"");
  }

  @Test
  void namesMayHaveColonsAndOtherSigns() throws IOException, InterruptedException {
    add("c:d.png", "100 % #1+ü.png");

    assertThat(job().files().run().segmented()).isEqualTo(2);
    assertThat(files()).containsExactly("100 % #1+ü.mask.png", "c:d.mask.png");
  }

  @Test
  void productsAreNotPhotos() throws IOException, InterruptedException {
    add("a.png", "a.mask.png", "a.overlay.jpg");

    assertCounts(job().run(), 1, 0, 0);
  }

  @Test
  void aTableIsMadeWithOneRecipe() throws IOException, InterruptedException {
    add("a.png");
    job().run();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                job()
                    .transformer(
                        new SegmentationTransformer()
                            .setModel(card.toString())
                            .setRecipe("write = overlay"))
                    .run())
        .withMessageContaining("photos.parquet was made with")
        .withMessageContaining("write = overlay")
        .withMessageEndingWith("Choose another output folder, or the same recipe and model.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job().files().run())
        .withMessageContaining("files = true");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> output.relativize(file).toString())
          .filter(name -> !name.startsWith("photos.parquet"))
          .sorted()
          .toList();
    }
  }

  @Test
  void twoPhotosThatWouldWriteTheSameFileAreRefused() throws IOException, InterruptedException {
    add("a.jpg", "a.png", "b.png");

    assertThatThrownBy(() -> job().files().run())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "file:%s and file:%s would both write a.*. Rename one, or run them separately with different output folders."
                .formatted(photos.resolve("a.jpg"), photos.resolve("a.png")));
    assertThat(output.resolve("a.mask.png")).doesNotExist();
    assertCounts(job().run(), 3, 0, 0); // to columns
  }

  @Test
  void filesDoNotGoToTheFolderOfThePhotos() throws IOException {
    add("a.png");

    assertThatThrownBy(
            () ->
                SegmentationJob.of(spark, "file:" + photos + "/", photos.toString()).files().run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "file:%s has the photos, and would get files that the next job takes for photos. Choose another output folder."
                .formatted(photos));
  }

  @Test
  void theOutputFolderMayBeBelowThePhotos() throws IOException, InterruptedException {
    add("a.png");
    output = photos.resolve("output");
    job().files().run();
    assertThat(output.resolve("a.mask.png")).exists();

    assertCounts(job().files().run(), 0, 1, 0);
  }

  @Test
  void aSinglePhoto() throws IOException, InterruptedException {
    add("a.png", "b.png");

    assertCounts(job(photos.resolve("a.png")).files().run(), 1, 0, 0);

    assertThat(files()).containsExactly("a.mask.png");
    assertThat(names("true")).containsExactly("a.png");
  }

  @Test
  void noPhotosAreAnError() {
    assertThatThrownBy(() -> job().run())
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("there are no photos in " + photos);
    assertThatThrownBy(() -> job(folder.resolve("none")).run())
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining(folder.resolve("none").toString());
    assertThat(output).doesNotExist();
  }

  @Test
  void nothingIsWrittenIfTheModelOrTheRecipeIsWrong() throws IOException {
    add("a.png");
    SegmentationTransformer transformer =
        new SegmentationTransformer().setModel(card.toString()).setRecipe("class = cat");

    assertThatThrownBy(() -> job().transformer(transformer).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cat");
    assertThatThrownBy(() -> job().transformer(transformer.setModel("none")).run())
        .isInstanceOf(ModelNotFoundException.class);
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aSplitHasBytes(long bytes) {
    assertThatThrownBy(() -> job().splitBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a split needs at least 1 byte, found " + bytes);
  }

  @Test
  void theTransformerIsCopied() throws IOException, InterruptedException {
    add("a.png");
    SegmentationTransformer transformer =
        new SegmentationTransformer().setModel(card.toString()).setRecipe("write = mask");
    SegmentationJob job = job().transformer(transformer);

    transformer.setRecipe("write = color");
    job.run();

    assertThat(table().columns()).contains("mask").doesNotContain("color");
    assertThat(transformer.getOrDefault(transformer.inputCol())).isEqualTo("content");
  }
}
