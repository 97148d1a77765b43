package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapes, one file for each photo. */
class ShapesRunTest {
  private static final Path TOY = Path.of("src/test/resources/io/github/pixelwise/cli/toy");

  @TempDir private Path folder;

  private Run run(Path out, String what) {
    return Run.of(
        "run", folder, "-o", out, "--model", TOY.resolve("toy.properties"), "--write", what);
  }

  @Test
  void geoJsonIsOnTheMapWhereThereIsAWorldFile() throws IOException {
    Files.copy(TOY.resolve("photo.png"), folder.resolve("a.png"));
    Files.copy(TOY.resolve("photo.png"), folder.resolve("b.png"));
    Path world = Files.writeString(folder.resolve("a.pgw"), "2 0 0 -2 101 199");
    Path out = folder.resolve("out");

    Run run = run(out, "geojson");

    assertThat(run.exit()).isZero();
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "segment: GeoJSON is in map coordinates where a photo has them, for example in "
                + world);
    assertThat(out.resolve("a.geojson")).content().contains("[[[100,200],[100,152],[164,152],");
    assertThat(out.resolve("b.geojson")).content().contains("[[[0,0],[32,0],[32,24],[0,24],");
  }

  @Test
  void onlyGeoJsonFailsWithABrokenWorldFile() throws IOException {
    Path photo = Files.copy(TOY.resolve("photo.png"), folder.resolve("a.png"));
    Path world = Files.writeString(folder.resolve("a.pgw"), "north");
    Path out = folder.resolve("out");

    Run run = run(out, "geojson,yolo");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "segment: %s: cannot write %s: %s: expected the six numbers of a world file: found 1"
                .formatted(photo, out.resolve("a.geojson"), world));
    assertThat(out.resolve("a.txt")).exists();
  }

  @Test
  void labelMeHasAFolderOfItsOwnBesideReports() throws IOException {
    Files.copy(
        TOY.resolve("photo.png"), Files.createDirectory(folder.resolve("b")).resolve("a.png"));

    Run run = run(folder, "json,labelme");

    assertThat(run.err()).isEmpty();
    assertThat(folder.resolve("b/a.json")).content().contains("\"model\" : \"toy\"");
    assertThat(folder.resolve("b/labelme/a.json"))
        .content()
        .contains("\"shapes\":[", "\"imagePath\":\"../a.png\"");
  }
}
