package io.github.pixelwise.imaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Masks of tiles, written band by band. That Pillow, tifffile and GDAL read the same from the files
 * is checked by {@code src/test/python/mask_tiff_check.py}.
 */
class MaskTiffTest {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 700;

  @TempDir Path folder;

  private static MaskLayout layout(int classes) {
    return MaskLayout.of(WIDTH, HEIGHT, classes, Palette.voc())
        .withIgnoreIndex(255)
        .withRun("picture: 100 %d\nmodel: a");
  }

  /** Regions, and categories of all classes. */
  private static int[] categories(int classes) {
    int[] categories = new int[WIDTH * HEIGHT];
    Random random = new Random(4);
    for (int i = 0; i < categories.length; i++) {
      int region = i % WIDTH / 37 + i / WIDTH / 41;
      categories[i] = random.nextInt(20) == 0 ? random.nextInt(classes) : region % classes;
    }
    return categories;
  }

  private static CategoryMask rows(int[] categories, int from, int to) {
    int[] rows = Arrays.copyOfRange(categories, from * WIDTH, to * WIDTH);
    return CategoryMask.copyOf(WIDTH, to - from, rows);
  }

  /** Gives rows in bands of random heights. */
  private static void give(MaskTiff mask, int[] categories, int from, int to) throws IOException {
    Random random = new Random(from);
    for (int y = from; y < to; ) {
      int end = Math.min(to, y + 1 + random.nextInt(300));
      mask.take(y, rows(categories, y, end));
      y = end;
    }
  }

  private Path write(int classes) throws IOException {
    Path file = folder.resolve("mask.tif");
    try (MaskTiff mask = MaskTiff.create(file, layout(classes))) {
      assertThat(mask.firstMissingRow()).isZero();
      give(mask, categories(classes), 0, HEIGHT);
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 256, 257, 65536})
  void whatIsReadIsWhatWasWritten(int classes) throws IOException {
    Path file = write(classes);
    assertThat(MaskTiff.read(file)).isEqualTo(rows(categories(classes), 0, HEIGHT));
  }

  @Test
  void theJdkReadsIndicesAndColors() throws IOException {
    Path file = write(21);
    int[] categories = categories(21);
    var image = ImageIO.read(file.toFile());
    assertThat(image.getColorModel()).isInstanceOf(IndexColorModel.class);
    assertThat(image.getRaster().getSamples(0, 0, WIDTH, HEIGHT, 0, (int[]) null))
        .isEqualTo(categories);
    RgbImage colors = Images.read(file);
    for (int i = 0; i < categories.length; i += 97) {
      assertThat(colors.rgb(i % WIDTH, i / WIDTH)).isEqualTo(Palette.voc().rgb(categories[i]));
    }
  }

  @Test
  void theJdkReadsSixteenBitsAsGray() throws IOException {
    Path file = write(1000);
    Raster raster = ImageIO.read(file.toFile()).getRaster();
    assertThat(raster.getSamples(0, 0, WIDTH, HEIGHT, 0, (int[]) null)).isEqualTo(categories(1000));
  }

  @Test
  void aMaskOfOnePixelHasOneTile() throws IOException {
    Path file = folder.resolve("mask.tif");
    MaskLayout layout = MaskLayout.of(1, 1, 2, Palette.voc());
    try (MaskTiff mask = MaskTiff.create(file, layout)) {
      mask.take(0, CategoryMask.of(1, 1, new byte[] {1}));
    }
    assertThat(MaskTiff.read(file)).isEqualTo(CategoryMask.of(1, 1, new byte[] {1}));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 512, 699, 700})
  void aRunThatWasInterruptedIsResumed(int interrupted) throws IOException {
    int[] categories = categories(21);
    Path whole = folder.resolve("whole.tif");
    try (MaskTiff mask = MaskTiff.create(whole, layout(21))) {
      give(mask, categories, 0, HEIGHT);
    }
    Path file = folder.resolve("mask.tif");
    try (MaskTiff mask = MaskTiff.create(file, layout(21))) {
      give(mask, categories, 0, interrupted);
    }
    CategoryMask soFar = MaskTiff.read(file);
    for (int y = 0; y < HEIGHT; y += 13) {
      int written = y < interrupted ? categories[y * WIDTH + 5] : 255;
      assertThat(soFar.category(5, y)).isEqualTo(written);
    }
    try (MaskTiff mask = MaskTiff.resume(file, layout(21))) {
      int first = mask.firstMissingRow();
      assertThat(first).isEqualTo(interrupted == HEIGHT ? HEIGHT : interrupted / 256 * 256);
      give(mask, categories, first, HEIGHT);
    }
    assertThat(MaskTiff.read(file)).isEqualTo(rows(categories, 0, HEIGHT));
    if (interrupted % 256 == 0) {
      assertThat(file).hasSameBinaryContentAs(whole);
    }
    try (MaskTiff mask = MaskTiff.resume(file, layout(21))) {
      assertThat(mask.firstMissingRow()).isEqualTo(HEIGHT);
    }
  }

  /** As after a loss of power, when the end of the file was not written. */
  @Test
  void aFileThatWasCutShortIsResumedBeforeTheCut() throws IOException {
    Path file = write(21);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 10);
    }
    try (MaskTiff mask = MaskTiff.resume(file, layout(21))) {
      assertThat(mask.firstMissingRow()).isEqualTo(512);
      give(mask, categories(21), 512, HEIGHT);
    }
    assertThat(MaskTiff.read(file)).isEqualTo(rows(categories(21), 0, HEIGHT));
  }

  private void requireNoResume(MaskLayout other, String why) throws IOException {
    Path file = write(21);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> MaskTiff.resume(file, other))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot resume %s: %s. Delete it, or name another file.", file, why);
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void anotherRunIsRefusedAndTheDifferenceNamed() throws IOException {
    requireNoResume(
        layout(21).withRun("picture: 100 %d\nmodel: b"),
        "it was begun with [model: a], but this run has [model: b]");
    requireNoResume(
        layout(21).withRun("picture: 100 %d\nmodel: a\noverlap: 3"),
        "it was begun with [], but this run has [overlap: 3]");
  }

  @Test
  void aMaskOfAnotherSizeIsRefused() throws IOException {
    requireNoResume(
        MaskLayout.of(WIDTH, HEIGHT + 1, 21, Palette.voc()).withRun("picture: 100 %d\nmodel: a"),
        "it is a mask of 600 x 700 pixels, this one has 600 x 701");
  }

  @Test
  void aMaskOfMoreClassesIsRefused() throws IOException {
    requireNoResume(layout(300), "it has categories of 8 bits, this one has 16");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path other =
        Files.write(folder.resolve("other.tif"), GoldenStream.named("bigtiff-gray").file());
    assertThatThrownBy(() -> MaskTiff.resume(other, layout(21)))
        .hasMessage(
            "cannot resume %s: it was not written by a run that can be resumed. Delete it, or name"
                + " another file.",
            other);
    Path text = Files.writeString(folder.resolve("text"), "This is not a mask, but a text.");
    assertThatThrownBy(() -> MaskTiff.resume(text, layout(21)))
        .hasMessage(
            "cannot resume %s: expected a TIFF file, found another format. Delete it, or name"
                + " another file.",
            text);
    Path missing = folder.resolve("missing.tif");
    assertThatThrownBy(() -> MaskTiff.resume(missing, layout(21)))
        .hasMessage("cannot resume %s: there is no such file or folder", missing);
    assertThatThrownBy(() -> MaskTiff.create(folder.resolve("no/mask.tif"), layout(21)))
        .hasMessageStartingWith("cannot write the mask: " + folder.resolve("no/mask.tif"));
  }

  @Test
  void onAFullDiskTheFileKeepsWhatItHas() throws IOException {
    int[] categories = categories(21);
    Path whole = write(21);
    Path file = folder.resolve("full.tif");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FullDisk full = new FullDisk(channel, Files.size(whole) - 5_000);
    MaskTiff mask = MaskTiff.create(file, full, layout(21));
    assertThatThrownBy(() -> give(mask, categories, 0, HEIGHT))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot write the mask: no space left on %s. It has the first 512 of 700 rows; it can"
                + " be resumed.",
            file);
    assertThatThrownBy(() -> mask.take(HEIGHT - 1, rows(categories, HEIGHT - 1, HEIGHT)))
        .isInstanceOf(Exception.class);
    mask.close();
    CategoryMask soFar = MaskTiff.read(file);
    assertThat(soFar.category(3, 511)).isEqualTo(categories[511 * WIDTH + 3]);
    assertThat(soFar.category(3, 512)).isEqualTo(255);
    try (MaskTiff resumed = MaskTiff.resume(file, layout(21))) {
      give(resumed, categories, resumed.firstMissingRow(), HEIGHT);
    }
    assertThat(file).hasSameBinaryContentAs(whole);
  }

  @Test
  void bandsMustFollowEachOther() throws IOException {
    int[] categories = categories(21);
    try (MaskTiff mask = MaskTiff.create(folder.resolve("mask.tif"), layout(21))) {
      mask.take(0, rows(categories, 0, 10));
      assertThatThrownBy(() -> mask.take(11, rows(categories, 11, 12)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "expected rows from 10 on of 600 x 700 pixels, found 1 rows from 11 on, 600 wide");
      CategoryMask narrow = CategoryMask.of(1, 1, new byte[1]);
      assertThatThrownBy(() -> mask.take(10, narrow)).isInstanceOf(IllegalArgumentException.class);
      CategoryMask all = rows(categories, 0, HEIGHT);
      assertThatThrownBy(() -> mask.take(10, all)).isInstanceOf(IllegalArgumentException.class);
      give(mask, categories, 10, HEIGHT);
    }
    assertThat(MaskTiff.read(folder.resolve("mask.tif"))).isEqualTo(rows(categories, 0, HEIGHT));
  }

  @Test
  void categoriesThatDoNotFitAreRefused() throws IOException {
    int[] categories = categories(300);
    try (MaskTiff mask = MaskTiff.create(folder.resolve("mask.tif"), layout(21))) {
      assertThatThrownBy(() -> mask.take(0, rows(categories, 0, 10)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("categories must be 0 to 255 in a mask of 21 classes");
    }
  }

  @Test
  void layoutsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> MaskLayout.of(0, 1, 1, Palette.voc()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a mask needs at least 1 x 1 pixels and 1 to 65536 classes, found 0 x 1 and 1");
    assertThatThrownBy(() -> layout(2).withIgnoreIndex(65536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the ignore index must be 0 to 65535, found 65536");
  }

  @Test
  void onlyAMaskOfFourGigabytesIsABigTiff() throws IOException {
    assertThat(MaskLayout.of(50_000, 50_000, 21, Palette.voc()).isBig()).isFalse();
    MaskLayout huge = MaskLayout.of(70_000, 70_000, 21, Palette.voc()).withRun("run");
    assertThat(huge.isBig()).isTrue();
    Path file = folder.resolve("huge.tif");
    byte[] rows = new byte[70_000 * 256];
    rows[69_999] = 7;
    try (MaskTiff mask = MaskTiff.create(file, huge)) {
      mask.take(0, CategoryMask.of(70_000, 256, rows));
    }
    assertThat(Files.size(file)).isLessThan(10_000_000);
    try (MaskTiff mask = MaskTiff.resume(file, huge);
        PictureStream picture = PictureStream.open(file)) {
      assertThat(mask.firstMissingRow()).isEqualTo(256);
      byte[] row = new byte[3 * 70_000];
      picture.read(row, 0, 1);
      assertThat(row[row.length - 3] & 0xff).isEqualTo(Palette.voc().rgb(7) >> 16);
    }
  }

  @Test
  void aTiffOfColorsIsNoMask() throws IOException {
    Path file = Files.write(folder.resolve("rgb.tif"), GoldenStream.named("bigtiff-tiles").file());
    assertThatThrownBy(() -> MaskTiff.read(file))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessage(
            "cannot read %s as a mask: it has 3 bands of 8 bits, expected one of 8 or 16. Save the"
                + " categories as gray or with a palette.",
            file);
  }

  /** Masks that other programs wrote, whatever their compression. */
  @ParameterizedTest
  @ValueSource(strings = {"bigtiff-gray", "bigtiff-palette", "bigtiff-gray-16"})
  void masksOfOtherProgramsAreRead(String name) throws IOException {
    GoldenStream golden = GoldenStream.named(name);
    CategoryMask mask = MaskTiff.read(Files.write(folder.resolve("other.tif"), golden.file()));
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        int level = golden.pixels().orElseThrow().rgb(x, y) & 0xff;
        switch (name) {
          case "bigtiff-gray" -> assertThat(mask.category(x, y)).isEqualTo(level);
          case "bigtiff-gray-16" ->
              assertThat((mask.category(x, y) * 255 + 32767) / 65535).isEqualTo(level);
          default -> assertThat(mask.category(x, y)).isLessThan(16);
        }
      }
    }
  }

  /** Leaves files for {@code mask_tiff_check.py}. */
  @Test
  void writesFilesForOtherReaders() throws IOException {
    Path target = Files.createDirectories(Path.of("target/mask-tiff"));
    for (int classes : new int[] {21, 1000}) {
      Path file = target.resolve("mask-%d.tif".formatted(classes));
      try (MaskTiff mask = MaskTiff.create(file, layout(classes))) {
        give(mask, categories(classes), 0, 600);
      }
      int[] categories = categories(classes);
      ByteBuffer raw = ByteBuffer.allocate(2 * categories.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < categories.length; i++) {
        raw.putShort((short) (i < 600 * WIDTH ? categories[i] : 255));
      }
      Files.write(target.resolve("mask-%d.raw".formatted(classes)), raw.array());
      assertThat(file).isNotEmptyFile();
    }
  }
}
