package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.SegmentationResult;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PalettePngTest {
  /** Where opencv_golden.py puts its pictures. */
  private static final Path GOLDEN =
      Path.of(
          "../segmentation-postprocess/src/test/resources",
          "io/github/pixelwise/postprocess/compositing");

  private static final CategoryMask MASK =
      CategoryMask.of(3, 2, new byte[] {0, 15, 15, 8, (byte) 255, 0});

  @TempDir private Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = folder.resolve("mask.png");
    PalettePng.write(MASK, Palette.voc(), file);

    assertThat(PalettePng.read(file)).isEqualTo(MASK);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 500", "500, 1", "333, 257"})
  void readsMasksOfAnySize(int width, int height) throws IOException {
    byte[] noise = new byte[width * height];
    new Random(1).nextBytes(noise);
    CategoryMask mask = CategoryMask.of(width, height, noise);
    Path file = folder.resolve("mask.png");
    PalettePng.write(mask, Palette.ade20k(), file);

    assertThat(PalettePng.read(file)).isEqualTo(mask);
  }

  @Test
  void replacesAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("mask.png"), "not a mask");
    PalettePng.write(MASK, Palette.voc(), file);

    assertThat(PalettePng.read(file)).isEqualTo(MASK);
  }

  @Test
  void writesTheSameToAStreamAndLeavesItOpen() throws IOException {
    Path file = folder.resolve("mask.png");
    PalettePng.write(MASK, Palette.voc(), file);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    PalettePng.write(MASK, Palette.voc(), out);

    assertThat(file).hasBinaryContent(out.toByteArray());
  }

  @Test
  void writesAPaletteOfEightBitsHoweverFewColorsOrGray() throws IOException {
    for (Palette palette :
        List.<Palette>of(
            Palette.voc(), Palette.of(List.of(0, 1)), category -> category * 0x010101)) {
      ByteBuffer png = ByteBuffer.wrap(encode(MASK, palette));
      assertThat(png.getInt(16)).as("width").isEqualTo(3);
      assertThat(png.getInt(20)).as("height").isEqualTo(2);
      assertThat(png.get(24)).as("bits").isEqualTo((byte) 8);
      assertThat(png.get(25)).as("color type: palette").isEqualTo((byte) 3);
      assertThat(png.getInt(33)).as("length of PLTE").isEqualTo(256 * 3);
    }
  }

  @Test
  void writesWhatImageIoShowsInColor() throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(encode(MASK, Palette.voc())));

    assertThat(image.getColorModel()).isInstanceOf(IndexColorModel.class);
    assertThat(image.getRaster().getSamples(0, 0, 3, 2, 0, (int[]) null))
        .containsExactly(0, 15, 15, 8, 255, 0);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xffc08080);
    assertThat(image.getRGB(0, 1)).isEqualTo(0xff400000);
    assertThat(image.getRGB(1, 1)).isEqualTo(0xffe0e0c0);
  }

  @Test
  void readsThePalettePngsOfPillow() throws IOException {
    CategoryMask mask = PalettePng.read(GOLDEN.resolve("classes.png"));

    assertThat(mask.width()).isEqualTo(40);
    assertThat(mask.height()).isEqualTo(30);
    assertThat(mask.category(0, 0)).isEqualTo(0);
    assertThat(mask.category(0, 29)).isEqualTo(8);
    assertThat(mask.category(27, 15)).isEqualTo(15);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void readsPalettesOfFewerBits(int bits) throws IOException {
    int size = 1 << bits;
    byte[] ramp = new byte[size];
    for (int i = 0; i < size; i++) {
      ramp[i] = (byte) (17 * i + 3); // not a grey ramp, which would be written as grey
    }
    IndexColorModel colors = new IndexColorModel(bits, size, ramp, ramp, ramp);
    int type = bits < 8 ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_INDEXED;

    assertReadsRaw(new BufferedImage(5, 3, type, colors), size);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void readsGrayOfAtMostEightBits(int bits) throws IOException {
    int size = 1 << bits;
    byte[] ramp = new byte[size];
    for (int i = 0; i < size; i++) {
      ramp[i] = (byte) (255 / (size - 1) * i);
    }
    IndexColorModel colors = new IndexColorModel(bits, size, ramp, ramp, ramp);

    assertReadsRaw(
        bits < 8
            ? new BufferedImage(5, 3, BufferedImage.TYPE_BYTE_BINARY, colors)
            : new BufferedImage(5, 3, BufferedImage.TYPE_BYTE_GRAY),
        size);
  }

  @Test
  void readsCategoriesThatThePaletteHasNoColorFor() throws IOException {
    byte[] two = {1, 2};

    assertReadsRaw(
        new BufferedImage(
            5, 3, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, two, two, two)),
        256);
  }

  @Test
  void readsGrayOfWhichOneIsTransparent() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 2, 1, 0, new int[] {7, 200});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    byte[] png = out.toByteArray();
    byte[] chunk = {0, 0, 0, 2, 't', 'R', 'N', 'S', 0, 7, 0, 0, 0, 0};
    putChecksum(chunk, 4, 6);
    Path file = folder.resolve("image.png");
    try (OutputStream written = Files.newOutputStream(file)) {
      written.write(png, 0, 33);
      written.write(chunk);
      written.write(png, 33, png.length - 33);
    }

    assertThat(PalettePng.read(file)).isEqualTo(CategoryMask.copyOf(2, 1, new int[] {7, 200}));
  }

  private void assertReadsRaw(BufferedImage image, int size) throws IOException {
    int[] samples = new int[15];
    for (int i = 0; i < 15; i++) {
      samples[i] = i * 7 % size;
    }
    image.getRaster().setSamples(0, 0, 5, 3, 0, samples);
    Path file = folder.resolve("image.png");
    ImageIO.write(image, "png", file.toFile());

    assertThat(PalettePng.read(file)).isEqualTo(CategoryMask.copyOf(5, 3, samples));
  }

  @Test
  void categoriesAbove255AreGrayOf16Bits() throws IOException {
    CategoryMask mask = CategoryMask.copyOf(3, 1, new int[] {1, 65535, 256});
    Path file = folder.resolve("mask.png");
    PalettePng.write(mask, Palette.voc(), file);

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_USHORT_GRAY);
    assertThat(image.getRaster().getSamples(0, 0, 3, 1, 0, (int[]) null))
        .containsExactly(1, 65535, 256);
    assertThat(file).hasBinaryContent(encode(mask, Palette.ade20k()));
    assertThat(PalettePng.read(file)).isEqualTo(mask);
  }

  @Test
  void allMasksOfAModelOfMoreThan256ClassesAre16Bits() throws IOException {
    LabelMap labels = LabelMap.of(IntStream.range(0, 300).mapToObj(i -> "c" + i).toList());
    SegmentationResult result = SegmentationResult.builder(MASK, labels, Palette.voc()).build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path file = folder.resolve("mask.png");
    PalettePng.write(result, out);
    PalettePng.write(result, file);

    assertThat(out.toByteArray()[24]).as("bits").isEqualTo((byte) 16);
    assertThat(file).hasBinaryContent(out.toByteArray());
    assertThat(PalettePng.read(file)).isEqualTo(MASK);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 500", "500, 1", "333, 257", "90000, 2"})
  void readsMasksOfAnySizeAndAnyCategories(int width, int height) throws IOException {
    int[] noise = new Random(2).ints((long) width * height, 0, 65536).toArray();
    noise[0] = 300;
    CategoryMask mask = CategoryMask.copyOf(width, height, noise);
    Path file = folder.resolve("mask.png");
    PalettePng.write(mask, Palette.voc(), file);

    assertThat(PalettePng.read(file)).isEqualTo(mask);
  }

  @Test
  void regionsOfCategoriesAbove255TakeLittleRoom() throws IOException {
    int[] regions = new int[512 * 512];
    for (int i = 0; i < regions.length; i++) {
      regions[i] = 255 + i % 512 / 128 + i / 512 / 128 * 4;
    }

    assertThat(encode(CategoryMask.copyOf(512, 512, regions), Palette.voc()))
        .hasSizeLessThan(512 * 512 * 2 / 50);
  }

  @Test
  void readsThe16BitsOfPillow() throws IOException {
    CategoryMask mask = PalettePng.read(GOLDEN.resolve("classes-16.png"));

    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        assertThat(mask.category(x, y)).isEqualTo(x * 40 + y * 2000);
      }
    }
  }

  @Test
  void refusesAColorOutsideTheRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PalettePng.write(MASK, category -> -category, OutputStream.nullOutputStream()))
        .withMessage("the color of category 1 must lie in 0..0xffffff, found 0xffffffff");
  }

  @ParameterizedTest
  @CsvSource({
    "5, RGB with 8 bits per channel", // TYPE_3BYTE_BGR
    "6, RGB with alpha with 8 bits per channel", // TYPE_4BYTE_ABGR
  })
  void refusesOtherImages(int type, String found) throws IOException {
    Path file = folder.resolve("photo.png");
    ImageIO.write(new BufferedImage(2, 2, type), "png", file.toFile());

    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(file))
        .withMessage(
            "cannot read a mask from %s: expected a palette or gray image, found".formatted(file)
                + " "
                + found);
  }

  @Test
  void refusesOtherFiles() throws IOException {
    Path text = Files.writeString(folder.resolve("mask.txt"), "not a picture at all");
    Path empty = Files.createFile(folder.resolve("empty.png"));

    for (Path file : List.of(text, empty)) {
      assertThatIOException()
          .isThrownBy(() -> PalettePng.read(file))
          .withMessage(
              "cannot read a mask from %s: expected a PNG file, found something else", file);
    }
  }

  @Test
  void namesAFileThatIsNotThereOrNoFile() {
    Path missing = folder.resolve("missing.png");

    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(missing))
        .withMessage("cannot read a mask from %s: there is no such file or folder", missing)
        .withCauseInstanceOf(NoSuchFileException.class);
    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(folder))
        .withMessageContaining(folder.toString());
  }

  @Test
  void refusesASizeBeyondAllPhotographs() throws IOException {
    byte[] png = encode(MASK, Palette.voc());
    ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
    putChecksum(png, 12, 17);
    Path file = Files.write(folder.resolve("huge.png"), png);

    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(file))
        .withMessage(
            "cannot read a mask from %s: expected 1 to 268435456 pixels, found 100000 x 100000",
            file);
  }

  @Test
  void refusesASizeOfNothing() throws IOException {
    byte[] png = encode(MASK, Palette.voc());
    ByteBuffer.wrap(png).putInt(16, 0);
    putChecksum(png, 12, 17);
    Path file = Files.write(folder.resolve("nothing.png"), png);

    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(file))
        .withMessageEndingWith("expected 1 to 268435456 pixels, found 0 x 2");
  }

  @Test
  void refusesACorruptHeader() throws IOException {
    byte[] png = encode(MASK, Palette.voc());
    png[23] ^= 1;
    Path file = Files.write(folder.resolve("corrupt.png"), png);

    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(file))
        .withMessage("cannot read a mask from %s: the PNG header is corrupt", file);
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 32, 33, 60, 820})
  void refusesATruncatedFile(int length) throws IOException {
    byte[] png = encode(MASK, Palette.voc());
    Path file = Files.write(folder.resolve("half.png"), Arrays.copyOf(png, length));

    assertThatIOException()
        .isThrownBy(() -> PalettePng.read(file))
        .withMessageStartingWith("cannot read a mask from %s: the PNG ".formatted(file))
        .withMessageContaining("corrupt");
  }

  /** Whatever ImageIO makes of them: an image or an IOException, but nothing else. */
  @Test
  void meetsDamagedFilesWithNothingButIoExceptions() throws IOException {
    byte[] png = encode(MASK, Palette.voc());
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = png.clone();
      damaged[random.nextInt(png.length)] ^= (byte) (1 << random.nextInt(8));
      damaged[33 + random.nextInt(12)] ^= (byte) random.nextInt(256);
      Path file = Files.write(folder.resolve("damaged.png"), damaged);
      try {
        assertThat(PalettePng.read(file).width()).isEqualTo(3);
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("cannot read a mask from " + file);
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    OutputStream out = OutputStream.nullOutputStream();
    assertThatNullPointerException()
        .isThrownBy(() -> PalettePng.write(null, Palette.voc(), out))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> PalettePng.write(MASK, null, out))
        .withMessage("palette");
    assertThatNullPointerException()
        .isThrownBy(() -> PalettePng.write(MASK, Palette.voc(), (OutputStream) null))
        .withMessage("out");
    assertThatNullPointerException()
        .isThrownBy(() -> PalettePng.write(MASK, Palette.voc(), (Path) null))
        .withMessage("path");
    assertThatNullPointerException()
        .isThrownBy(() -> PalettePng.read((Path) null))
        .withMessage("path");
  }

  private static byte[] encode(CategoryMask mask, Palette palette) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PalettePng.write(mask, palette, out);
    return out.toByteArray();
  }

  private static void putChecksum(byte[] png, int from, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(png, from, length);
    ByteBuffer.wrap(png).putInt(from + length, (int) checksum.getValue());
  }
}
