package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.model.Interpolation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositingTest {
  private static final RgbImage PHOTO = Golden.image("photo");
  private static final RgbImage BACKGROUND = Golden.image("background");
  private static final AlphaMask ALPHA = Golden.alpha("alpha");

  @Test
  void compositesOverAColor() {
    assertThat(Compositing.over(PHOTO, ALPHA, 0xffffff)).isEqualTo(Golden.image("correct-white"));
    assertThat(Compositing.over(PHOTO, ALPHA, 0x1ec85a)).isEqualTo(Golden.image("correct-colour"));
  }

  @Test
  void compositesOverAnImage() {
    assertThat(Compositing.over(PHOTO, ALPHA, BACKGROUND)).isEqualTo(Golden.image("correct-image"));
  }

  @Test
  void goesTheWholeWayFromTheMaskToThePicture() throws IOException {
    CategoryMask mask = Golden.mask("classes");

    AlphaMask alpha =
        Alpha.feather(Alpha.foreground(mask, LabelMap.voc()), GaussianBlur.ofKernelSize(7));

    assertThat(alpha).isEqualTo(ALPHA);
    assertThat(Compositing.over(PHOTO, alpha, 0xffffff)).isEqualTo(Golden.image("correct-white"));
  }

  @Test
  void cutsClassesOutInOneCall() throws IOException {
    SegmentationResult result =
        SegmentationResult.builder(Golden.mask("classes"), LabelMap.voc(), Palette.voc()).build();

    RgbaImage all = Compositing.cutout(PHOTO, result);

    assertThat(all).isEqualTo(Compositing.cutout(Foreground.estimate(PHOTO, ALPHA), ALPHA));
    String first =
        result.shares().keySet().stream()
            .filter(name -> !name.equals("background") && !name.equals("void"))
            .findFirst()
            .orElseThrow();
    AlphaMask alpha =
        Alpha.feather(
            Alpha.ofClasses(result.mask(), result.labels(), first), GaussianBlur.ofKernelSize(7));
    assertThat(Compositing.cutout(PHOTO, result, first))
        .isEqualTo(Compositing.cutout(Foreground.estimate(PHOTO, alpha), alpha))
        .isNotEqualTo(all);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.cutout(PHOTO, result, "persona"))
        .withMessageStartingWith("no class is named \"persona\"");
  }

  /** Every alpha, foreground and background there is. */
  @Test
  void roundsTheExactResult() {
    for (int a = 0; a < 256; a++) {
      byte[] foreground = new byte[256 * 256 * 3];
      byte[] background = new byte[256 * 256 * 3];
      byte[] alpha = new byte[256 * 256];
      byte[] over = new byte[256 * 256 * 3];
      for (int i = 0; i < foreground.length; i++) {
        int f = i / 3 % 256;
        int b = i / 3 / 256;
        foreground[i] = (byte) f;
        background[i] = (byte) b;
        alpha[i / 3] = (byte) a;
        over[i] = (byte) (int) Math.floor((a * f + (255 - a) * b) / 255.0 + 0.5);
      }
      RgbImage image = RgbImage.of(256, 256, foreground);
      AlphaMask mask = AlphaMask.of(256, 256, alpha);
      RgbImage behind = RgbImage.of(256, 256, background);
      assertThat(Compositing.over(image, mask, behind)).isEqualTo(RgbImage.of(256, 256, over));
    }
  }

  @Test
  void aTransparentBackgroundKeepsWhatIsLeftOfItsAlpha() {
    byte[] foreground = new byte[256 * 256 * 3];
    byte[] background = new byte[256 * 256 * 3];
    byte[] alpha = new byte[256 * 256];
    byte[] backgroundAlpha = new byte[256 * 256];
    byte[] expected = new byte[256 * 256 * 4];
    for (int i = 0; i < alpha.length; i++) {
      int a = i % 256;
      int b = i / 256;
      alpha[i] = (byte) a;
      backgroundAlpha[i] = (byte) b;
      double shown = a + (255 - a) * b / 255.0;
      for (int c = 0; c < 3; c++) {
        int f = (i * 7 + c * 50) & 0xff;
        int k = (i * 3 + c * 90) & 0xff;
        foreground[i * 3 + c] = (byte) f;
        background[i * 3 + c] = (byte) k;
        double color = (a * f + (255 - a) * b * k / 255.0) / shown;
        expected[i * 4 + c] = (byte) (shown < 0.5 ? 0 : (int) Math.floor(color + 0.5));
      }
      expected[i * 4 + 3] = (byte) (int) Math.floor(shown + 0.5);
    }

    RgbaImage over =
        Compositing.over(
            RgbImage.of(256, 256, foreground),
            AlphaMask.of(256, 256, alpha),
            RgbImage.of(256, 256, background),
            AlphaMask.of(256, 256, backgroundAlpha));

    byte[] actual = over.toByteArray();
    for (int i = 0; i < actual.length; i++) {
      assertThat(Math.abs((actual[i] & 0xff) - (expected[i] & 0xff)))
          .as("sample %d", i)
          .isLessThanOrEqualTo(i % 4 == 3 ? 0 : 1); // halves may round either way
    }
  }

  @Test
  void anOpaqueBackgroundIsTheSameWithAlpha() {
    byte[] noise = new byte[40 * 30 * 3];
    new Random(4).nextBytes(noise);
    RgbImage background = RgbImage.of(40, 30, noise);
    byte[] opaque = new byte[40 * 30];
    Arrays.fill(opaque, (byte) 255);

    RgbaImage over = Compositing.over(PHOTO, ALPHA, background, AlphaMask.of(40, 30, opaque));

    RgbImage expected = Compositing.over(PHOTO, ALPHA, background);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        assertThat(over.argb(x, y)).isEqualTo(0xff000000 | expected.rgb(x, y));
      }
    }
  }

  @Test
  void hiddenColoursOfAScaledBackgroundDoNotShow() {
    // Green on the left; on the right red, all of it transparent.
    RgbImage background = RgbImage.of(2, 1, new byte[] {0, (byte) 255, 0, (byte) 255, 0, 0});
    AlphaMask left = AlphaMask.of(2, 1, new byte[] {(byte) 255, 0});
    RgbImage image = RgbImage.of(8, 4, new byte[8 * 4 * 3]);

    RgbaImage over = Compositing.over(image, AlphaMask.of(8, 4, new byte[8 * 4]), background, left);

    for (int x = 0; x < 8; x++) {
      int argb = over.argb(x, 1);
      assertThat(argb & 0xff00ff).as("red and blue in column %d", x).isZero();
      assertThat(argb >>> 24 == 0 ? 0 : argb >> 8 & 0xff).isEqualTo(argb >>> 24 == 0 ? 0 : 255);
    }
    assertThat(over.argb(0, 1) >>> 24).isEqualTo(255);
    assertThat(over.argb(7, 1)).isZero();
  }

  @Test
  void aBackgroundAndItsAlphaMustBeOfOneSize() {
    AlphaMask other = AlphaMask.of(1, 1, new byte[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.over(PHOTO, ALPHA, PHOTO, other))
        .withMessage("the alpha mask must have the image's size, 40 x 30, found 1 x 1");
  }

  @Test
  void cutsOut() {
    RgbImage image = RgbImage.of(3, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    AlphaMask alpha = AlphaMask.of(3, 1, new byte[] {(byte) 255, (byte) 128, 0});

    RgbaImage cutout = Compositing.cutout(image, alpha);

    assertThat(cutout.argb(0, 0)).isEqualTo(0xff010203);
    assertThat(cutout.argb(1, 0)).as("straight alpha").isEqualTo(0x80040506);
    assertThat(cutout.argb(2, 0)).as("cut away").isZero();
  }

  @Test
  void cutsOutEveryRow() {
    RgbaImage cutout = Compositing.cutout(PHOTO, ALPHA);

    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        int alpha = ALPHA.alpha(x, y);
        assertThat(cutout.argb(x, y)).isEqualTo(alpha == 0 ? 0 : alpha << 24 | PHOTO.rgb(x, y));
      }
    }
  }

  @Test
  void worksOnOnePixel() {
    RgbImage pixel = RgbImage.of(1, 1, new byte[] {10, 20, 30});
    AlphaMask half = AlphaMask.of(1, 1, new byte[] {(byte) 128});

    assertThat(Compositing.cutout(pixel, half).argb(0, 0)).isEqualTo(0x800a141e);
    assertThat(Compositing.over(pixel, half, 0xffffff).rgb(0, 0)).isEqualTo(0x84898e);
    assertThat(Compositing.over(pixel, half, BACKGROUND).width()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} x {1} behind {2} x {3} shows {6} x {7} from {4}, {5}")
  @CsvSource({
    "80, 60, 40, 30,  0,  0, 80, 60", // the same proportions, larger
    "20, 15, 40, 30,  0,  0, 20, 15", // and smaller
    "90, 30, 40, 30, 25,  0, 40, 30", // of the same height
    "40, 90, 40, 30,  0, 30, 40, 30", // of the same width
    "51, 20, 40, 30, 12,  0, 27, 20", // an odd remainder: less is cut off on the left
    "20, 50, 40, 30,  0, 17, 20, 15",
    "7, 100,  9,  1,  0, 49,  7,  1", // never less than a row
    " 1,  1, 40, 30,  0,  0,  1,  1",
  })
  void coversWithTheMiddleOfABackgroundOfAnotherSize(
      int width, int height, int imageWidth, int imageHeight, int x, int y, int w, int h) {
    byte[] noise = new byte[width * height * 3];
    new Random(1).nextBytes(noise);
    RgbImage background = RgbImage.copyOf(width, height, noise);
    byte[] middle = new byte[w * h * 3];
    for (int i = 0; i < h; i++) {
      System.arraycopy(noise, ((y + i) * width + x) * 3, middle, i * w * 3, w * 3);
    }
    RgbImage expected =
        Resampler.resize(
            RgbImage.of(w, h, middle), imageWidth, imageHeight, Interpolation.BILINEAR);
    RgbImage image = RgbImage.of(imageWidth, imageHeight, new byte[imageWidth * imageHeight * 3]);
    AlphaMask nothing = AlphaMask.of(imageWidth, imageHeight, new byte[imageWidth * imageHeight]);

    assertThat(Compositing.over(image, nothing, background)).isEqualTo(expected);
  }

  @Test
  void coversWithABackgroundOfUnlikeProportionsWithoutScalingWhatIsCutOff() {
    RgbImage wide = RgbImage.of(1_000_000, 1, new byte[3_000_000]);
    RgbImage high = RgbImage.of(1, 10_000, new byte[30_000]);

    assertThat(Compositing.over(high, AlphaMask.of(1, 10_000, new byte[10_000]), wide))
        .isEqualTo(high);
  }

  @Test
  void refusesAnAlphaMaskOfAnotherSize() {
    AlphaMask other = AlphaMask.of(30, 40, new byte[1200]);
    String message = "the alpha mask must have the image's size, 40 x 30, found 30 x 40";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.cutout(PHOTO, other))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.over(PHOTO, other, 0))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.over(PHOTO, other, BACKGROUND))
        .withMessage(message);
  }

  @Test
  void refusesABackgroundThatIsNoColor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compositing.over(PHOTO, ALPHA, 0xffffffff))
        .withMessage("the background must lie in 0..0xffffff, found 0xffffffff");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.cutout(null, ALPHA))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.cutout(PHOTO, null))
        .withMessage("alpha");
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.over(null, ALPHA, 0))
        .withMessage("image");
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.over(PHOTO, null, 0))
        .withMessage("alpha");
    assertThatNullPointerException()
        .isThrownBy(() -> Compositing.over(PHOTO, ALPHA, null))
        .withMessage("background");
  }
}
