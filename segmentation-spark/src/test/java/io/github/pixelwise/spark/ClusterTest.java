package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a cluster of this machine: a driver, a master, two workers, each with an executor. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClusterTest {
  private static final int PHOTOS = 24;
  private static final String RECIPE =
      """
      write = mask, color, overlay, cutout, json, geojson, yolo, labelme, svg, confidence
      outline = true
      simplify = 1
      min-region = 20
      """;

  @TempDir private static Path folder;
  private static Path photos;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws IOException {
    photos = Photos.write(folder.resolve("photos"), PHOTOS);
    spark =
        SparkSession.builder()
            .master("local-cluster[2,1,2048]")
            .appName("ClusterTest")
            .config("spark.ui.enabled", false)
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.local.dir", folder.resolve("local").toString())
            .config("spark.executor.extraClassPath", classPath())
            .config(
                "spark.executor.extraJavaOptions",
                "-XX:TieredStopAtLevel=1 -Dpixelwise.cache=%s -Dlog4j2.configurationFile=%s"
                    .formatted(
                        System.getProperty("pixelwise.cache"),
                        Path.of("log4j2.properties").toAbsolutePath()))
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  @Test
  void filesAreThoseOfTheCommand() throws IOException, InterruptedException {
    Path recipe = Files.writeString(folder.resolve("all.recipe"), RECIPE);
    Path expected = folder.resolve("command");
    command("run", photos.toString(), "-o", expected.toString(), "--recipe", recipe.toString());

    JobSummary summary =
        SegmentationJob.of(spark, photos.toString(), folder.resolve("files").toString())
            .transformer(new SegmentationTransformer().setRecipe(RECIPE))
            .splitBytes(100_000)
            .files()
            .run();

    assertThat(summary.segmented()).isEqualTo(PHOTOS);
    Map<String, byte[]> files = contents(folder.resolve("files"));
    files.keySet().removeIf(name -> name.startsWith("photos.parquet"));
    assertThat(files).hasSize(10 * PHOTOS).containsOnlyKeys(contents(expected).keySet());
    contents(expected)
        .forEach(
            (name, content) -> {
              if (!name.endsWith(".json") || name.contains("labelme")) { // which has times
                assertThat(files.get(name)).as(name).isEqualTo(content);
              }
            });
  }

  @Test
  void everyPhotoHasOneRowIfAnExecutorIsKilled()
      throws IOException, InterruptedException, ExecutionException {
    Path output = folder.resolve("killed");
    List<Long> executors =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(IntStream.range(0, 8).boxed().toList(), 8)
            .map(
                i -> {
                  Thread.sleep(200); // so that one executor does not take all
                  return ProcessHandle.current().pid();
                })
            .distinct()
            .collect();
    assertThat(executors).hasSize(2);

    CompletableFuture<JobSummary> job =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return SegmentationJob.of(spark, photos.toString(), output.toString())
                    .splitBytes(1)
                    .run();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    while (rows(output) < 5 && !job.isDone()) {
      Thread.sleep(50);
    }
    assertThat(job).isNotDone();
    assertThat(ProcessHandle.of(executors.get(0)).orElseThrow().destroyForcibly()).isTrue();

    assertThat(job.get().segmented()).isEqualTo(PHOTOS);
    Dataset<Row> table = spark.read().parquet(output.resolve("photos.parquet").toString());
    assertThat(table.count()).isEqualTo(PHOTOS);
    assertThat(table.select("path").distinct().count()).isEqualTo(PHOTOS);
    assertThat(table.where("error is not null or mask is null").count()).isZero();
  }

  @Test
  void photosThatFailAreRows() throws IOException, InterruptedException {
    Path bad = Files.createDirectories(folder.resolve("bad"));
    byte[] photo = Photos.png();
    Files.write(bad.resolve("corrupt.png"), Arrays.copyOf(photo, photo.length / 2));
    Files.write(bad.resolve("empty.jpg"), new byte[0]);
    Files.copy(Path.of("../examples/photos/chelsea.png"), bad.resolve("large.png"));
    Files.write(bad.resolve("good.png"), photo);

    JobSummary summary =
        SegmentationJob.of(spark, bad.toString(), folder.resolve("badout").toString())
            .transformer(new SegmentationTransformer().setMaxPixels(50_000))
            .run();

    assertThat(summary.segmented()).isEqualTo(1);
    assertThat(summary.failed()).isEqualTo(3);
    Dataset<Row> table =
        spark.read().parquet(folder.resolve("badout/photos.parquet").toString()).orderBy("name");
    assertThat(table.where("state = 'failed'").select("name").as(Encoders.STRING()).collectAsList())
        .containsExactly("corrupt.png", "empty.jpg", "large.png");
    assertThat(table.where("error is null and mask is not null").count()).isEqualTo(1);
  }

  private static long rows(Path output) throws IOException {
    Path done = output.resolve("photos.parquet/state=done");
    if (!Files.isDirectory(done)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(done)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  /** Runs {@code segment} in a JVM of its own. */
  private static void command(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache"),
                "-cp",
                classPath(),
                "io.github.pixelwise.cli.Main"));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("command.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();

    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
  }

  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }
}
