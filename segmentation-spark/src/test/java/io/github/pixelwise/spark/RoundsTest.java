package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.testkit.MicroModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job of several rounds. With two cores and splits of a byte, a round has 8 photographs. */
class RoundsTest {
  private static final int ROUND = 8;

  @TempDir private static Path temporary;
  private static SparkSession spark;
  private static Path card;
  private static byte[] pixel;

  @TempDir private Path folder;
  private Path photos;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(temporary);
    card = LocalSpark.write(MicroModel.AFFINE, temporary.resolve("model"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Images.writePng(RgbImage.of(1, 1, new byte[3]), out);
    pixel = out.toByteArray();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void createFolder() throws IOException {
    photos = Files.createDirectory(folder.resolve("photos"));
  }

  private void add(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      add("%02d.png".formatted(i));
    }
  }

  private void add(String name) throws IOException {
    Files.write(photos.resolve(name), pixel);
  }

  private SegmentationJob job(SegmentationTransformer transformer) {
    return SegmentationJob.of(spark, photos.toString(), folder.resolve("out").toString())
        .transformer(transformer.setModel(card.toString()).setRecipe("write = mask"))
        .splitBytes(1);
  }

  private List<String> names() {
    return spark
        .read()
        .parquet(folder.resolve("out/photos.parquet").toString())
        .select("name")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @Test
  void eachPhotoIsInOneOfThem() throws IOException, InterruptedException {
    add(0, 3 * ROUND + 1);

    JobSummary summary = job(new SegmentationTransformer()).run();

    assertThat(summary.segmented()).isEqualTo(3 * ROUND + 1);
    assertThat(names())
        .isEqualTo(IntStream.range(0, 3 * ROUND + 1).mapToObj("%02d.png"::formatted).toList());
  }

  @Test
  void someMayHaveNothingToDo() throws IOException, InterruptedException {
    add(0, 2 * ROUND);
    job(new SegmentationTransformer()).run();
    add(2 * ROUND, 3 * ROUND);
    add("-1.png"); // the first

    JobSummary summary = job(new SegmentationTransformer()).run();

    assertThat(summary.segmented()).isEqualTo(ROUND + 1);
    assertThat(summary.skipped()).isEqualTo(2 * ROUND);
    assertThat(names()).hasSize(3 * ROUND + 1).doesNotHaveDuplicates();
  }

  @Test
  void photosOfTwoThatWouldWriteTheSameFileAreRefused() throws IOException {
    add(0, 2 * ROUND);
    add(
        "%02d.jpg"
            .formatted(ROUND - 1)); // the last one of a round; its PNG is the first of another

    assertThatThrownBy(() -> job(new SegmentationTransformer()).files().run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(" would both write 07.*. Rename one");
  }

  @Test
  void whatExecutorsCannotOpenEndsTheJobAtOnce() throws IOException {
    add(0, 1);

    assertThatThrownBy(() -> job(new SegmentationTransformer().setDevice("cuda:7")).run())
        .isInstanceOf(SegmentationException.class)
        .hasMessageContaining("cuda:7");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
