package io.github.pixelwise.spark;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that only the driver has reaches the cache of a machine once, whole. */
class ShippedModelTest {
  @TempDir private static Path temporary;
  private static SparkSession spark;
  private static JavaSparkContext context;

  @TempDir private Path folder;
  private String configured;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(temporary);
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void useACacheOfThisTest() {
    configured = System.getProperty("pixelwise.cache", "");
    System.setProperty("pixelwise.cache", folder.resolve("cache").toString());
  }

  @AfterEach
  void useTheOtherCacheAgain() {
    System.setProperty("pixelwise.cache", configured);
  }

  private ShippedModel ship(MicroModel model) throws IOException {
    Path card = LocalSpark.write(model, folder.resolve("model"));
    return ShippedModel.ship(context, ModelCard.read(card));
  }

  private Set<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache/spark"))) {
      return new HashSet<>(files.toList());
    }
  }

  private static CategoryMask mask(ModelCard card) throws IOException {
    RgbImage photo = Images.read(Photos.png());
    try (Segmenter segmenter = Segmenter.builder().model(card).open()) {
      return segmenter.segment(photo).mask();
    }
  }

  private static void delete(Path card) throws IOException {
    for (ModelFile file : ModelCard.read(card).files()) {
      Files.delete(Path.of(file.location()));
    }
    Files.delete(card);
  }

  @Test
  void worksWithoutTheFilesOfTheDriver() throws IOException {
    Path card = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
    CategoryMask expected = mask(ModelCard.read(card));

    ShippedModel shipped = ShippedModel.ship(context, ModelCard.read(card));
    delete(card);

    assertThat(shipped.card().labels().names()).containsExactly("red", "green", "blue");
    assertThat(mask(shipped.card())).isEqualTo(expected);
    assertThat(cached()).containsExactly(folder.resolve("cache/spark/" + shipped.hash() + ".zip"));
  }

  @Test
  void takesTheWeightsBesideTheNetworkAlong() throws IOException {
    Path card = ModelLocationTest.external(folder.resolve("model"));
    CategoryMask expected = mask(ModelCard.read(card));

    ShippedModel shipped = ShippedModel.ship(context, ModelCard.read(card));
    delete(card);
    Files.delete(card.resolveSibling("affine.weights"));

    assertThat(mask(shipped.card())).isEqualTo(expected);
  }

  @Test
  void isSentOnce() throws IOException {
    ModelCard card = ModelCard.read(LocalSpark.write(MicroModel.AFFINE, folder.resolve("model")));

    assertThat(ShippedModel.ship(context, card)).isSameAs(ShippedModel.ship(context, card));
  }

  @Test
  void aMachineThatHasItKeepsIt() throws IOException {
    ShippedModel shipped = ship(MicroModel.AFFINE);
    shipped.card();
    Path file = cached().iterator().next();
    Object before = Files.readAttributes(file, "unix:ino").get("ino");

    shipped.card();

    assertThat(Files.readAttributes(file, "unix:ino")).containsEntry("ino", before);
  }

  @Test
  void twoExecutorsMayFetchItAtOnce() throws IOException {
    ShippedModel shipped = ship(MicroModel.STRIDED);
    CyclicBarrier together = new CyclicBarrier(4);

    List<CompletableFuture<ModelCard>> executors =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> card(shipped, together), task -> new Thread(task).start()))
            .limit(4)
            .toList();
    Set<ModelCard> cards = executors.stream().map(CompletableFuture::join).collect(toSet());

    assertThat(cards).hasSize(1);
    assertThat(cached()).hasSize(1);
  }

  private static ModelCard card(ShippedModel shipped, CyclicBarrier together) {
    try {
      together.await();
      return shipped.card();
    } catch (IOException | InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTruncatedCopyIsReplaced() throws IOException {
    ShippedModel shipped = ship(MicroModel.SIGMOID);
    Files.createDirectories(folder.resolve("cache/spark"));
    Path file =
        Files.write(folder.resolve("cache/spark/" + shipped.hash() + ".zip"), new byte[100]);

    assertThat(mask(shipped.card()).width()).isEqualTo(200);
    assertThat(Files.size(file)).isGreaterThan(100);
  }

  @Test
  void differentModelsHaveDifferentHashes() throws IOException {
    Path first = LocalSpark.write(MicroModel.AFFINE, folder.resolve("first"));
    Path second = LocalSpark.write(MicroModel.STRIDED, folder.resolve("second"));

    assertThat(ShippedModel.ship(context, ModelCard.read(first)).hash())
        .isNotEqualTo(ShippedModel.ship(context, ModelCard.read(second)).hash());
  }

  @Test
  void theSameModelElsewhereHasTheSameHash() throws IOException {
    Path first = LocalSpark.write(MicroModel.AFFINE, folder.resolve("first"));
    Path second = LocalSpark.write(MicroModel.AFFINE, folder.resolve("second"));

    assertThat(ShippedModel.ship(context, ModelCard.read(first)).hash())
        .isEqualTo(ShippedModel.ship(context, ModelCard.read(second)).hash());
  }
}
