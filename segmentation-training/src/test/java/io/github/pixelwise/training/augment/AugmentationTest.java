package io.github.pixelwise.training.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationTest {
  private static final RgbImage PHOTO = Pictures.noise(40, 30, 1);
  private static final CategoryMask MASK = Pictures.mask(40, 30, 2);

  private static final Augmentation EVERYTHING =
      Augmentation.builder()
          .shortEdge(20, 60)
          .scale(0.5, 2)
          .aspectRatio(0.7, 1.4)
          .rotation(30, 0.5)
          .crop(32, 32)
          .flip(0.5)
          .brightness(0.6, 1.4)
          .contrast(0.6, 1.4)
          .saturation(0.6, 1.4)
          .hue(-0.1, 0.1)
          .blur(0.1, 2, 0.5)
          .gray(0.2)
          .padding(0x010203)
          .ignoreIndex(65535)
          .build();

  private static AugmentedSample apply(Augmentation augmentation, long seed) {
    return augmentation.apply(PHOTO, MASK, new SplittableRandom(seed));
  }

  private static Set<Integer> categories(CategoryMask mask) {
    return Arrays.stream(mask.toIntArray()).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void changesNothingWithoutSettings() {
    assertThat(apply(Augmentation.none(), 1)).isEqualTo(new AugmentedSample(PHOTO, MASK));
  }

  @Test
  void makesTheSameChangesOfTheSameNumbers() {
    assertThat(apply(EVERYTHING, 5)).isEqualTo(apply(EVERYTHING, 5));
    assertThat(apply(EVERYTHING, 5)).isNotEqualTo(apply(EVERYTHING, 6));
  }

  @Test
  void keepsClasses() {
    Set<Integer> known = categories(MASK);
    known.add(65535);

    for (int seed = 0; seed < 30; seed++) {
      AugmentedSample sample = apply(EVERYTHING, seed);
      assertThat(sample.photo().width()).isEqualTo(32);
      assertThat(sample.photo().height()).isEqualTo(32);
      assertThat(sample.mask().width()).isEqualTo(32);
      assertThat(sample.mask().height()).isEqualTo(32);
      assertThat(known).containsAll(categories(sample.mask()));
    }
  }

  @Test
  void padsACropLargerThanThePhotoAndKeepsThePaddingsColor() {
    Augmentation augmentation =
        Augmentation.builder()
            .crop(60, 50)
            .brightness(0.2, 0.2)
            .gray(1)
            .padding(0xc08040)
            .ignoreIndex(65535)
            .build();

    AugmentedSample sample = apply(augmentation, 3);

    int padded = 0;
    for (int y = 0; y < 50; y++) {
      for (int x = 0; x < 60; x++) {
        if (sample.mask().category(x, y) == 65535) {
          padded++;
          assertThat(sample.photo().rgb(x, y)).isEqualTo(0xc08040);
        }
      }
    }
    assertThat(padded).isEqualTo(60 * 50 - 40 * 30);
  }

  @Test
  void placesCropsEverywhere() {
    CategoryMask columns =
        CategoryMask.copyOf(40, 30, IntStream.range(0, 1200).map(i -> i % 40).toArray());
    Augmentation augmentation = Augmentation.builder().crop(38, 30).build();

    Set<Integer> starts = new TreeSet<>();
    for (int seed = 0; seed < 50; seed++) {
      starts.add(
          augmentation.apply(PHOTO, columns, new SplittableRandom(seed)).mask().category(0, 0));
    }

    assertThat(starts).containsExactly(0, 1, 2);
  }

  @Test
  void exchangesLeftAndRightOfBoth() {
    AugmentedSample sample = apply(Augmentation.builder().flip(1).build(), 1);

    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        assertThat(sample.photo().rgb(x, y)).isEqualTo(PHOTO.rgb(39 - x, y));
        assertThat(sample.mask().category(x, y)).isEqualTo(MASK.category(39 - x, y));
      }
    }
  }

  @Test
  void givesTheShortEdgeEveryLength() {
    Augmentation augmentation = Augmentation.builder().shortEdge(15, 17).build();

    Set<String> sizes = new TreeSet<>();
    for (int seed = 0; seed < 50; seed++) {
      RgbImage photo = apply(augmentation, seed).photo();
      sizes.add(photo.width() + " x " + photo.height());
    }

    assertThat(sizes).containsExactly("20 x 15", "21 x 16", "22 x 17");
  }

  @Test
  void stretchesToASizeAndFitsIntoOne() {
    RgbImage stretched = apply(Augmentation.builder().stretch(17, 50).build(), 1).photo();
    RgbImage fitted = apply(Augmentation.builder().fit(20, 20).build(), 1).photo();

    assertThat(List.of(stretched.width(), stretched.height())).containsExactly(17, 50);
    assertThat(List.of(fitted.width(), fitted.height())).containsExactly(20, 15);
  }

  @Test
  void multipliesSizesByScaleAndAspectRatio() {
    RgbImage photo = apply(Augmentation.builder().scale(2, 2).aspectRatio(4, 4).build(), 1).photo();

    assertThat(List.of(photo.width(), photo.height())).containsExactly(160, 30);
  }

  @Test
  void drawsAnotherPlaceIfOneClassCoversTooMuch() {
    // Class 1 in the right quarter alone.
    CategoryMask mask =
        CategoryMask.copyOf(
            40, 30, IntStream.range(0, 1200).map(i -> i % 40 < 30 ? 0 : 1).toArray());
    Augmentation.Builder builder = Augmentation.builder().crop(12, 12);

    assertThat(mixed(builder.build(), mask)).isLessThan(60);
    assertThat(mixed(builder.largestShare(0.9).build(), mask)).isGreaterThan(90);
  }

  private static long mixed(Augmentation augmentation, CategoryMask mask) {
    return IntStream.range(0, 100)
        .filter(
            seed ->
                categories(augmentation.apply(PHOTO, mask, new SplittableRandom(seed)).mask())
                        .size()
                    == 2)
        .count();
  }

  @Test
  void changesAShareOfThePhotos() {
    Augmentation augmentation = Augmentation.builder().gray(0.3).build();

    long gray =
        IntStream.range(0, 1000)
            .filter(seed -> !apply(augmentation, seed).photo().equals(PHOTO))
            .count();

    assertThat(gray).isBetween(250L, 350L);
  }

  @Test
  void padsWithTheColorThatANetworkNormalizesToZero() {
    InputSpec rgb = InputSpec.builder("input", SizeRule.fixed(8, 8)).imageNet().build();
    InputSpec bgr =
        InputSpec.builder("input", SizeRule.fixed(8, 8))
            .channelOrder(ChannelOrder.BGR)
            .mean(0.1, 0.2, 0.4)
            .build();
    Augmentation augmentation = Augmentation.builder().crop(50, 40).build();
    LabelMap labels = LabelMap.of(List.of("a", "b"), 7);

    assertThat(augmentation.forNetwork(rgb, labels))
        .isEqualTo(Augmentation.builder().crop(50, 40).padding(0x7c7468).ignoreIndex(7).build());
    assertThat(augmentation.forNetwork(bgr, labels))
        .isEqualTo(Augmentation.builder().crop(50, 40).padding(0x66331a).ignoreIndex(7).build());
    assertThat(Augmentation.builder().padding(0x808080).build().forNetwork(rgb, labels))
        .isEqualTo(Augmentation.builder().padding(0x808080).ignoreIndex(7).build());
  }

  @Test
  void saysItsSettings() {
    assertThat(Augmentation.builder().scale(0.5, 2).crop(480, 320).flip(0.5).build().toString())
        .startsWith("Augmentation[")
        .contains("scale=0.5..2", "fixed 480 x 320", "flip=0.5");
  }

  @Test
  void rejectsAMaskOfAnotherSize() {
    assertThatThrownBy(
            () ->
                Augmentation.none().apply(PHOTO, Pictures.mask(30, 40, 1), new SplittableRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a mask must have its photograph's size, 40 x 30, found 30 x 40");
  }

  private static Arguments wrong(ThrowingCallable call, String message) {
    return Arguments.of(message, call);
  }

  static Stream<Arguments> wrongSettings() {
    return Stream.of(
        wrong(
            () -> Augmentation.builder().shortEdge(0, 5),
            "the short edge must be a range within 1..8192, found 0..5"),
        wrong(
            () -> Augmentation.builder().shortEdge(6, 5),
            "the short edge must be a range within 1..8192, found 6..5"),
        wrong(
            () -> Augmentation.builder().stretch(0, 5),
            "the width of a photograph must lie in 1..8192, found 0"),
        wrong(
            () -> Augmentation.builder().fit(5, 9000),
            "the height of a photograph must lie in 1..8192, found 9000"),
        wrong(
            () -> Augmentation.builder().scale(0, 2),
            "the scale must be a range within 0.01..100, found 0..2"),
        wrong(
            () -> Augmentation.builder().scale(Double.NaN, 2),
            "the scale must be a range within 0.01..100, found NaN..2"),
        wrong(
            () -> Augmentation.builder().aspectRatio(0.5, 20),
            "the factor of the aspect ratio must be a range within 0.1..10, found 0.5..20"),
        wrong(
            () -> Augmentation.builder().rotation(-10, 1),
            "the angle must lie in 0..180, found -10"),
        wrong(
            () -> Augmentation.builder().rotation(10, 1.5),
            "the probability of a rotation must lie in 0..1, found 1.5"),
        wrong(
            () -> Augmentation.builder().crop(0, 480),
            "the sides of a crop must lie in 1..8192, found 0 x 480"),
        wrong(
            () -> Augmentation.builder().largestShare(0),
            "the largest share of a class must lie in 0.01..1, found 0"),
        wrong(
            () -> Augmentation.builder().flip(-1),
            "the probability of a flip must lie in 0..1, found -1"),
        wrong(
            () -> Augmentation.builder().brightness(-0.5, 1),
            "the factor of brightness must be a range within 0..10, found -0.5..1"),
        wrong(
            () -> Augmentation.builder().contrast(2, 1),
            "the factor of contrast must be a range within 0..10, found 2..1"),
        wrong(
            () -> Augmentation.builder().saturation(0, 11),
            "the factor of saturation must be a range within 0..10, found 0..11"),
        wrong(
            () -> Augmentation.builder().hue(-0.6, 0.6),
            "the turn of hue must be a range within -0.5..0.5, found -0.6..0.6"),
        wrong(
            () -> Augmentation.builder().blur(-1, 2, 0.5),
            "the standard deviation of a blur must be a range within 0..100, found -1..2"),
        wrong(
            () -> Augmentation.builder().blur(1, 2, 2),
            "the probability of a blur must lie in 0..1, found 2"),
        wrong(
            () -> Augmentation.builder().gray(2),
            "the probability of gray must lie in 0..1, found 2"),
        wrong(
            () -> Augmentation.builder().padding(0x1000000),
            "the padding must lie in 0..0xffffff, found 0x1000000"),
        wrong(
            () -> Augmentation.builder().ignoreIndex(65536),
            "the ignore index must lie in 0..65535, found 65536"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongSettings")
  void rejectsWrongSettings(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
