package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need privileges on Windows")
class PhotographFinderTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");

  @TempDir private Path folder;
  private Path photos;

  @BeforeEach
  void makeAFolder() throws IOException {
    photos = Files.createDirectory(folder.resolve("photos"));
  }

  private Path photo(String name) throws IOException {
    Path file = photos.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.copy(CAT, file);
  }

  private void link(String name, String target) throws IOException {
    Path link = photos.resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }

  private PhotographFinder find() {
    return find(folder.resolve("out"), photos);
  }

  private static PhotographFinder find(@Nullable Path output, Path... paths) {
    PhotographFinder finder = new PhotographFinder(output);
    for (Path path : paths) {
      finder.add(path);
    }
    return finder;
  }

  private List<String> names(PhotographFinder finder) {
    return finder.photographs().stream()
        .map(photograph -> photos.relativize(photograph.source()).toString())
        .toList();
  }

  @Test
  void countsEveryNameThoughLinksLeadToOneFile() throws IOException {
    photo(".store/1.png");
    link("train/a.png", "../.store/1.png");
    link("train/b.png", "../.store/1.png");
    link("val/c.png", "../train/a.png"); // a link to a link

    PhotographFinder finder = find();

    assertThat(names(finder)).containsExactly("train/a.png", "train/b.png", "val/c.png");
    assertThat(finder.failures()).isEmpty();
    finder.requireDistinctOutputs(
        new Outputs(EnumSet.range(Product.MASK, Product.JSON), null, PictureFormat.PNG, false));
  }

  @Test
  void followsLinksToFilesWithoutASuffix() throws IOException {
    Files.copy(CAT, folder.resolve("blob"));
    link("a.png", "../blob");

    assertThat(names(find())).containsExactly("a.png");
  }

  @Test
  void findsFoldersThroughLinksEvenIfTheyAreFoundDirectly() throws IOException {
    photo("here/a.png");
    Files.copy(CAT, Files.createDirectory(folder.resolve("elsewhere")).resolve("b.png"));
    link("there", "../elsewhere");
    link("here-too", "here");

    PhotographFinder finder = find();

    assertThat(names(finder)).containsExactly("here-too/a.png", "here/a.png", "there/b.png");
    finder.requireDistinctOutputs(
        new Outputs(EnumSet.range(Product.MASK, Product.JSON), null, PictureFormat.PNG, false));
  }

  @Test
  void countsANameOnceIfItsFolderIsReachedTwice() throws IOException {
    photo("here/a.png");
    link("here-too", "here");

    PhotographFinder finder = find(null, photos, photos.resolve("here"));

    assertThat(names(finder)).containsExactly("here-too/a.png");
  }

  @Test
  void reportsDeadLinks() throws IOException {
    photo("a.png");
    link("b.png", "../gone.png");
    link("c.jpg", "d.jpg"); // leads to a dead link
    link("d.jpg", "gone.jpg");
    link("folder", "../gone"); // may have been a folder of photos
    link("notes.txt", "gone.txt"); // not the name of a photo

    PhotographFinder finder = find();

    assertThat(names(finder)).containsExactly("a.png");
    assertThat(finder.failures())
        .containsExactlyInAnyOrder(
            photos.resolve("b.png")
                + ": it is a link to ../gone.png: there is no such file or folder",
            photos.resolve("c.jpg") + ": it is a link to d.jpg: there is no such file or folder",
            photos.resolve("d.jpg") + ": it is a link to gone.jpg: there is no such file or folder",
            photos.resolve("folder")
                + ": it is a link to ../gone: there is no such file or folder");
    assertThat(find(folder, photos.resolve("b.png")).failures())
        .containsExactly(
            photos.resolve("b.png")
                + ": it is a link to ../gone.png: there is no such file or folder");
  }

  @Test
  void reportsLinksThatLeadToEachOther() throws IOException {
    link("a.png", "b.png");
    link("b.png", "a.png");

    assertThat(find().failures())
        .hasSize(2)
        .anyMatch(line -> line.startsWith(photos.resolve("a.png") + ": it is a link to b.png: "));
  }

  @Test
  void stopsAtLoopsOfFolders() throws IOException {
    photo("a/1.png");
    photo("b/2.png");
    link("a/up", "..");
    link("a/self", ".");
    link("a/b", "../b");
    link("b/a", "../a");

    PhotographFinder finder = find();

    assertThat(names(finder)).containsExactly("a/1.png", "a/b/2.png", "b/2.png", "b/a/1.png");
    assertThat(finder.failures()).isEmpty();
  }

  /** Without a limit, there would be eleven million paths. */
  @Test
  void leavesFoldersThatLinkToEachOtherAfterAHundredPaths() throws IOException {
    for (int i = 0; i < 10; i++) {
      photo("f" + i + "/1.png");
      for (int j = 0; j < 10; j++) {
        link("f" + i + "/to" + j, "../f" + j);
      }
    }

    PhotographFinder finder = find();

    assertThat(names(finder)).hasSizeBetween(10, 1010).contains("f0/1.png", "f9/1.png");
    assertThat(finder.failures())
        .isNotEmpty()
        .allMatch(line -> line.contains(": more than 100 linked paths lead to this folder; "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jpg", "JPEG", "jfif", "jpe", "mpo", "png", "apng", "gif", "bmp", "dib", "tif", "tiff",
        "webp", "wbmp"
      })
  void countsFilesWithReadableSuffixes(String suffix) throws IOException {
    photo("a." + suffix);

    assertThat(names(find())).containsExactly("a." + suffix);
  }

  @ParameterizedTest
  @CsvSource({
    "a.heic, heif-convert", "a.HIF, heif-convert", "a.avif, heif-convert", "a.jxl, djxl",
    "a.jp2, opj_decompress", "a.j2k, opj_decompress", "a.jpf, opj_decompress", "a.jxr, JxrDecApp",
    "a.psd, ImageMagick", "a.ico, ImageMagick", "a.tga, ImageMagick", "a.svg, ImageMagick",
    "a.CR2, darktable-cli", "a.nef, darktable-cli", "a.arw, darktable-cli", "a.dng, darktable-cli"
  })
  void reportsImagesThatCannotBeRead(String name, String converter) throws IOException {
    Path file = photos.resolve(name);
    Files.write(file, new byte[] {0, 0, 0, 24, 'f', 't', 'y', 'p', 'h', 'e', 'i', 'c', 0, 0, 0, 0});
    photo("b.png");

    PhotographFinder finder = find();

    assertThat(names(finder)).containsExactly("b.png");
    assertThat(finder.failures())
        .containsExactly(
            ("%s: it is a %s file, which cannot be read. Convert it to JPEG or PNG first, for"
                    + " example with %s.")
                .formatted(file, name.substring(1).toLowerCase(Locale.ROOT), converter));
  }

  @Test
  void readsAnImageWithTheWrongSuffix() throws IOException {
    photo("a.heic");

    assertThat(names(find())).containsExactly("a.heic");
  }

  /** Most raw files are TIFF files whose first image is small. */
  @Test
  void neverReadsTheThumbnailOfARawFile() throws IOException {
    Path raw = photo("a.nef");

    assertThat(find().failures()).hasSize(1);
    assertThat(find(folder, raw).failures())
        .containsExactly(
            raw
                + ": it is a .nef file, which cannot be read. Convert it to JPEG or PNG first,"
                + " for example with darktable-cli.");
  }

  @Test
  void reportsAPipe() throws IOException, InterruptedException {
    Path pipe = photos.resolve("a.jpg");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0,
        "skipped: there is no mkfifo");

    assertThat(find().failures()).containsExactly(pipe + ": it is a pipe or a device, not a file");
  }

  @Test
  void leavesOutHiddenFilesAndOwnProducts() throws IOException {
    photo(".a.png");
    photo(".b/c.png");
    photo("d.mask.png");
    photo("e.Cutout.PNG");
    photo("f.png.txt");
    photo("png");
    photo("g.png");

    assertThat(names(find())).containsExactly("g.png");
  }

  @Test
  void doesNotCountALinkAsAPhotoThatItsProductsOverwrite() throws IOException {
    photo("a.png");
    link("a.mask.png", "a.png");

    PhotographFinder finder = find(null, photos.resolve("a.png"));

    finder.requireDistinctOutputs(
        new Outputs(
            Set.of(Product.MASK),
            null,
            PictureFormat.PNG,
            false)); // the link is replaced, not the photo
    assertThat(names(finder)).containsExactly("a.png");
  }

  @Test
  void leavesOutTheShapesOfAPhoto() throws IOException {
    photo("a.JPG");
    Files.writeString(photos.resolve("a.svg"), "<svg/>");

    PhotographFinder finder = find();

    assertThat(names(finder)).containsExactly("a.JPG");
    assertThat(finder.failures()).isEmpty();
  }
}
