package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures are read upright. That the eight ways are Pillow's is shown by {@link ReadingTest}. */
class OrientationTest {
  private static final int RIGHT = 6;
  private static final RgbImage STORED = TestFiles.noise(3, 2);

  private static RgbImage read(byte[] file) throws IOException {
    return Images.read(new ByteArrayInputStream(file));
  }

  // The EXIF standard says at which side of the picture row 0 and column 0 of the stored pixels
  // are.
  @ParameterizedTest
  @CsvSource({
    "1, top, left", "2, top, right", "3, bottom, right", "4, bottom, left",
    "5, left, top", "6, right, top", "7, right, bottom", "8, left, bottom"
  })
  void everyPixelOfALargePictureIsWhereTheStandardPutsIt(int value, String row0, String column0) {
    int width = 300;
    int height = 200;
    RgbImage stored = TestFiles.noise(width, height);
    Orientation orientation = Orientation.ofExif(value);
    byte[] turned = orientation.turn(stored.toByteArray(), width, height);
    boolean swaps = row0.equals("left") || row0.equals("right");
    RgbImage upright =
        swaps ? RgbImage.of(height, width, turned) : RgbImage.of(width, height, turned);

    assertThat(orientation.swapsSides()).isEqualTo(swaps);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int along = fromStart(column0) ? column : width - 1 - column;
        int across = fromStart(row0) ? row : height - 1 - row;
        assertThat(swaps ? upright.rgb(across, along) : upright.rgb(along, across))
            .isEqualTo(stored.rgb(column, row));
      }
    }
  }

  private static boolean fromStart(String side) {
    return side.equals("top") || side.equals("left");
  }

  @Test
  void pixelsThatAreUprightAreNotCopied() {
    byte[] samples = STORED.toByteArray();
    assertThat(Orientation.UPRIGHT.turn(samples, 3, 2)).isSameAs(samples);
  }

  static Stream<ByteOrder> byteOrders() {
    return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
  }

  @ParameterizedTest
  @MethodSource("byteOrders")
  void bothByteOrdersOfExifAreRead(ByteOrder order) throws IOException {
    byte[] jpeg =
        TestFiles.withExif(TestFiles.encode(STORED, "jpeg"), TestFiles.exif(RIGHT, order));
    assertThat(read(jpeg).width()).isEqualTo(2);
  }

  @Test
  void readsALongLikeAShort() throws IOException {
    byte[] exif = TestFiles.exif(ByteOrder.BIG_ENDIAN, 8, 1, 4, 0, 0, 0, RIGHT);
    assertThat(read(TestFiles.withExif(TestFiles.encode(STORED, "jpeg"), exif)).width())
        .isEqualTo(2);
  }

  @Test
  void otherSegmentsAndFillBytesMayPrecedeTheExifData() throws IOException {
    byte[] exif = TestFiles.exif(RIGHT, ByteOrder.BIG_ENDIAN);
    byte[] jpeg = TestFiles.withExif(TestFiles.encode(STORED, "jpeg"), exif);
    byte[] xmp = "http://ns.adobe.com/xap/1.0/\0<x/>".getBytes(StandardCharsets.US_ASCII);
    byte[] filled =
        TestFiles.join(
            new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xff},
            Arrays.copyOfRange(jpeg, 2, jpeg.length));
    assertThat(read(TestFiles.withSegment(jpeg, 0xe1, xmp)).width()).isEqualTo(2);
    assertThat(read(filled).width()).isEqualTo(2);
  }

  @Test
  void theExifChunkOfAPngMayPrecedeOrFollowThePixels() throws IOException {
    byte[] png = TestFiles.encode(STORED, "png");
    byte[] chunk = TestFiles.chunk("eXIf", TestFiles.exif(RIGHT, ByteOrder.LITTLE_ENDIAN));
    assertThat(read(TestFiles.withChunks(png, chunk)).width()).isEqualTo(2);
    assertThat(read(TestFiles.withLastChunk(png, chunk)).width()).isEqualTo(2);
  }

  @Test
  void theExifChunkOfAPngMayHaveThePrefixOfJpeg() throws IOException {
    byte[] exif =
        TestFiles.join(
            "Exif\0\0".getBytes(StandardCharsets.US_ASCII),
            TestFiles.exif(RIGHT, ByteOrder.BIG_ENDIAN));
    byte[] png =
        TestFiles.withChunks(TestFiles.encode(STORED, "png"), TestFiles.chunk("eXIf", exif));
    assertThat(read(png).width()).isEqualTo(2);
  }

  @Test
  void theExifChunkOfAWebpIsFound() throws IOException {
    byte[] webp = GoldenImage.named("webp-turned-6").file();
    Surroundings found = Surroundings.read(new ByteArrayInput(webp), ImageFormat.WEBP);
    assertThat(found.orientation()).isEqualTo(Orientation.TURN_RIGHT);
  }

  @Test
  void aWebpWithoutExifIsUpright() throws IOException {
    byte[] webp = "RIFF\4\0\0\0WEBPVP8L\1\0\0\0x\0".getBytes(StandardCharsets.US_ASCII);
    Surroundings found = Surroundings.read(new ByteArrayInput(webp), ImageFormat.WEBP);
    assertThat(found).isEqualTo(Surroundings.NONE);
  }

  private static byte[] exif(int offset, int entries, int value) {
    return TestFiles.exif(ByteOrder.BIG_ENDIAN, offset, entries, 3, value >> 8, value, 0, 0);
  }

  private static byte[] changed(int index, int value) {
    byte[] exif = exif(8, 1, RIGHT);
    exif[index] = (byte) value;
    return exif;
  }

  static Stream<Arguments> brokenExifData() {
    return Stream.of(
        Arguments.of("empty", new byte[0]),
        Arguments.of("too short for a header", Arrays.copyOf(exif(8, 1, RIGHT), 3)),
        Arguments.of("too short for its entry", Arrays.copyOf(exif(8, 1, RIGHT), 15)),
        Arguments.of("of no byte order", changed(0, 'X')),
        Arguments.of("of another version", changed(3, 43)),
        Arguments.of("beyond its end", exif(1000, 1, RIGHT)),
        Arguments.of("far beyond the file", exif(-2, 1, RIGHT)),
        Arguments.of("of more entries than bytes", exif(8, 65535, RIGHT)),
        Arguments.of("of no entries", exif(8, 0, RIGHT)),
        Arguments.of("of another tag", changed(11, 13)),
        Arguments.of("of value 0", exif(8, 1, 0)),
        Arguments.of("of value 9", exif(8, 1, 9)),
        Arguments.of("of value 65535", exif(8, 1, 65535)));
  }

  @Test
  void exifDataThatIsNotBrokenIsNotIgnored() throws IOException {
    byte[] jpeg = TestFiles.withExif(TestFiles.encode(STORED, "jpeg"), exif(8, 1, RIGHT));
    assertThat(read(jpeg).width()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenExifData")
  void brokenExifDataIsIgnored(String how, byte[] data) throws IOException {
    byte[] jpeg = TestFiles.encode(STORED, "jpeg");
    assertThat(read(TestFiles.withExif(jpeg, data))).as(how).isEqualTo(read(jpeg));
    byte[] png = TestFiles.encode(STORED, "png");
    assertThat(read(TestFiles.withChunks(png, TestFiles.chunk("eXIf", data)))).isEqualTo(STORED);
  }

  @Test
  void anExifChunkOfWrongChecksumIsIgnored() throws IOException {
    byte[] chunk = TestFiles.chunk("eXIf", TestFiles.exif(RIGHT, ByteOrder.BIG_ENDIAN));
    chunk[chunk.length - 1] ^= 1;
    assertThat(read(TestFiles.withChunks(TestFiles.encode(STORED, "png"), chunk)))
        .isEqualTo(STORED);
  }
}
