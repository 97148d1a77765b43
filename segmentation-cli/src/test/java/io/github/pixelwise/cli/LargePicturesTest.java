package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.stream.MaskTiff;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.TiledMask;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that have too many pixels to be read as a whole. */
class LargePicturesTest {
  private static final Path TOY =
      Path.of("src/test/resources/io/github/pixelwise/cli/toy/toy.properties");

  @TempDir private Path folder;
  private Path photo;
  private Path out;

  /** A photo of 3 x 3 photos. */
  @BeforeEach
  void writeThePhoto() throws IOException {
    RgbImage cat = Images.read(Path.of("../examples/photos/chelsea.png"));
    int width = 3 * cat.width();
    byte[] rgb = new byte[3 * width * 3 * cat.height()];
    for (int y = 0; y < 3 * cat.height(); y++) {
      for (int i = 0; i < 3; i++) {
        cat.copyRow(y % cat.height(), rgb, 3 * (y * width + i * cat.width()));
      }
    }
    photo = folder.resolve("photo.png");
    try (OutputStream file = Files.newOutputStream(photo)) {
      Images.writePng(RgbImage.of(width, 3 * cat.height(), rgb), file);
    }
    out = folder.resolve("out");
  }

  private Run run(Object... options) {
    return Run.of(
        Stream.concat(
                Stream.of("run", photo, "-o", out, "--model", TOY, "--max-pixels", 1_000_000),
                Arrays.stream(options))
            .toArray());
  }

  @Test
  void getTheMaskThatTilesInMemoryGet() throws IOException {
    Object[] tiles = {"--tiles", 160, "--overlap", 40, "--write", "mask"};
    Run inMemory =
        Run.of(
            Stream.concat(
                    Stream.of("run", photo, "-o", folder, "--model", TOY), Arrays.stream(tiles))
                .toArray());
    assertThat(inMemory.err()).isEmpty();

    Run run = run(tiles);

    assertThat(run.exit()).isZero();
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "segment: %s has 1353 x 900 pixels, more than --max-pixels allows. Only its mask is written, as %s, in tiles of 160 pixels that overlap by 40."
                .formatted(photo, out.resolve("photo.mask.tif")));
    assertThat(run.out()).startsWith("1 segmented, 0 skipped, 0 failed; 1 files written in ");
    CategoryMask mask = MaskTiff.read(out.resolve("photo.mask.tif"));
    assertThat(mask).isEqualTo(PalettePng.read(folder.resolve("photo.mask.png")));
  }

  @Test
  void getTilesOfTheNetworksSize() {
    assertThat(run("--min-region", 9).err())
        .endsWith(" in tiles of 128 pixels that overlap by 16, and keeps small regions.\n");
  }

  @Test
  void areSkippedIfTheirMaskIsComplete() throws IOException {
    run();
    byte[] bytes = Files.readAllBytes(out.resolve("photo.mask.tif"));

    assertThat(run().out()).startsWith("0 segmented, 1 skipped, 0 failed; 0 files written, 1 ");
    assertThat(run("--force").out()).startsWith("1 segmented, 0 skipped, 0 failed; 1 files ");
    assertThat(out.resolve("photo.mask.tif")).hasBinaryContent(bytes);
  }

  @Test
  void areNotContinuedWithOtherSettings() {
    run();

    Run other = run("--tiles", 200);

    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err())
        .contains(
            "it was begun with [tiles: Tiles[size=128, overlap=16]], but this run has"
                + " [tiles: Tiles[size=200, overlap=25]]. Replace it with --force, or choose"
                + " another folder.");
  }

  @Test
  void getNothingButAMask() {
    Run run = run("--write", "overlay");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            photo
                + ": it has more pixels than --max-pixels allows, so only its mask can be written,"
                + " to a file: use --write mask without --output - Or raise --max-pixels, to read"
                + " it as a whole.");
  }

  @Test
  void keepTheRowsBeforeAPictureEnds() throws IOException {
    run();
    CategoryMask whole = MaskTiff.read(out.resolve("photo.mask.tif"));
    byte[] bytes = Files.readAllBytes(photo);
    Files.write(photo, Arrays.copyOf(bytes, bytes.length * 2 / 3));

    Run run = run("--force");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern(
            "cannot read .*photo.png from row \\d+ on: the file ends, with \\d+ bytes\\. ");
    CategoryMask part = MaskTiff.read(out.resolve("photo.mask.tif"));
    assertThat(part.category(700, 300)).isEqualTo(whole.category(700, 300));
    assertThat(part.category(700, 899)).isEqualTo(255);
  }

  @Test
  void areContinuedToTheSameMask() throws IOException {
    run();
    CategoryMask whole = MaskTiff.read(out.resolve("photo.mask.tif"));
    Path mask = folder.resolve("again.tif");
    List<Integer> rows = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.builder().model(TOY).open()) {
      Recipe recipe = Recipe.builder().tiles(new Tiles(128, 16)).build();
      TiledMask masks = new TiledMask(recipe, segmenter);
      assertThatThrownBy(
              () ->
                  masks.write(
                      photo,
                      mask,
                      false,
                      row -> {
                        if (row > 400) {
                          throw new CancellationException();
                        }
                      }))
          .isInstanceOf(CancellationException.class);

      int first = masks.write(photo, mask, false, rows::add);

      assertThat(first).isBetween(256, 500);
      assertThat(rows).allMatch(row -> row > first).endsWith(900);
      assertThat(MaskTiff.read(mask)).isEqualTo(whole);
    }
  }

  @Test
  void areNotContinuedWithAnotherModelOfTheSameName() throws IOException {
    run();
    Path card = folder.resolve("toy.properties");
    Files.copy(TOY.resolveSibling("toy.onnx"), folder.resolve("toy.onnx"));
    Files.writeString(card, Files.readString(TOY) + "input.mean = 0.1, 0, 0\n");

    Run other = Run.of("run", photo, "-o", out, "--model", card, "--max-pixels", 1_000_000);

    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("it was begun with [input: InputSpec[");
  }

  @Test
  void doNotReplacePhotos() throws IOException {
    Path other = Files.copy(photo, folder.resolve("photo.mask.tif"));

    Run run = Run.of("run", photo, other, "--model", TOY, "--max-pixels", 1_000_000, "--force");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains(photo + " would overwrite the photo " + other);
  }

  @Test
  void leaveAMaskIfThePictureCannotBeOpened() throws IOException {
    run();
    byte[] mask = Files.readAllBytes(out.resolve("photo.mask.tif"));
    Files.writeString(photo, "P6 2000 2000 255\n");

    assertThat(run("--force").exit()).isEqualTo(1);
    assertThat(out.resolve("photo.mask.tif")).hasBinaryContent(mask);
  }

  @Test
  void areNotConfusedWithTheirMasks() {
    Run.of("run", folder, "--model", TOY, "--max-pixels", 1_000_000);

    Run again = Run.of("run", folder, "--model", TOY, "--max-pixels", 1_000_000);

    assertThat(folder.resolve("photo.mask.tif")).exists();
    assertThat(again.out()).startsWith("0 segmented, 1 skipped, 0 failed; ");
  }
}
