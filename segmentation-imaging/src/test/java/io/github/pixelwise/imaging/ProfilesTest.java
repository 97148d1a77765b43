package io.github.pixelwise.imaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Embedded profiles become sRGB, and what is sRGB already stays as it is to the bit. */
class ProfilesTest {
  private static final RgbImage NOISE = TestFiles.noise(64, 48);

  private static RgbImage read(byte[] file) throws IOException {
    return Images.read(new ByteArrayInputStream(file));
  }

  private static byte[] png(RgbImage image, byte[] profile) throws IOException {
    return TestFiles.withChunks(
        TestFiles.encode(image, "png"), TestFiles.chunk("iCCP", TestFiles.iccp(profile)));
  }

  /** The profile that Pillow makes of sRGB, which is not the JDK's. */
  private static byte[] foreignSrgb() throws IOException {
    byte[] png = GoldenImage.named("png-srgb-profile").file();
    String text = new String(png, ISO_8859_1);
    int compressed =
        text.indexOf('\0', text.indexOf("iCCP")) + 2; // after a name, a zero and the method
    try (InputStream inflater =
        new InflaterInputStream(
            new ByteArrayInputStream(png, compressed, png.length - compressed))) {
      return inflater.readAllBytes();
    }
  }

  private static RgbImage exchanged(RgbImage image) {
    byte[] rgb = image.toByteArray();
    for (int i = 0; i < rgb.length; i += 3) {
      byte red = rgb[i];
      rgb[i] = rgb[i + 1];
      rgb[i + 1] = red;
    }
    return RgbImage.of(image.width(), image.height(), rgb);
  }

  private static int largestDifference(RgbImage a, RgbImage b) {
    byte[] samplesA = a.toByteArray();
    byte[] samplesB = b.toByteArray();
    assertThat(samplesA).hasSameSizeAs(samplesB);
    int largest = 0;
    for (int i = 0; i < samplesA.length; i++) {
      largest = Math.max(largest, Math.abs((samplesA[i] & 0xff) - (samplesB[i] & 0xff)));
    }
    return largest;
  }

  @Test
  void aForeignProfileOfSrgbWouldChangeSamplesIfItWereConvertedBy() throws IOException {
    byte[] rgb = NOISE.toByteArray();
    new ColorConvertOp(
            new ICC_ColorSpace(ICC_Profile.getInstance(foreignSrgb())),
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            null)
        .filter(Profiles.row(NOISE.toByteArray()), Profiles.row(rgb));
    RgbImage converted = RgbImage.of(NOISE.width(), NOISE.height(), rgb);
    assertThat(largestDifference(converted, NOISE)).isPositive();
  }

  @Test
  void aForeignProfileOfSrgbInAPngChangesNoSample() throws IOException {
    assertThat(read(png(NOISE, foreignSrgb()))).isEqualTo(NOISE);
  }

  @Test
  void aForeignProfileOfSrgbInAJpegChangesNoSample() throws IOException {
    byte[] jpeg = TestFiles.encode(NOISE, "jpeg");
    assertThat(read(TestFiles.withProfile(jpeg, 1, 1, foreignSrgb()))).isEqualTo(read(jpeg));
  }

  @Test
  void aWiderProfileInAPngIsConverted() throws IOException {
    RgbImage image = read(png(NOISE, TestFiles.exchangingProfile()));
    assertThat(largestDifference(image, exchanged(NOISE))).isLessThanOrEqualTo(1);
  }

  @Test
  void aWiderProfileInAJpegIsConverted() throws IOException {
    byte[] jpeg = TestFiles.encode(NOISE, "jpeg");
    RgbImage image = read(TestFiles.withProfile(jpeg, 1, 1, TestFiles.exchangingProfile()));
    assertThat(largestDifference(image, exchanged(read(jpeg)))).isLessThanOrEqualTo(1);
  }

  @Test
  void eachPictureIsConvertedByItsOwnProfile() throws IOException {
    RgbImage grey = RgbImage.of(1, 1, new byte[] {100, 100, 100});
    byte[] linear = png(grey, TestFiles.linearProfile());
    byte[] exchanging = png(NOISE, TestFiles.exchangingProfile());
    RgbImage light = read(linear);
    RgbImage exchanged = read(exchanging);
    assertThat(light.rgb(0, 0)).isNotEqualTo(grey.rgb(0, 0));
    assertThat(read(exchanging)).isEqualTo(exchanged);
    assertThat(read(linear)).isEqualTo(light);
    assertThat(read(png(NOISE, foreignSrgb()))).isEqualTo(NOISE);
    assertThat(read(png(grey, new byte[200]))).isEqualTo(grey);
    assertThat(read(linear)).isEqualTo(light);
  }

  @Test
  void aLargePictureIsConvertedLikeASmallOne() throws IOException {
    int width = 2048;
    byte[] row = TestFiles.noise(width, 1).toByteArray();
    byte[] rgb = new byte[width * width * 3];
    for (int y = 0; y < width; y++) {
      System.arraycopy(row, 0, rgb, y * row.length, row.length);
    }
    byte[] profile = TestFiles.exchangingProfile();
    byte[] converted = read(png(RgbImage.of(width, 1, row), profile)).toByteArray();
    RgbImage large = read(png(RgbImage.of(width, width, rgb), profile));
    for (int y = 0; y < width; y++) {
      large.copyRow(y, row, 0);
      assertThat(row).isEqualTo(converted);
    }
  }

  @Test
  void aProfileSpreadOverSeveralSegmentsIsPutTogetherInOrder() throws IOException {
    byte[] profile = TestFiles.exchangingProfile();
    byte[] first = Arrays.copyOf(profile, 1000);
    byte[] second = Arrays.copyOfRange(profile, 1000, profile.length);
    byte[] jpeg = TestFiles.encode(NOISE, "jpeg");
    RgbImage whole = read(TestFiles.withProfile(jpeg, 1, 1, profile));
    byte[] inOrder = TestFiles.withProfile(TestFiles.withProfile(jpeg, 2, 2, second), 1, 2, first);
    byte[] reversed = TestFiles.withProfile(TestFiles.withProfile(jpeg, 1, 2, first), 2, 2, second);
    assertThat(read(inOrder)).isEqualTo(whole);
    assertThat(read(reversed)).isEqualTo(whole);
  }

  // The JDK writes this profile back other than it was, by which its JPEG reader loses track of it.
  @Test
  void linearLightIsConvertedInPngAndJpegAlike() throws IOException {
    RgbImage grey = RgbImage.of(1, 1, new byte[] {(byte) 128, (byte) 128, (byte) 128});
    byte[] jpeg = TestFiles.encode(grey, "jpeg");
    for (byte[] file :
        new byte[][] {
          png(grey, TestFiles.linearProfile()),
          TestFiles.withProfile(jpeg, 1, 1, TestFiles.linearProfile())
        }) {
      int rgb = read(file).rgb(0, 0);
      // 255 * (1.055 * (128 / 255) ^ (1 / 2.4) - 0.055) = 187.5
      assertThat(rgb & 0xff).isBetween(187, 188);
      assertThat(rgb).isEqualTo((rgb & 0xff) * 0x010101);
    }
  }

  @Test
  void samplesOf16BitsAreConvertedBeforeTheyAreRounded() throws IOException {
    BufferedImage deep = PixelsTest.deepRgb(1, 1);
    // In linear light this is level 0.4 of 255 in 8 bits, but 5 of 255 in sRGB.
    deep.getRaster().setPixel(0, 0, new int[] {100, 100, 100});
    byte[] file =
        TestFiles.withChunks(
            TestFiles.encode(deep, "png"),
            TestFiles.chunk("iCCP", TestFiles.iccp(TestFiles.linearProfile())));
    assertThat(read(file).rgb(0, 0)).isEqualTo(0x050505);
  }

  @Test
  void alphaDoesNotTakePartInTheConversion() throws IOException {
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    clear.setRGB(0, 0, 0x00c86432);
    byte[] file =
        TestFiles.withChunks(
            TestFiles.encode(clear, "png"),
            TestFiles.chunk("iCCP", TestFiles.iccp(TestFiles.exchangingProfile())));
    RgbImage expected = RgbImage.of(1, 1, new byte[] {100, (byte) 200, 50});
    assertThat(largestDifference(Images.readPicture(file, 1).colors(), expected))
        .isLessThanOrEqualTo(1);
  }

  @Test
  void thePaletteOfAPngIsConverted() throws IOException {
    byte[] levels = {(byte) 200, 10};
    IndexColorModel palette =
        new IndexColorModel(1, 2, levels, new byte[] {100, 20}, new byte[] {50, 30});
    BufferedImage two = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    two.getRaster().setSample(1, 0, 0, 1);
    byte[] file =
        TestFiles.withChunks(
            TestFiles.encode(two, "png"),
            TestFiles.chunk("iCCP", TestFiles.iccp(TestFiles.exchangingProfile())));
    RgbImage expected = RgbImage.of(2, 1, new byte[] {100, (byte) 200, 50, 20, 10, 30});
    assertThat(largestDifference(read(file), expected)).isLessThanOrEqualTo(1);
  }

  @Test
  void greyIsTakenAsItIsWhateverTheProfile() throws IOException {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 128);
    byte[] profile = TestFiles.linearProfile();
    byte[] png =
        TestFiles.withChunks(
            TestFiles.encode(grey, "png"), TestFiles.chunk("iCCP", TestFiles.iccp(profile)));
    byte[] jpeg = TestFiles.withProfile(TestFiles.encode(grey, "jpeg"), 1, 1, profile);
    assertThat(read(png).rgb(0, 0)).isEqualTo(0x808080);
    assertThat(read(jpeg).rgb(0, 0)).isEqualTo(0x808080);
  }

  static Stream<byte[]> uselessProfiles() {
    byte[] cut = Arrays.copyOf(TestFiles.exchangingProfile(), 300);
    byte[] ofGrey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
    return Stream.of(new byte[0], new byte[] {1, 2, 3}, new byte[500], cut, ofGrey);
  }

  @ParameterizedTest
  @MethodSource("uselessProfiles")
  void profilesThatAreBrokenOrDoNotFitAreIgnored(byte[] profile) throws IOException {
    byte[] jpeg = TestFiles.encode(NOISE, "jpeg");
    assertThat(read(png(NOISE, profile))).isEqualTo(NOISE);
    assertThat(read(TestFiles.withProfile(jpeg, 1, 1, profile))).isEqualTo(read(jpeg));
  }

  @Test
  void aProfileThatDoesNotInflateIsIgnored() throws IOException {
    byte[] garbage = {'p', 0, 0, 1, 2, 3, 4, 5};
    byte[] png =
        TestFiles.withChunks(TestFiles.encode(NOISE, "png"), TestFiles.chunk("iCCP", garbage));
    assertThat(read(png)).isEqualTo(NOISE);
  }
}
