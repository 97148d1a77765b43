package io.github.pixelwise.imaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of files of every kind are those of the whole picture. */
class PictureStreamTest {
  @TempDir Path folder;

  static Stream<GoldenStream> all() {
    return GoldenStream.all();
  }

  static Stream<GoldenStream> lossless() {
    return all().filter(golden -> golden.pixels().isPresent());
  }

  static Stream<GoldenStream> notBig() {
    return all()
        .filter(golden -> !golden.name().startsWith("big"))
        .filter(golden -> !golden.name().equals("jpeg-cmyk") || jdkReads(golden));
  }

  /** Older JDKs read no CMYK. */
  private static boolean jdkReads(GoldenStream golden) {
    try {
      Images.read(golden.file());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(folder.resolve("picture"), file);
  }

  private static RgbImage readAll(Path file) throws IOException {
    return readAll(file, new Random(3));
  }

  /** Reads a few rows at a time. */
  private static RgbImage readAll(Path file, Random random) throws IOException {
    try (PictureStream picture = PictureStream.open(file)) {
      int stride = 3 * picture.width();
      byte[] rgb = new byte[stride * picture.height()];
      for (int y = 0; y < picture.height(); ) {
        int rows = Math.min(1 + random.nextInt(50), picture.height() - y);
        picture.read(rgb, y * stride, rows);
        y += rows;
        assertThat(picture.row()).isEqualTo(y);
      }
      return RgbImage.of(picture.width(), picture.height(), rgb);
    }
  }

  @ParameterizedTest
  @MethodSource("lossless")
  void rowsAreThoseThatWerePutIntoTheFile(GoldenStream golden) throws IOException {
    assertThat(readAll(write(golden.file()))).isEqualTo(golden.pixels().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("notBig")
  void rowsAreThoseOfTheWholePicture(GoldenStream golden) throws IOException {
    Path file = write(golden.file());
    assertThat(readAll(file)).isEqualTo(Images.read(file));
  }

  @ParameterizedTest
  @MethodSource("all")
  void rowsThatArePassedOverChangeNoOthers(GoldenStream golden) throws IOException {
    Path file = write(golden.file());
    RgbImage whole = readAll(file);
    Random random = new Random(5);
    try (PictureStream picture = PictureStream.open(file)) {
      byte[] row = new byte[3 * picture.width()];
      byte[] expected = new byte[row.length];
      while (picture.row() < picture.height()) {
        picture.skip(Math.min(random.nextInt(300), picture.height() - picture.row() - 1));
        whole.copyRow(picture.row(), expected, 0);
        picture.read(row, 0, 1);
        assertThat(row).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theSizeIsKnownWithoutPixels(GoldenStream golden) throws IOException {
    Path file = write(golden.file());
    RgbImage whole = readAll(file);
    assertThat(PictureStream.readSize(file))
        .isEqualTo(new Picture.Size(whole.width(), whole.height()));
  }

  /** Photographs of several bands, with all tables and samplings of the JDK's own writers. */
  @ParameterizedTest
  @MethodSource("formats")
  void noiseIsReadAsAWhole(String format, String compression) throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < 6; i++) {
      int width = 1 + random.nextInt(90);
      int height = 1 + random.nextInt(900);
      byte[] rgb = new byte[3 * width * height];
      random.nextBytes(rgb);
      Path file = folder.resolve("noise." + format);
      write(RgbImage.of(width, height, rgb), format, compression, random, file);
      assertThat(readAll(file, random)).isEqualTo(Images.read(file));
    }
  }

  static Stream<Arguments> formats() {
    return Stream.of(
            "jpeg JPEG", "png -", "tiff -", "tiff LZW", "tiff ZLib", "tiff PackBits", "tiff JPEG")
        .map(names -> Arguments.of((Object[]) names.split(" ", -1)));
  }

  private static void write(
      RgbImage picture, String format, String compression, Random random, Path file)
      throws IOException {
    BufferedImage image = Images.toBufferedImage(picture);
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    Files.deleteIfExists(file);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (!compression.equals("-")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(compression);
      }
      if (param.canWriteTiles() && random.nextBoolean()) {
        param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        param.setTiling(16 * (1 + random.nextInt(5)), 16 * (1 + random.nextInt(5)), 0, 0);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
  }

  @Test
  void aStripOfAllRowsIsReadInPieces() throws IOException {
    RgbImage noise = noise(1500, 700);
    byte[] samples = noise.toByteArray();
    List<TiffField> fields =
        List.of(
            TiffField.shorts(TiffGrid.BITS, ByteOrder.BIG_ENDIAN, 8, 8, 8),
            TiffField.shorts(262, ByteOrder.BIG_ENDIAN, 2),
            TiffField.shorts(TiffGrid.SAMPLES, ByteOrder.BIG_ENDIAN, 3));
    byte[] file =
        SmallTiff.of(ByteOrder.BIG_ENDIAN, fields, false, 0, 700, 1500, 700, List.of(samples));
    assertThat(readAll(write(file))).isEqualTo(noise);

    // Strips of 400 rows are divided into pieces of equal height.
    int cut = 400 * 1500 * 3;
    file =
        SmallTiff.of(
            ByteOrder.BIG_ENDIAN,
            fields,
            false,
            0,
            400,
            1500,
            700,
            List.of(Arrays.copyOf(samples, cut), Arrays.copyOfRange(samples, cut, samples.length)));
    assertThat(readAll(write(file))).isEqualTo(noise);
  }

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(7).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  /** No array, image or sample model of the JDK has so many pixels. */
  @Test
  void aPictureMayHaveMorePixelsThanAnArrayHolds() throws IOException {
    Path file = folder.resolve("huge.tif");
    MaskTiff.create(file, MaskLayout.of(70_000, 65_000, 2, Palette.of(List.of(0x123456, 0))))
        .close();
    assertThat(PictureStream.readSize(file)).isEqualTo(new Picture.Size(70_000, 65_000));
    try (PictureStream picture = PictureStream.open(file)) {
      picture.skip(64_990);
      byte[] row = new byte[3 * 70_000];
      picture.read(row, 0, 1);
      assertThat(Arrays.copyOfRange(row, row.length - 3, row.length))
          .containsExactly(0x12, 0x34, 0x56);
    }
  }

  @Test
  void rowsBeyondTheLastAreRefused() throws IOException {
    Path file = write(GoldenStream.named("bigtiff-tiles").file());
    try (PictureStream picture = PictureStream.open(file)) {
      picture.skip(picture.height());
      assertThatThrownBy(() -> picture.skip(1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> picture.read(new byte[1000], 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void anArrayThatIsTooShortIsRefusedBeforeAnythingIsRead() throws IOException {
    Path file = write(GoldenStream.named("bigtiff-tiles").file());
    try (PictureStream picture = PictureStream.open(file)) {
      assertThatThrownBy(() -> picture.read(new byte[3 * picture.width()], 1, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(picture.row()).isZero();
    }
  }
}
