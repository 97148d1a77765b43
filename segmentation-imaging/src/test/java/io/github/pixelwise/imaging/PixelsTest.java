package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images of every type become 8-bit sRGB, and back. */
class PixelsTest {
  private static final int COLOR = 0xc86432;

  /** An image of any samples, in the order of its bands. */
  private static BufferedImage image(
      ColorSpace space, boolean alpha, int dataType, int width, int height) {
    ColorModel model =
        new ComponentColorModel(
            space, alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, dataType);
    WritableRaster raster = model.createCompatibleWritableRaster(width, height);
    return new BufferedImage(model, raster, false, null);
  }

  /** An image of 16-bit RGB samples. */
  static BufferedImage deepRgb(int width, int height) {
    ColorSpace srgb = ColorSpace.getInstance(ColorSpace.CS_sRGB);
    return image(srgb, false, DataBuffer.TYPE_USHORT, width, height);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void everyTypeOf8BitColoursIsCopiedExactly(int type) {
    RgbImage noise = TestFiles.noise(5, 3);
    BufferedImage image = new BufferedImage(5, 3, type);
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 5; x++) {
        image.setRGB(x, y, 0xff000000 | noise.rgb(x, y));
      }
    }
    assertThat(Images.from(image)).isEqualTo(noise);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void everyRowOfALargeImageIsCopied(int type) {
    RgbImage noise = TestFiles.noise(700, 500);
    BufferedImage image = new BufferedImage(700, 500, type);
    image.getGraphics().drawImage(Images.toBufferedImage(noise), 0, 0, null);
    RgbImage copy = Images.from(image);
    for (int y = 0; y < 500; y++) {
      for (int x = 0; x < 700; x++) {
        assertThat(copy.rgb(x, y)).isEqualTo(image.getRGB(x, y) & 0xffffff);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
  void transparentPixelsAreOnWhite(int type) {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(0, 0, COLOR);
    image.setRGB(1, 0, 0x40000000 | COLOR);
    RgbImage copy = Images.from(image);
    assertThat(copy.rgb(0, 0)).isEqualTo(0xffffff);
    // 200 * 64 / 255 + 191 = 241.2, 100 * 64 / 255 + 191 = 216.1, 50 * 64 / 255 + 191 = 203.5
    assertThat(copy.rgb(1, 0)).isEqualTo(0xf1d8cc);
  }

  private static Picture picture(BufferedImage image) {
    return Pixels.picture(image, Pixels.space(image), Pixels.newArray(image), Orientation.UPRIGHT);
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
  void coloursThatWereMultipliedByAlphaAreDividedByIt(int type) {
    BufferedImage image = new BufferedImage(4, 1, type);
    image.getRaster().setPixel(0, 0, new int[] {100, 50, 25, 128});
    image.getRaster().setPixel(1, 0, new int[] {200, 1, 0, 100}); // no color is so bright
    image.getRaster().setPixel(2, 0, new int[] {0, 0, 0, 0});
    image.getRaster().setPixel(3, 0, new int[] {100, 50, 25, 255});
    Picture copy = picture(image);
    assertThat(copy.colors().rgb(0, 0)).isEqualTo(0xc76432); // 199.2, 99.6, 49.8
    assertThat(copy.colors().rgb(1, 0)).isEqualTo(0xff0300);
    assertThat(copy.colors().rgb(3, 0)).isEqualTo(0x643219);
    assertThat(copy.alpha())
        .contains(AlphaMask.of(4, 1, new byte[] {(byte) 128, 100, 0, (byte) 255}));
    assertThat(Images.from(image).rgb(0, 0)).isEqualTo(0xe3b198); // each + 127
    assertThat(image.getRaster().getPixel(0, 0, (int[]) null)).containsExactly(100, 50, 25, 128);
  }

  @Test
  void floatingPointColoursAreDividedByAlphaToo() {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            true,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_FLOAT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new float[] {0.4f, 0.2f, 0, 0.4f});
    Picture copy = picture(new BufferedImage(model, raster, true, null));
    assertThat(copy.colors().rgb(0, 0)).isEqualTo(0xff8000);
    assertThat(copy.alpha()).contains(AlphaMask.of(1, 1, new byte[] {102}));
  }

  @Test
  void anImageThatIsOpaqueEverywhereHasNoAlpha() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.getGraphics().fillRect(0, 0, 2, 2);
    assertThat(picture(image).alpha()).isEmpty();
    image.setRGB(1, 1, 0xfeffffff);
    assertThat(picture(image).alpha())
        .contains(AlphaMask.of(2, 2, new byte[] {-1, -1, -1, (byte) 254}));
  }

  @Test
  void sixteenBitsOfAlphaAreRounded() {
    BufferedImage image =
        image(ColorSpace.getInstance(ColorSpace.CS_GRAY), true, DataBuffer.TYPE_USHORT, 2, 1);
    image.getRaster().setPixel(0, 0, new int[] {0, 128});
    image.getRaster().setPixel(1, 0, new int[] {65535, 129});
    assertThat(picture(image).alpha()).contains(AlphaMask.of(2, 1, new byte[] {0, 1}));
  }

  @Test
  void alphaIsTurnedWithItsColours() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x10c86432);
    image.setRGB(1, 0, 0x20000000);
    Picture turned =
        Pixels.picture(image, Pixels.space(image), Pixels.newArray(image), Orientation.TURN_LEFT);
    assertThat(turned.alpha()).contains(AlphaMask.of(1, 2, new byte[] {0x20, 0x10}));
    assertThat(turned.colors().rgb(0, 1)).isEqualTo(COLOR);
  }

  @Test
  void scalesFewerBitsToAllLevels() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.getRaster().setPixel(0, 0, new int[] {31, 63, 31});
    image.getRaster().setPixel(1, 0, new int[] {1, 1, 16});
    RgbImage copy = Images.from(image);
    assertThat(copy.rgb(0, 0)).isEqualTo(0xffffff);
    // 255 / 31 = 8.2, 255 / 63 = 4.05, 16 * 255 / 31 = 131.6
    assertThat(copy.rgb(1, 0)).isEqualTo(0x080484);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "128, 0", "129, 1", "257, 1", "33024, 128", "33025, 129", "65535, 255"})
  void sixteenBitsAreRoundedToTheNearestOfEight(int deep, int expected) {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, deep);
    BufferedImage rgb = deepRgb(1, 1);
    rgb.getRaster().setPixel(0, 0, new int[] {deep, 0, deep});
    assertThat(Images.from(grey).rgb(0, 0)).isEqualTo(expected * 0x010101);
    assertThat(Images.from(rgb).rgb(0, 0)).isEqualTo(expected * 0x010001);
  }

  @Test
  void greyIsReplicatedSampleBySample() {
    BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      grey.getRaster().setSample(x, 0, 0, x);
    }
    RgbImage copy = Images.from(grey);
    for (int x = 0; x < 256; x++) {
      assertThat(copy.rgb(x, 0)).isEqualTo(x * 0x010101);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_BYTE_INDEXED})
  void palettesAreLookedUp(int type) {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(1, 0, 0xffffffff);
    RgbImage copy = Images.from(image);
    assertThat(copy.rgb(0, 0)).isZero();
    assertThat(copy.rgb(1, 0)).isEqualTo(0xffffff);
  }

  @Test
  void transparentEntriesOfAPaletteKeepTheirColourAndHaveAlpha() {
    IndexColorModel palette =
        new IndexColorModel(8, 1, new byte[] {(byte) 200, 100, 50, 0}, 0, true);
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    assertThat(picture(image).colors().rgb(0, 0)).isEqualTo(COLOR);
    assertThat(picture(image).alpha()).contains(AlphaMask.of(1, 1, new byte[] {0}));
  }

  @Test
  void indicesBeyondThePaletteAreBlack() {
    byte[] white = {(byte) 255};
    IndexColorModel palette = new IndexColorModel(8, 1, white, white, white);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSample(1, 0, 0, 77);
    RgbImage copy = Images.from(image);
    assertThat(copy.rgb(0, 0)).isEqualTo(0xffffff);
    assertThat(copy.rgb(1, 0)).isZero();
  }

  // 255 * (1.055 * (128 / 255) ^ (1 / 2.4) - 0.055) = 187.5
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherColourSpacesAreConverted(boolean alpha) {
    ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
    BufferedImage bytes = image(linear, alpha, DataBuffer.TYPE_BYTE, 3, 2);
    bytes.getRaster().setPixel(2, 1, new int[] {255, 128, 0, 7});
    assertThat(picture(bytes).colors().rgb(2, 1)).isBetween(0xffbb00, 0xffbc00);
    assertThat(picture(bytes).colors().rgb(0, 0)).isZero();

    BufferedImage shorts = image(linear, alpha, DataBuffer.TYPE_USHORT, 3, 2);
    shorts.getRaster().setPixel(2, 1, new int[] {65535, 32896, 0, 7});
    assertThat(picture(shorts).colors().rgb(2, 1)).isBetween(0xffbb00, 0xffbc00);

    BufferedImage floats = image(linear, alpha, DataBuffer.TYPE_FLOAT, 3, 2);
    floats.getRaster().setPixel(2, 1, new float[] {1, 128 / 255f, 0, 0.1f});
    assertThat(picture(floats).colors().rgb(2, 1)).isBetween(0xffbb00, 0xffbc00);

    DirectColorModel model =
        new DirectColorModel(
            linear, 32, 0xff, 0xff00, 0xff0000, alpha ? 0xff000000 : 0, false, DataBuffer.TYPE_INT);
    BufferedImage ints =
        new BufferedImage(model, model.createCompatibleWritableRaster(3, 2), false, null);
    ints.getRaster().setPixel(2, 1, new int[] {255, 128, 0, 7});
    assertThat(picture(ints).colors().rgb(2, 1)).isBetween(0xffbb00, 0xffbc00);
  }

  @Test
  void inksTakeTheirShareOfWhatBlackLeaves() {
    BufferedImage image = image(new Inks(), false, DataBuffer.TYPE_BYTE, 3, 1);
    image.getRaster().setPixel(0, 0, new int[] {0, 0, 0, 0});
    image.getRaster().setPixel(1, 0, new int[] {255, 0, 100, 0});
    image.getRaster().setPixel(2, 0, new int[] {0, 51, 255, 155});
    RgbImage copy = Images.from(image);
    assertThat(copy.rgb(0, 0)).isEqualTo(0xffffff);
    assertThat(copy.rgb(1, 0)).isEqualTo(0x00ff9b);
    assertThat(copy.rgb(2, 0)).isEqualTo(0x645000); // 100, 100 * (1 - 51 / 255), 0
  }

  /** CMYK without a profile, as the JDK's readers have it; its own conversion is not to be used. */
  private static final class Inks extends ColorSpace {
    private static final long serialVersionUID = 1;

    Inks() {
      super(TYPE_CMYK, 4);
    }

    @Override
    public float[] toRGB(float[] color) {
      throw new UnsupportedOperationException();
    }

    @Override
    public float[] fromRGB(float[] color) {
      throw new UnsupportedOperationException();
    }

    @Override
    public float[] toCIEXYZ(float[] color) {
      throw new UnsupportedOperationException();
    }

    @Override
    public float[] fromCIEXYZ(float[] color) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void bandsWithoutAColourSpaceAreNotConverted() throws IOException {
    byte[] file = GoldenImage.named("tiff-5-bands-8-bits").file();
    BufferedImage five = ImageIO.read(new ByteArrayInputStream(file));
    assertThatThrownBy(() -> Images.from(five))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an image of 5 bands without a color space is not supported");
  }

  @Test
  void floatingPointSamplesFromZeroToOneAreSpreadAndOthersCutOff() {
    ColorSpace srgb = ColorSpace.getInstance(ColorSpace.CS_sRGB);
    BufferedImage rgb = image(srgb, false, DataBuffer.TYPE_FLOAT, 2, 1);
    rgb.getRaster().setPixel(0, 0, new float[] {0, 0.5f, 1});
    rgb.getRaster().setPixel(1, 0, new float[] {-3, 0.2f, 7});
    RgbImage copy = Images.from(rgb);
    assertThat(copy.rgb(0, 0)).isEqualTo(0x0080ff);
    assertThat(copy.rgb(1, 0)).isEqualTo(0x0033ff);

    ColorSpace grey = ColorSpace.getInstance(ColorSpace.CS_GRAY);
    BufferedImage half = image(grey, true, DataBuffer.TYPE_FLOAT, 1, 1);
    half.getRaster().setPixel(0, 0, new float[] {0.5f, 0.1f});
    assertThat(picture(half).colors().rgb(0, 0)).isEqualTo(0x808080);
    assertThat(picture(half).alpha()).contains(AlphaMask.of(1, 1, new byte[] {26}));
  }

  @Test
  void partsOfAnImageAreCopiedFromTheirPlace() {
    RgbImage noise = TestFiles.noise(6, 5);
    RgbImage part = Images.from(Images.toBufferedImage(noise).getSubimage(2, 1, 3, 2));
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        assertThat(part.rgb(x, y)).isEqualTo(noise.rgb(x + 2, y + 1));
      }
    }
  }

  @Test
  void theImageStaysAsItIsAndItsCopyToo() {
    BufferedImage image = Images.toBufferedImage(TestFiles.noise(4, 3));
    RgbImage copy = Images.from(image);
    assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(TestFiles.noise(4, 3).rgb(0, 0));
    image.setRGB(0, 0, 0);
    assertThat(copy).isEqualTo(TestFiles.noise(4, 3));
  }

  @Test
  void anImageThatNobodyElseHoldsIsConvertedInItsOwnArray() {
    RgbImage noise = TestFiles.noise(4, 3);
    BufferedImage image = Images.toBufferedImage(noise);
    byte[] own = Pixels.ownArray(image).orElseThrow();
    assertThat(own).isSameAs(((DataBufferByte) image.getRaster().getDataBuffer()).getData());

    byte[] rgb = Pixels.toRgb(image, image.getColorModel().getColorSpace(), own);

    assertThat(rgb).isSameAs(own).isEqualTo(noise.toByteArray());
  }

  @Test
  void aNewImageHoldsThePixelsInTheOrderOfTheResult() {
    BufferedImage image = Pixels.newImage(4, 3);
    image.setRGB(1, 0, COLOR);
    byte[] own = Pixels.ownArray(image).orElseThrow();
    assertThat(own).startsWith(0, 0, 0, 0xc8, 0x64, 0x32, 0).hasSize(36);
    assertThat(Pixels.toRgb(image, Pixels.space(image), own.clone())).isEqualTo(own);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_USHORT_565_RGB
      })
  void anImageOfAnotherFormHasNoArrayToConvertIn(int type) {
    assertThat(Pixels.ownArray(new BufferedImage(4, 3, type))).isEmpty();
  }

  @Test
  void aPartOfAnImageHasNoArrayToConvertIn() {
    BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_3BYTE_BGR);
    assertThat(Pixels.ownArray(image.getSubimage(0, 0, 4, 2))).isEmpty();
    assertThat(Pixels.ownArray(image.getSubimage(1, 0, 3, 3))).isEmpty();
  }

  @Test
  void planesHaveNoArrayToConvertIn() {
    WritableRaster planes = Raster.createBandedRaster(DataBuffer.TYPE_BYTE, 4, 3, 3, null);
    ColorModel model = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).getColorModel();
    BufferedImage image = new BufferedImage(model, planes, false, null);
    planes.setPixel(3, 2, new int[] {200, 100, 50});
    assertThat(Pixels.ownArray(image)).isEmpty();
    assertThat(Images.from(image).rgb(3, 2)).isEqualTo(COLOR);
  }

  @Test
  void anImageTooLargeForAnArrayIsRejected() {
    // All rows of this image are one and the same.
    SampleModel same =
        new ComponentSampleModel(DataBuffer.TYPE_BYTE, 40_000, 20_000, 3, 0, new int[] {0, 1, 2});
    WritableRaster raster =
        Raster.createWritableRaster(same, new DataBufferByte(120_000), new Point());
    ColorModel model = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).getColorModel();
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertThatThrownBy(() -> Images.from(image))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("40000 x 20000 pixels of 3 samples do not fit an array");
  }

  @Test
  void aPictureBecomesAnImageAndBack() {
    RgbImage noise = TestFiles.noise(7, 5);
    BufferedImage image = Images.toBufferedImage(noise);
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
    assertThat(image.getRGB(6, 4)).isEqualTo(0xff000000 | noise.rgb(6, 4));
    assertThat(Images.from(image)).isEqualTo(noise);
  }

  @Test
  void aPictureWithAlphaBecomesAnImageOfStraightAlpha() {
    RgbaImage picture =
        RgbaImage.of(2, 1, new byte[] {1, 2, 3, 0, (byte) 200, (byte) 100, 50, (byte) 128});
    BufferedImage image = Images.toBufferedImage(picture);
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_4BYTE_ABGR);
    assertThat(image.getRGB(0, 0)).isEqualTo(picture.argb(0, 0)).isEqualTo(0x00010203);
    assertThat(image.getRGB(1, 0)).isEqualTo(picture.argb(1, 0)).isEqualTo(0x80c86432);
  }
}
