package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Image files of every kind become 8-bit sRGB. */
class ReadingTest {
  @TempDir Path folder;

  static RgbImage read(byte[] file) throws IOException {
    return Images.read(new ByteArrayInputStream(file));
  }

  static Stream<GoldenImage> losslessFiles() {
    return Stream.of("png", "gif", "bmp", "tiff").flatMap(GoldenImage::startingWith);
  }

  @ParameterizedTest
  @MethodSource("losslessFiles")
  void losslessFilesHaveThePixelsThatPillowFinds(GoldenImage golden) throws IOException {
    assertThat(Images.readPicture(golden.file(), 1000)).isEqualTo(golden.picture());
  }

  @ParameterizedTest
  @MethodSource("losslessFiles")
  void transparentFilesAreReadOnWhite(GoldenImage golden) throws IOException {
    assertThat(read(golden.file())).isEqualTo(golden.picture().onWhite());
  }

  static Stream<GoldenImage> jpegFiles() {
    return GoldenImage.startingWith("jpeg").filter(golden -> !golden.name().equals("jpeg-cmyk"));
  }

  // Decoders of JPEG may round differently.
  @ParameterizedTest
  @MethodSource("jpegFiles")
  void jpegsHaveThePixelsThatPillowFindsWithinOneLevel(GoldenImage golden) throws IOException {
    assertWithinOneLevel(read(golden.file()), golden.colors());
  }

  @Test
  void cmykJpegsAreReadAsPillowDoesOrTheErrorNamesThePlugIn() throws IOException {
    GoldenImage golden = GoldenImage.named("jpeg-cmyk");
    RgbImage image;
    try {
      image = read(golden.file());
    } catch (IOException e) {
      // Older JDKs read no CMYK.
      assertThat(e).hasMessageContaining("com.twelvemonkeys.imageio:imageio-jpeg");
      return;
    }
    assertWithinOneLevel(image, golden.colors());
  }

  private static void assertWithinOneLevel(RgbImage actual, RgbImage expected) {
    assertThat(actual.width()).isEqualTo(expected.width());
    assertThat(actual.height()).isEqualTo(expected.height());
    byte[] actualSamples = actual.toByteArray();
    byte[] expectedSamples = expected.toByteArray();
    for (int i = 0; i < actualSamples.length; i++) {
      assertThat(Math.abs((actualSamples[i] & 0xff) - (expectedSamples[i] & 0xff)))
          .as("sample %d", i)
          .isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("losslessFiles")
  void aFileAStreamAndItsBytesAreReadAlike(GoldenImage golden) throws IOException {
    Path file = Files.write(folder.resolve("picture"), golden.file());
    assertThat(Images.read(file))
        .isEqualTo(read(golden.file()))
        .isEqualTo(Images.read(golden.file()));
    assertThat(Images.readPicture(file, 1000))
        .isEqualTo(Images.readPicture(new ByteArrayInputStream(golden.file()), 1000));
  }

  @Test
  void aFileInsideAnArchiveIsRead() throws IOException {
    GoldenImage golden = GoldenImage.named("png-rgb");
    try (FileSystem archive =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
      Path file = Files.write(archive.getPath("picture.png"), golden.file());
      assertThat(Images.read(file)).isEqualTo(golden.colors());
    }
  }

  @Test
  void theNameOfAFileSaysNothingOfItsFormat() throws IOException {
    GoldenImage golden = GoldenImage.named("png-rgb");
    Path file = Files.write(folder.resolve("picture.jpg"), golden.file());
    assertThat(Images.read(file)).isEqualTo(golden.colors());
  }

  @Test
  void theStreamIsReadToItsEndAndLeftOpen() throws IOException {
    boolean[] closed = {false};
    InputStream in =
        new ByteArrayInputStream(GoldenImage.named("png-rgb").file()) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    Images.read(in);
    assertThat(closed[0]).isFalse();
    assertThat(in.available()).isZero();
  }

  @Test
  void anErrorOfTheStreamItselfIsPassedOn() {
    IOException failure = new IOException("connection reset");
    InputStream in =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public byte[] readAllBytes() throws IOException {
            throw failure;
          }
        };
    assertThatThrownBy(() -> Images.read(in)).isSameAs(failure);
  }

  @Test
  void greyIsTakenAsItIs() throws IOException {
    for (String format : new String[] {"png", "bmp", "tiff", "gif"}) {
      BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
      for (int x = 0; x < 256; x++) {
        grey.getRaster().setSample(x, 0, 0, x);
      }
      RgbImage image = read(TestFiles.encode(grey, format));
      for (int x = 0; x < 256; x++) {
        assertThat(image.rgb(x, 0)).as(format).isEqualTo(x * 0x010101);
      }
    }
  }

  @Test
  void whatLiesBelowTransparentPixelsIsNotSeen() throws IOException {
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    clear.setRGB(0, 0, 0x00c86432);
    byte[] file = TestFiles.encode(clear, "png");
    assertThat(read(file).rgb(0, 0)).isEqualTo(0xffffff);
    assertThat(Images.readPicture(file, 1).colors().rgb(0, 0)).isEqualTo(0xc86432);
  }

  @Test
  void theFirstOfSeveralPicturesIsRead() throws IOException {
    byte[] first = TestFiles.encode(TestFiles.noise(3, 2), "png");
    byte[] second = TestFiles.encode(TestFiles.noise(5, 5), "png");
    assertThat(read(TestFiles.join(first, second))).isEqualTo(TestFiles.noise(3, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void colourIsWhatThePlugInMakesOfItUnasked(String format) throws IOException {
    byte[] file = TestFiles.encode(TestFiles.noise(67, 45), format);
    BufferedImage unasked = ImageIO.read(new ByteArrayInputStream(file));
    assertThat(unasked.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
    assertThat(read(file)).isEqualTo(Images.from(unasked));
  }

  @Test
  void aPhotographOfManyRowsIsReadWhole() throws IOException {
    BufferedImage drawn = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = drawn.createGraphics();
    graphics.setColor(Color.ORANGE);
    graphics.fillOval(20, 20, 200, 170);
    graphics.dispose();
    RgbImage image = read(TestFiles.encode(drawn, "png"));
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 300; x++) {
        assertThat(image.rgb(x, y)).isEqualTo(drawn.getRGB(x, y) & 0xffffff);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 8})
  void readsTheSizeOfTheUprightPicture(int orientation) throws IOException {
    byte[] jpeg = TestFiles.encode(TestFiles.noise(7, 5), "jpeg");
    Path file = folder.resolve("turned.jpg");
    Files.write(
        file, TestFiles.withExif(jpeg, TestFiles.exif(orientation, ByteOrder.LITTLE_ENDIAN)));
    RgbImage read = Images.read(file);

    assertThat(Images.readSize(file)).isEqualTo(new Picture.Size(read.width(), read.height()));
    assertThat(Images.readSize(Files.readAllBytes(file))).isEqualTo(Images.readSize(file));
    assertThat(read.width()).isEqualTo(orientation < 5 ? 7 : 5);
  }

  @Test
  void saysWhyThereIsNoSize() {
    Path file = folder.resolve("no.jpg");
    assertThatThrownBy(() -> Images.readSize(file))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessageContaining("no.jpg");
  }

  /** A progressive file whose last scan, which is the smallest, is there again and again. */
  private static byte[] withScans(int more) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(
          null, new IIOImage(Images.toBufferedImage(TestFiles.noise(16, 16)), null, null), param);
    } finally {
      writer.dispose();
    }
    byte[] jpeg = file.toByteArray();
    int last = jpeg.length - 2;
    while ((jpeg[last] & 0xff) != 0xff || (jpeg[last + 1] & 0xff) != 0xda) {
      last--;
    }
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(jpeg, 0, jpeg.length - 2);
    for (int i = 0; i < more; i++) {
      longer.write(jpeg, last, jpeg.length - 2 - last);
    }
    longer.write(jpeg, jpeg.length - 2, 2);
    return longer.toByteArray();
  }

  @Test
  void refusesJpegsOfCountlessScans() throws IOException {
    byte[] ordinary = withScans(0);
    byte[] endless = withScans(100);

    assertThat(Images.read(ordinary).width()).isEqualTo(16);
    assertThatThrownBy(() -> Images.read(endless))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessage(
            "cannot read the picture: it has more than 64 scans, which take minutes to decode. Save"
                + " it as an ordinary JPEG.");
  }
}
