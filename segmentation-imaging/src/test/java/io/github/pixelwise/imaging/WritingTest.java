package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures are written whole, in the format that their file's name says, or not at all. */
class WritingTest {
  private static final RgbImage NOISE = TestFiles.noise(17, 9);
  private static final RgbaImage CLEAR =
      RgbaImage.of(2, 1, new byte[] {1, 2, 3, 0, (byte) 200, (byte) 100, 50, (byte) 128});

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.bmp", "a.PNG", "a.b.Bmp"})
  void losslessFormatsKeepEverySample(String name) throws IOException {
    Path file = folder.resolve(name);
    Images.write(NOISE, file);
    assertThat(Images.read(file)).isEqualTo(NOISE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.bmp", "a.jpg", "a.jpeg", "a.JPG"})
  void theSuffixSaysTheFormat(String name) throws IOException {
    Path file = folder.resolve(name);
    Images.write(NOISE, file);
    int first = Files.readAllBytes(file)[0] & 0xff;
    String suffix = name.substring(2);
    assertThat(first).isEqualTo(suffix.equals("png") ? 0x89 : suffix.equals("bmp") ? 'B' : 0xff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "a.jpeg"})
  void jpegsAreWrittenWithAQualityOfNineTenths(String name) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(0.9f);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(expected)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(Images.toBufferedImage(NOISE), null, null), param);
    }
    writer.dispose();

    Images.write(NOISE, folder.resolve(name));

    assertThat(folder.resolve(name)).hasBinaryContent(expected.toByteArray());
  }

  @Test
  void alphaIsWrittenStraightAndWithTheColourBelow() throws IOException {
    Path file = folder.resolve("a.png");
    Images.write(CLEAR, file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getRGB(0, 0)).isEqualTo(0x00010203);
    assertThat(image.getRGB(1, 0)).isEqualTo(0x80c86432);
  }

  @Test
  void alphaAndConfidenceAreWrittenAsGrey() throws IOException {
    byte[] samples = {0, 1, (byte) 128, (byte) 200, (byte) 254, (byte) 255};
    for (String name : new String[] {"alpha.png", "confidence.PNG"}) {
      Path file = folder.resolve(name);
      if (name.startsWith("alpha")) {
        Images.write(AlphaMask.of(3, 2, samples), file);
      } else {
        Images.write(ConfidenceMap.of(3, 2, samples), file);
      }
      BufferedImage image = ImageIO.read(file.toFile());
      assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
      assertThat((byte[]) image.getRaster().getDataElements(0, 0, 3, 2, null)).isEqualTo(samples);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "a.bmp", "a"})
  void alphaAndConfidenceAreWrittenAsNothingButPng(String name) {
    Path file = folder.resolve(name);
    assertThatThrownBy(() -> Images.write(AlphaMask.of(1, 1, new byte[1]), file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": the name of a file for an alpha mask must end in .png");
    assertThatThrownBy(() -> Images.write(ConfidenceMap.of(1, 1, new byte[1]), file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": the name of a file for a confidence map must end in .png");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gif", "a.tiff", "a.webp", "a", "png", "a.", ".png.txt"})
  void anUnknownSuffixIsRejectedWithThoseThereAre(String name) {
    Path file = folder.resolve(name);
    assertThatThrownBy(() -> Images.write(NOISE, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": the name of an image file must end in .png, .jpg, .jpeg or .bmp");
    assertThatThrownBy(() -> Images.write(CLEAR, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": the name of an image file with alpha must end in .png");
    assertThat(file).doesNotExist();
  }

  @Test
  void aPathWithoutANameIsRejected() {
    Path root = folder.getRoot();
    assertThatThrownBy(() -> Images.write(NOISE, root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must end in .png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "a.JPEG"})
  void refusesToWriteAlphaAsJpegAndSaysWhy(String name) {
    Path file = folder.resolve(name);
    assertThatThrownBy(() -> Images.write(CLEAR, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ": JPEG has no alpha. Name a .png file, or put the picture on a background and"
                + " write that.");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileOfThatNameIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("a.png"), "old and rather longer".repeat(1000));
    Images.write(NOISE, file);
    assertThat(Images.read(file)).isEqualTo(NOISE);
  }

  // JPEG has no more than 65535 columns.
  @Test
  void aPictureThatCannotBeWrittenLeavesAllAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jpg"), "old");
    RgbImage wide = RgbImage.of(70_000, 1, new byte[210_000]);
    assertThatThrownBy(() -> Images.write(wide, file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot write " + file + ": ");
    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void reportsAMissingFolder() {
    Path file = folder.resolve("none").resolve("a.png");
    assertThatThrownBy(() -> Images.write(NOISE, file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot write %s: there is no folder %s. Create it first."
                .formatted(file, file.getParent()));
  }

  @Test
  void anImageThatNoWriterTakesIsAnErrorRatherThanNothing() {
    BufferedImage alpha = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> PictureWriter.write(alpha, "jpeg", 0.9f, out))
        .isInstanceOf(IOException.class)
        .hasMessage("no ImageIO plug-in here can write this image as jpeg");
    assertThat(out.size()).isZero();
  }

  @Test
  void aStreamGetsTheBytesOfTheFileAndStaysOpen() throws IOException {
    AlphaMask mask = AlphaMask.of(2, 1, new byte[] {0, (byte) 200});
    ConfidenceMap map = ConfidenceMap.of(2, 1, new byte[] {0, (byte) 200});
    assertSameBytes(
        "rgb.png", file -> Images.write(NOISE, file), out -> Images.writePng(NOISE, out));
    assertSameBytes(
        "rgba.png", file -> Images.write(CLEAR, file), out -> Images.writePng(CLEAR, out));
    assertSameBytes(
        "mask.png", file -> Images.write(mask, file), out -> Images.writePng(mask, out));
    assertSameBytes("map.png", file -> Images.write(map, file), out -> Images.writePng(map, out));
    assertSameBytes(
        "rgb.jpg", file -> Images.write(NOISE, file), out -> Images.writeJpeg(NOISE, 0.9, out));
  }

  private interface Writing<T> {
    void to(T target) throws IOException;
  }

  private void assertSameBytes(String name, Writing<Path> toFile, Writing<OutputStream> toStream)
      throws IOException {
    Path file = folder.resolve(name);
    toFile.to(file);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream out =
        new FilterOutputStream(bytes) {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    toStream.to(out);
    assertThat(bytes.toByteArray()).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void writesSmallerJpegsAtLowerQuality() throws IOException {
    ByteArrayOutputStream good = new ByteArrayOutputStream();
    ByteArrayOutputStream poor = new ByteArrayOutputStream();
    Images.writeJpeg(NOISE, 1, good);
    Images.writeJpeg(NOISE, 0, poor);
    assertThat(poor.size()).isLessThan(good.size());
    assertThat(Images.read(poor.toByteArray()).width()).isEqualTo(NOISE.width());
  }

  /** The sampling factors of the three components, in hexadecimal, from the file's frame header. */
  private static String sampling(double quality) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Images.writeJpeg(NOISE, quality, out);
    String hex = HexFormat.of().formatHex(out.toByteArray());
    String frame = hex.substring(hex.indexOf("ffc0001108"));
    return frame.substring(22, 24) + " " + frame.substring(28, 30) + " " + frame.substring(34, 36);
  }

  @Test
  void jpegsOfHighQualityHaveFullColors() throws IOException {
    assertThat(sampling(0.91)).isEqualTo("11 11 11");
    assertThat(sampling(0.9)).isEqualTo("22 11 11");
  }

  @Test
  void sidesThatAFormatCannotHaveAreRejected() {
    RgbImage wide = RgbImage.of(65_501, 1, new byte[3 * 65_501]);

    assertThatThrownBy(() -> Images.writeJpeg(wide, 1, OutputStream.nullOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a side of a JPEG has at most 65500 pixels, found 65501 x 1; write PNG instead");
    assertThatThrownBy(() -> Images.writeWebp(wide, 1, OutputStream.nullOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a side of a WebP has at most 16383 pixels, found 65501 x 1; write PNG instead");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void aQualityOutsideItsRangeIsRejected(double quality) {
    assertThatThrownBy(() -> Images.writeJpeg(NOISE, quality, OutputStream.nullOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("quality must lie in 0..1, found " + quality);
  }
}
