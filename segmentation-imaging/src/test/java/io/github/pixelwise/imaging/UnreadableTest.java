package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.UnreadablePictureException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read fails with an error that names the file, the reason and what to do. */
class UnreadableTest {
  @TempDir Path folder;

  /**
   * The error of reading a file of these bytes. That of the bytes themselves says the same, but for
   * advice that only the owner of a file can follow.
   */
  private AbstractThrowableAssert<?, ?> assertUnreadable(byte[] bytes, Reason reason)
      throws IOException {
    Path file = Files.write(folder.resolve("photo.jpg"), bytes);
    UnreadablePictureException ofFile =
        catchThrowableOfType(UnreadablePictureException.class, () -> Images.read(file));
    UnreadablePictureException ofBytes =
        catchThrowableOfType(UnreadablePictureException.class, () -> Images.read(bytes));
    assertThat(ofBytes)
        .hasMessage(
            String.valueOf(ofFile.getMessage())
                .replace(file.toString(), "the picture")
                .replace(" Copy or download it again.", ""));
    assertThat(ofFile.reason()).isEqualTo(ofBytes.reason()).isEqualTo(reason);
    assertThat(ofFile.format()).isEqualTo(ofBytes.format());
    return assertThat(ofFile).hasMessageStartingWith("cannot read " + file + ": ");
  }

  @Test
  void reportsAMissingFile() {
    Path missing = folder.resolve("missing.png");
    assertThatThrownBy(() -> Images.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read " + missing + ": there is no such file. Check the path.")
        .extracting(failure -> ((UnreadablePictureException) failure).reason())
        .isEqualTo(Reason.MISSING);
  }

  @Test
  void reportsAFolder() {
    assertThatThrownBy(() -> Images.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read " + folder + ": it is a folder. Name an image file in it.")
        .extracting(failure -> ((UnreadablePictureException) failure).reason())
        .isEqualTo(Reason.MISSING);
  }

  @Test
  void reportsAFileThatCannotBeOpened() throws IOException {
    Path loop = folder.resolve("loop.png");
    Files.createSymbolicLink(loop, loop);
    assertThatThrownBy(() -> Images.read(loop))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read " + loop + ": it cannot be opened (")
        .hasMessageEndingWith("). Check its permissions.")
        .hasCauseInstanceOf(IOException.class)
        .extracting(failure -> ((UnreadablePictureException) failure).reason())
        .isEqualTo(Reason.INACCESSIBLE);
  }

  @Test
  void reportsAnEmptyFile() throws IOException {
    assertUnreadable(new byte[0], Reason.EMPTY)
        .hasMessageEndingWith(": it is empty. Copy or download it again.");
  }

  @Test
  void reportsATextFile() throws IOException {
    assertUnreadable("Hello, world!".getBytes(StandardCharsets.US_ASCII), Reason.UNSUPPORTED)
        .hasMessageContaining("it begins with the bytes 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64, ")
        .hasMessageContaining("(supported: bmp, gif, jpeg, jpg, png, ")
        .hasMessageEndingWith(
            "Name an image file, or add an ImageIO plug-in for its format to the class path.");
  }

  @Test
  void reportsAFileOfOneByte() throws IOException {
    assertUnreadable(new byte[] {1}, Reason.UNSUPPORTED)
        .hasMessageContaining("it begins with the bytes 01, ");
  }

  @Test
  void reportsRandomBytes() throws IOException {
    byte[] random = new byte[5000];
    new Random(1).nextBytes(random);
    assertUnreadable(random, Reason.UNSUPPORTED)
        .hasMessageContaining("it begins with the bytes 73 d5 1a bb ");
  }

  static Stream<Arguments> headsOfOtherFormats() {
    String plugIn = "Add %s to the class path, or convert it to PNG or JPEG.";
    String webp = plugIn.formatted("com.twelvemonkeys.imageio:imageio-webp");
    String tiff = plugIn.formatted("com.twelvemonkeys.imageio:imageio-tiff");
    String psd = plugIn.formatted("com.twelvemonkeys.imageio:imageio-psd");
    String jpeg2000 = plugIn.formatted("com.github.jai-imageio:jai-imageio-jpeg2000");
    String heic = "Convert it to PNG or JPEG, for example with heif-convert or ImageMagick.";
    String avif = "Convert it to PNG or JPEG, for example with avifdec or ImageMagick.";
    String jpegXl = "Convert it to PNG or JPEG, for example with djxl or ImageMagick.";
    String dib = "DIB (a BMP without its file header)";
    return Stream.of(
        Arguments.of("RIFF\1\2\3\4WEBPVP8 ", "WebP", webp),
        Arguments.of("8BPS\0\1", "Photoshop", psd),
        Arguments.of("II+\0\b\0\0\0", "BigTIFF", tiff),
        Arguments.of("MM\0+\0\b\0\0", "BigTIFF", tiff),
        Arguments.of("\0\0\0\30ftypheic", "HEIC", heic),
        Arguments.of("\0\0\0\30ftypmif1\0\0\0\0mif1heic", "HEIC", heic),
        Arguments.of("\0\0\0\30ftypavif", "AVIF", avif),
        Arguments.of("\0\0\0\30ftypmif1\0\0\0\0mif1avif", "AVIF", avif),
        Arguments.of("\u00ff\n\1\2", "JPEG XL", jpegXl),
        Arguments.of("\0\0\0\fJXL \r\n", "JPEG XL", jpegXl),
        Arguments.of("\0\0\0\fjP  \r\n", "JPEG 2000", jpeg2000),
        Arguments.of("\u00ffO\u00ffQ\0", "JPEG 2000", jpeg2000),
        Arguments.of("(\0\0\0\7\0\0\0\5\0\0\0\1\0\30\0", dib, "Convert it to PNG or JPEG."));
  }

  @ParameterizedTest
  @MethodSource("headsOfOtherFormats")
  void aFormatWithoutAPlugInIsNamedAndSoIsWhatReadsIt(String head, String title, String advice)
      throws IOException {
    byte[] file = Arrays.copyOf(head.getBytes(StandardCharsets.ISO_8859_1), 100);
    String article = title.equals("AVIF") ? "an " : "a ";
    assertUnreadable(file, Reason.UNSUPPORTED)
        .hasMessageEndingWith(
            ": it is " + article + title + " file, which no plug-in here reads. " + advice);
    assertThat(catchThrowableOfType(UnreadablePictureException.class, () -> Images.read(file)))
        .extracting(UnreadablePictureException::format)
        .isEqualTo(Optional.of(title));
  }

  private static final String RGB = "\6\1\3\0\1\0\0\0\2\0\0\0"; // tag 262, SHORT, 1 value of 2

  @ParameterizedTest
  @CsvSource({
    "tiff-5-bands-8-bits, 5, 1",
    "tiff-6-bands-8-bits-planes, 6, 1",
    "tiff-8-bands-16-bits, 8, 0",
    "tiff-12-bands-16-bits-planes, 12, 1",
    "tiff-5-bands-8-bits, 5, 5",
    "tiff-rgb-and-no-alpha, 4, 1",
    "tiff-rgb, 3, 1",
    "tiff-rgb, 3, 9"
  })
  void bandsThatAreNotSaidToBeRgbAreCounted(String name, int bands, int photometric)
      throws IOException {
    byte[] file = GoldenImage.named(name).file();
    String other = RGB.replace('\2', (char) photometric);
    String changed = new String(file, StandardCharsets.ISO_8859_1).replace(RGB, other);
    byte[] broken = changed.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(broken).isNotEqualTo(file);
    assertUnreadable(broken, Reason.UNSUPPORTED)
        .hasMessageEndingWith(
            (": it has %d bands, and does not say which are red, green and blue (photometric"
                    + " interpretation %d). Save the bands to show as an RGB picture.")
                .formatted(bands, photometric));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 32, 1, whole numbers of 32 bits",
    "2, 32, 2, whole numbers of 32 bits",
    "1, 32, 1, whole numbers of 32 bits",
    "2, 16, 3, floating-point numbers of 16 bits",
    "6, 8, 1, YCbCr samples without JPEG compression"
  })
  void samplesThatTheJdkMisreadsAreNamed(int photometric, int bits, int format, String samples)
      throws IOException {
    assertUnreadable(tiff(photometric, bits, format), Reason.UNSUPPORTED)
        .hasMessageEndingWith(
            ": it has %s, which are not supported. Save it as an RGB picture with 8 or 16 bits per sample."
                .formatted(samples));
  }

  /** A TIFF of one gray pixel, or one of three samples. */
  private static byte[] tiff(int photometric, int bits, int format) {
    int count = photometric == 1 ? 1 : 3;
    int[][] tags = {
      {256, 1, 1}, {257, 1, 1}, {258, count, bits}, {259, 1, 1}, {262, 1, photometric},
      {273, 1, 200}, {277, 1, count}, {278, 1, 1}, {279, 1, count * bits / 8}, {339, count, format}
    };
    ByteBuffer file = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) 0x4949).putShort((short) 42).putInt(8).putShort((short) tags.length);
    int elsewhere = 160;
    for (int[] tag : tags) {
      file.putShort((short) tag[0]).putShort((short) 3).putInt(tag[1]);
      file.putInt(tag[1] == 1 ? tag[2] : elsewhere);
      for (int i = 0; i < tag[1] && tag[1] > 1; i++, elsewhere += 2) {
        file.putShort(elsewhere, (short) tag[2]);
      }
    }
    return file.array();
  }

  static Stream<Arguments> filesAndParts() {
    RgbImage noise = TestFiles.noise(40, 30);
    return Stream.of("png", "jpeg", "gif", "bmp", "tiff")
        .flatMap(
            format -> {
              try {
                byte[] file = TestFiles.encode(noise, format);
                return Stream.of(0.3, 0.5, 0.9).map(part -> Arguments.of(format, part, file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("filesAndParts")
  void reportsATruncatedFile(String format, double part, byte[] file) throws IOException {
    byte[] cut = Arrays.copyOf(file, (int) (file.length * part));
    assertUnreadable(cut, Reason.DAMAGED)
        .hasMessageMatching("(?s).*: it (ends early|is damaged) \\(.+\\). Copy or download it.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg-rgb", "jpeg-progressive", "jpeg-grey"})
  void reportsATruncatedJpegAlthoughTheJdkFillsItUpWithGray(String name) throws IOException {
    byte[] file = GoldenImage.named(name).file();
    for (int length = file.length - 1; length > 3; length -= 7) {
      assertUnreadable(Arrays.copyOf(file, length), Reason.DAMAGED)
          .hasMessageMatching(
              "(?s).*: it (ends early|is damaged) \\(.+\\). Copy or download it again\\..*");
    }
    assertUnreadable(Arrays.copyOf(file, file.length - 20), Reason.DAMAGED)
        .hasMessageContaining(": it ends early (Truncated File - Missing EOI marker")
        .hasMessageEndingWith("). Copy or download it again.");
  }

  @Test
  void reportsATruncatedPng() throws IOException {
    byte[] file = TestFiles.encode(TestFiles.noise(40, 30), "png");
    assertUnreadable(Arrays.copyOf(file, file.length / 2), Reason.DAMAGED)
        .hasMessageContaining(": it ends early (")
        .hasMessageEndingWith("). Copy or download it again.")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aTiffWithAPrivateTagBeyondItsEndIsRead() throws IOException {
    GoldenImage golden = GoldenImage.named("tiff-rgb");
    byte[] file = golden.file();
    String planes = "\u001c\1\3\0\1\0\0\0\1\0\0\0"; // tag 284, SHORT, 1 value of 1, the default
    String other = "\u00e8\u00fd\2\0\u00e8\3\0\0\0\0\1\0"; // tag 65000, 1000 bytes at 65536
    String changed = new String(file, StandardCharsets.ISO_8859_1).replace(planes, other);
    byte[] broken = changed.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(broken).isNotEqualTo(file);
    assertThat(Images.read(new ByteArrayInputStream(broken))).isEqualTo(golden.colors());
  }

  // Without the check of tags the JDK's reader takes these for pictures of one bit a sample.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 12, 20})
  void reportsATruncatedTiff(int missing) throws IOException {
    byte[] file = GoldenImage.named("tiff-rgba-lzw").file();
    assertUnreadable(Arrays.copyOf(file, file.length - missing), Reason.DAMAGED)
        .hasMessageContaining(": it ends early (java.io.EOFException");
  }

  @ParameterizedTest
  @CsvSource({"20, IHDR", "45, IDAT"})
  void reportsAPngWithAWrongChecksum(int position, String chunk) throws IOException {
    byte[] file = GoldenImage.named("png-rgb").file();
    assertThat(new String(file, StandardCharsets.ISO_8859_1).lastIndexOf(chunk, position))
        .isPositive();
    file[position] ^= 1;
    assertUnreadable(file, Reason.DAMAGED)
        .hasMessageContaining(": it is damaged (")
        .hasMessageEndingWith(
            " Copy or download it again. If another program opens it, save it there as PNG.");
  }

  @Test
  void theChecksumOfThePixelsIsLookedAt() throws IOException {
    byte[] file = TestFiles.encode(TestFiles.noise(40, 30), "png");
    file[file.length - 13] ^= 1; // the last byte of the pixels' checksum
    assertUnreadable(file, Reason.DAMAGED)
        .hasMessageContaining("the checksum of the PNG chunk at byte 33 is wrong");
  }

  private static byte[] headerOfPng(int width, int height) {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {16, 6, 0, 0, 0}) // bits, RGBA, and the only methods there are
            .array();
    return TestFiles.join(
        "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1),
        TestFiles.chunk("IHDR", header));
  }

  @Test
  void rejectsAHugePictureBeforeAllocatingMemory() throws IOException {
    assertUnreadable(headerOfPng(30_000, 30_000), Reason.TOO_LARGE)
        .hasMessageEndingWith(
            ": it claims 30000 x 30000 = 900000000 pixels, above the limit of 200000000. Make it"
                + " smaller, or raise the limit (maxPixels) if the heap has 3 to 6 bytes for each.")
        .hasNoCause();
    assertUnreadable(headerOfPng(Integer.MAX_VALUE, Integer.MAX_VALUE), Reason.TOO_LARGE)
        .hasMessageContaining("it claims 2147483647 x 2147483647 = 4611686014132420609 pixels");
  }

  @Test
  void theLimitCanBeRaisedOnlyAsFarAsAnArrayGoes() {
    byte[] header = headerOfPng(30_000, 30_000);
    assertThatThrownBy(() -> Images.read(new ByteArrayInputStream(header), Long.MAX_VALUE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("above the limit of 715827879");
  }

  @Test
  void theLimitCanBeSet() throws IOException {
    byte[] file = GoldenImage.named("png-rgb").file();
    Path path = Files.write(folder.resolve("small.png"), file);
    assertThat(Images.read(path, 35).width()).isEqualTo(7);
    assertThat(Images.read(new ByteArrayInputStream(file), 35).width()).isEqualTo(7);
    assertThatThrownBy(() -> Images.read(path, 34))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it claims 7 x 5 = 35 pixels, above the limit of 34.");
    assertThatThrownBy(() -> Images.read(new ByteArrayInputStream(file), 34))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aLimitBelowOneIsRejected() {
    assertThatThrownBy(() -> Images.read(folder, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxPixels must be at least 1, found 0");
  }

  // Whatever is changed in a file, it is read or fails with an IOException.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "png-rgb",
        "png-palette",
        "jpeg-rgb",
        "jpeg-progressive",
        "gif",
        "bmp-1-bit",
        "tiff-rgb",
        "tiff-rgba-lzw",
        "tiff-1-bit-fax"
      })
  void damageOfAnyKindEndsInAnIoExceptionIfAtAll(String name) {
    byte[] file = GoldenImage.named(name).file();
    Random random = new Random(5);
    int failures = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = file.clone();
      for (int change = 0; change < 3; change++) {
        damaged[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      try {
        Images.read(new ByteArrayInputStream(damaged), 1_000_000);
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("cannot read the picture: it");
        failures++;
      }
    }
    assertThat(failures).isPositive();
  }
}
