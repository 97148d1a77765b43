package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  @Test
  void imagesTellTheirPixelsAndRows() {
    RgbImage rgb = RgbImage.of(2, 1, new byte[] {1, 2, 3, (byte) 255, (byte) 128, 0});
    RgbaImage rgba = RgbaImage.of(1, 1, new byte[] {1, 2, 3, (byte) 200});
    byte[] row = new byte[7];

    rgb.copyRow(0, row, 1);

    assertThat(rgb.rgb(1, 0)).isEqualTo(0xff8000);
    assertThat(row).containsExactly(0, 1, 2, 3, 255, 128, 0);
    assertThat(rgba.argb(0, 0)).isEqualTo(0xc8010203);
    assertThat(AlphaMask.of(1, 1, new byte[] {(byte) 200}).alpha(0, 0)).isEqualTo(200);
    assertThat(ConfidenceMap.of(1, 1, new byte[] {51}).confidence(0, 0)).isEqualTo(0.2f);
    assertThat(rgb).hasToString("RgbImage[2 x 1]");
  }

  @Test
  void valuesAreComparedByContent() {
    byte[] bytes = {1, 2, 3};

    assertThat(RgbImage.of(1, 1, bytes))
        .isEqualTo(RgbImage.copyOf(1, 1, bytes))
        .hasSameHashCodeAs(RgbImage.copyOf(1, 1, bytes))
        .isNotEqualTo(RgbImage.of(1, 1, new byte[] {1, 2, 4}));
    assertThat(AlphaMask.of(3, 1, bytes))
        .isNotEqualTo(ConfidenceMap.of(3, 1, bytes))
        .isNotEqualTo(AlphaMask.of(1, 3, bytes));
    assertThat(FloatTensor.of(new float[] {1, 2}, 1, 2))
        .isEqualTo(FloatTensor.copyOf(new float[] {1, 2}, 1, 2))
        .isNotEqualTo(FloatTensor.of(new float[] {1, 2}, 2, 1));
  }

  @Test
  void aCopyDoesNotFollowItsArray() {
    byte[] bytes = {1, 2, 3};
    RgbImage image = RgbImage.copyOf(1, 1, bytes);
    int[] categories = {7};
    CategoryMask mask = CategoryMask.copyOf(1, 1, categories);

    bytes[0] = 9;
    categories[0] = 9;
    image.toByteArray()[1] = 9;

    assertThat(image.rgb(0, 0)).isEqualTo(0x010203);
    assertThat(mask.category(0, 0)).isEqualTo(7);
  }

  @Test
  void masksHoldEightOrSixteenBits() {
    CategoryMask narrow = CategoryMask.copyOf(2, 1, new int[] {0, 255});
    CategoryMask wide = CategoryMask.copyOf(2, 1, new int[] {65535, 256});
    int[] row = new int[3];

    wide.copyRow(0, row, 1);

    assertThat(narrow).isEqualTo(CategoryMask.of(2, 1, new byte[] {0, (byte) 255}));
    assertThat(wide).isNotEqualTo(CategoryMask.of(2, 1, new byte[] {(byte) 255, 0}));
    assertThat(row).containsExactly(0, 65535, 256);
    assertThat(wide.toIntArray()).containsExactly(65535, 256);
    assertThat(narrow.toIntArray()).containsExactly(0, 255);
    assertThat(narrow.category(1, 0)).isEqualTo(255);
    assertThatThrownBy(() -> CategoryMask.copyOf(2, 1, new int[] {0, 65536}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("categories must lie in 0..65535, found 65536");
  }

  @Test
  void aRowOfBytesIsCopiedIfBytesHoldTheCategories() {
    CategoryMask narrow = CategoryMask.copyOf(2, 2, new int[] {0, 1, 255, 2});
    CategoryMask wide = CategoryMask.copyOf(2, 1, new int[] {0, 256});
    byte[] row = new byte[4];

    narrow.copyRow(1, row, 1);

    assertThat(row).containsExactly(0, 255, 2, 0);
    assertThat(narrow.bits()).isEqualTo(8);
    assertThat(wide.bits()).isEqualTo(16);
    assertThatThrownBy(() -> wide.copyRow(0, row, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the mask has categories above 255, which do not fit into bytes");
    assertThatThrownBy(() -> narrow.copyRow(2, row, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> narrow.copyRow(0, row, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aWrongSizeIsRefused() {
    assertThatThrownBy(() -> RgbImage.of(2, 2, new byte[11]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 x 2 pixels of 3 bytes need an array of 12, found 11");
    assertThatThrownBy(() -> RgbImage.of(0, 2, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width and height must be at least 1, found 0 x 2");
    assertThatThrownBy(() -> RgbImage.of(30000, 30000, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("30000 x 30000 pixels of 3 samples do not fit an array");
    assertThatThrownBy(() -> CategoryMask.of(2, 2, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 x 2 categories need an array of 4, found 3");
    assertThatThrownBy(() -> FloatTensor.of(new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor of [2 x 2] needs an array of 4, found 3");
    assertThatThrownBy(() -> FloatTensor.of(new float[0], 2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("every side of a tensor must be at least 1, found [2 x 0]");
    assertThatThrownBy(() -> FloatTensor.of(new float[0], 65536, 65536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor of [65536 x 65536] does not fit an array");
    assertThatThrownBy(
            () ->
                ScoreMap.of(
                    OutputSpec.logits("out", 1),
                    ImageGeometry.stretched(1, 1, 1, 1),
                    2,
                    1,
                    1,
                    new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 planes of 1 x 1 scores need an array of 2, found 1");
    assertThatThrownBy(() -> ImageGeometry.stretched(4, 0, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sides must be at least 1, found source 4 x 0, input 2 x 2, content 2 x 2");
  }

  @Test
  void pixelsOutsideAreRefused() {
    RgbImage image = RgbImage.of(2, 1, new byte[6]);
    CategoryMask mask = CategoryMask.of(2, 1, new byte[2]);

    assertThatThrownBy(() -> image.rgb(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> image.rgb(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> mask.category(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> mask.copyRow(1, new int[2], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> mask.copyRow(0, new int[1], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:12"})
  void devicesAreReadFromTheirNames(String name) {
    assertThat(Device.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda", "cuda:", "cuda:-1", "CPU", ""})
  void otherDevicesAreRefused(String name) {
    assertThatThrownBy(() -> Device.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a device is cpu, auto or cuda:N (cuda:0 is the first GPU), found \"" + name + "\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1025})
  void threadsAreBounded(int threads) {
    assertThatThrownBy(() -> Segmenter.builder().threads(threads))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must lie in 0..1024, found " + threads);
  }

  @Test
  void settingsNameTheirBackend() {
    assertThatThrownBy(() -> Segmenter.builder().setting("memory-limit", "2GB"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a setting's name must be BACKEND.NAME, for example onnx.cuda.memory-limit, found"
                + " \"memory-limit\"");
  }

  @Test
  void formatsHavePlainNames() {
    assertThat(new ModelFormat("onnx")).isEqualTo(ModelFormat.ONNX);
    assertThatThrownBy(() -> new ModelFormat("Torch Script"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a format's name is made of a-z, 0-9 and hyphens, found \"Torch Script\"");
  }

  @Test
  void theLowerOfTwoAlphasIsThatOfBoth() {
    AlphaMask mask = AlphaMask.of(3, 1, new byte[] {0, (byte) 200, (byte) 255});
    AlphaMask other = AlphaMask.of(3, 1, new byte[] {(byte) 255, 100, (byte) 254});
    AlphaMask both = AlphaMask.of(3, 1, new byte[] {0, 100, (byte) 254});
    assertThat(mask.min(other)).isEqualTo(both).isEqualTo(other.min(mask));
    assertThatThrownBy(() -> mask.min(AlphaMask.of(1, 3, new byte[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the masks must have the same size, found 3 x 1 and 1 x 3");
  }
}
