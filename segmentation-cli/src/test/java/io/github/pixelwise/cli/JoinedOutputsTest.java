package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a run writes for all photos together. */
class JoinedOutputsTest {
  private static final Path TOY = Path.of("src/test/resources/io/github/pixelwise/cli/toy");
  private static final Path MODEL = TOY.resolve("toy.properties");
  private static final Set<Product> TOGETHER =
      EnumSet.of(Product.COCO, Product.CVAT, Product.SUMMARY);

  @TempDir private Path folder;
  private Path photos;
  private Path out;

  @BeforeEach
  void copyPhotos() throws IOException {
    photos = folder.resolve("photos");
    out = folder.resolve("out");
    Files.createDirectories(photos.resolve("b"));
    Files.copy(TOY.resolve("photo.png"), photos.resolve("c.png"));
    Files.copy(TOY.resolve("logo.png"), photos.resolve("b/photo, \"1\".png"));
    Files.copy(TOY.resolve("photo.png"), photos.resolve("a.png"));
  }

  private Run run(String what, Object... more) {
    return Run.of(
        Stream.concat(
                Stream.of("run", photos, "-o", out, "--model", MODEL, "--write", what),
                Stream.of(more))
            .toArray());
  }

  private List<String> written() throws IOException {
    try (Stream<Path> files = Files.walk(out)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> out.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void areWrittenOnceForAllPhotosInTheirOrder() throws IOException {
    Run run = run("mask,coco,cvat,summary");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("3 segmented, 0 skipped, 0 failed; 6 files written in ");
    assertThat(written())
        .containsExactly(
            "a.mask.png",
            "b/photo, \"1\".mask.png",
            "c.mask.png",
            "coco.json",
            "cvat.xml",
            "summary.csv");
    assertThat(Files.readString(out.resolve("coco.json")))
        .containsSubsequence(
            "\"id\":1,\"image_id\":1",
            "\"images\":[",
            "{\"id\":1,\"file_name\":\"a.png\"",
            "{\"id\":2,\"file_name\":\"b/photo, \\\"1\\\".png\"",
            "{\"id\":3,\"file_name\":\"c.png\"");
    assertThat(Files.readString(out.resolve("cvat.xml")))
        .containsSubsequence(
            "<image id=\"0\" name=\"a.png\"",
            "<image id=\"1\" name=\"b/photo, &quot;1&quot;.png\"",
            "<image id=\"2\" name=\"c.png\"");
    assertThat(Files.readAllLines(out.resolve("summary.csv")))
        .first()
        .isEqualTo(
            "photograph,class,pixels,share,box_x,box_y,box_width,box_height,centroid_x,centroid_y,"
                + "mean_confidence");
    assertThat(Files.readAllLines(out.resolve("summary.csv")).stream().skip(1))
        .map(line -> line.substring(0, line.indexOf(".png")))
        .isSubsetOf("a", "\"b/photo, \"\"1\"\"", "c")
        .startsWith("a")
        .endsWith("c");
  }

  @Test
  void areLeftAsTheyAreUnlessForced() throws IOException {
    run("summary");
    byte[] before = Files.readAllBytes(out.resolve("summary.csv"));
    Files.delete(photos.resolve("c.png"));

    assertThat(run("summary,mask").out())
        .startsWith("2 segmented, 0 skipped, 0 failed; 2 files written, 1 already there (--force");
    assertThat(out.resolve("summary.csv")).hasBinaryContent(before);

    assertThat(run("summary", "--force").out())
        .startsWith("2 segmented, 0 skipped, 0 failed; 1 files written in ");
    assertThat(Files.readString(out.resolve("summary.csv"))).contains("a.png").doesNotContain("c.");
  }

  @Test
  void doNotHavePhotosThatFail() throws IOException {
    Files.writeString(photos.resolve("b.png"), "no photo");

    Run run = run("coco");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("cannot read " + photos.resolve("b.png"))
        .endsWith(
            "segment: %s: without 1 of 4 photos, which failed or are too large%n"
                .formatted(out.resolve("coco.json")));
    assertThat(Files.readString(out.resolve("coco.json")))
        .contains("{\"id\":3,\"file_name\":\"c.png\"")
        .doesNotContain("\"b.png\"");
    assertThat(written()).containsExactly("coco.json");
  }

  @Test
  void areNotWrittenIfAllPhotosFail() throws IOException {
    photos = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(photos.resolve("b.png"), "no photo");

    Run run = run("coco");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .endsWith(
            "segment: %s: not written, because all photos failed or are too large%n"
                .formatted(out.resolve("coco.json")));
    assertThat(out.resolve("coco.json")).doesNotExist();
  }

  @Test
  void goToTheFolderOfPhotosByDefault() {
    Run.of("run", photos, "--model", MODEL, "--write", "summary");
    assertThat(photos.resolve("summary.csv")).exists();

    Run run =
        Run.of("run", photos, TOY.resolve("logo.png"), "--model", MODEL, "--write", "mask,coco");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: coco, cvat, and summary write one file for all photos. With several paths,"
                + " say where: --output DIR");
  }

  @Test
  void doNotOverwriteTheReportOfAPhotoOfTheSameName() throws IOException {
    Files.copy(TOY.resolve("photo.png"), photos.resolve("coco.png"));

    Run run = run("json,coco");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: %s would write %s, which is for all photos. Rename the photo, or choose another"
                    .formatted(photos.resolve("coco.png"), out.resolve("coco.json"))
                + " folder with --output.");
  }

  /** Runs some of the photos, and joins all if told to. */
  private String process(Path target, List<Photograph> some, List<Photograph> all)
      throws IOException, InterruptedException {
    JoinedOutputs joined = new JoinedOutputs(TOGETHER, target, "key");
    Outputs outputs = new Outputs(TOGETHER, joined, PictureFormat.PNG, false);
    List<String> problems = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.builder().model(MODEL).open();
        Progress progress = Progress.of(1, new PrintWriter(Writer.nullWriter()))) {
      OutputFiles files = new OutputFiles();
      PhotographRun run =
          new PhotographRun(
              segmenter,
              Recipe.builder().products(TOGETHER).build(),
              outputs,
              new PhotographReader(Images.MAX_PIXELS),
              files,
              progress);
      run.process(some, 2);
      if (!all.isEmpty()) {
        joined.join(TOGETHER, all, segmenter.model(), files, problems::add);
      }
      assertThat(problems).isEmpty();
      return "%d done, %d skipped, %d kept, %d joined"
          .formatted(run.done(), run.skipped(), run.kept(), joined.written());
    }
  }

  @Test
  void areTheSameIfTheRunWasInterrupted() throws IOException, InterruptedException {
    PhotographFinder finder = new PhotographFinder(out);
    finder.add(photos);
    List<Photograph> all = List.copyOf(finder.photographs());
    Path whole = folder.resolve("whole");
    Path inParts = folder.resolve("in parts");

    assertThat(process(whole, all, all)).isEqualTo("3 done, 0 skipped, 0 kept, 3 joined");
    assertThat(process(inParts, all.subList(1, 2), List.of()))
        .isEqualTo("1 done, 0 skipped, 0 kept, 0 joined");
    assertThat(inParts.resolve("coco.json")).doesNotExist();
    assertThat(process(inParts, all, all)).isEqualTo("2 done, 1 skipped, 0 kept, 3 joined");

    for (String name : List.of("coco.json", "cvat.xml", "summary.csv")) {
      assertThat(inParts.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    }
    try (Stream<Path> left = Files.list(inParts)) {
      assertThat(left).hasSize(3);
    }
  }
}
