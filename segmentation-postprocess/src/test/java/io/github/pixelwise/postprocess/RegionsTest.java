package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.postprocess.ClassStatistics.Box;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionsTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("background", "cat", "dog"));
  private static final byte VOID = (byte) 255;

  private static final Map<String, CategoryMask> MASKS =
      Golden.sources("regions-golden.txt", CategoryMask::of);
  private static final Map<String, AlphaMask> ALPHAS =
      Golden.sources("islands-golden.txt", AlphaMask::of);

  static List<Arguments.ArgumentSet> regions() {
    return Golden.lines("regions-golden.txt", "regions").stream()
        .map(
            f ->
                Arguments.argumentSet(
                    f[1],
                    MASKS.get(f[1]),
                    Arrays.stream(f).skip(2).map(RegionsTest::region).toList()))
        .toList();
  }

  private static Region region(String fields) {
    int[] f = Arrays.stream(fields.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    return new Region(f[0], f[1], new Box(f[2], f[3], f[4], f[5]));
  }

  @ParameterizedTest
  @MethodSource("regions")
  void findsTheRegionsThatScikitImageFinds(CategoryMask mask, List<Region> expected) {
    assertThat(Regions.of(mask)).containsExactlyElementsOf(expected).isUnmodifiable();
  }

  static List<Arguments.ArgumentSet> drop() {
    return cases("regions-golden.txt", "drop", MASKS);
  }

  static List<Arguments.ArgumentSet> islands() {
    return cases("islands-golden.txt", "drop", ALPHAS);
  }

  static List<Arguments.ArgumentSet> holes() {
    return cases("islands-golden.txt", "fill", ALPHAS);
  }

  private static List<Arguments.ArgumentSet> cases(
      String file, String kind, Map<String, ?> sources) {
    return Golden.lines(file, kind).stream()
        .map(
            f ->
                Arguments.argumentSet(
                    f[1] + " " + f[2],
                    sources.get(f[1]),
                    Integer.parseInt(f[2]),
                    Golden.bytes(f[3])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("drop")
  void givesSmallRegionsToTheirNeighbours(CategoryMask mask, int minPixels, byte[] expected) {
    assertThat(Regions.dropSmall(mask, LABELS, minPixels))
        .isEqualTo(CategoryMask.of(mask.width(), mask.height(), expected));
  }

  @ParameterizedTest
  @FieldSource("MASKS_WITH_LARGE_REGIONS")
  void leavesNoSmallRegion(String name) {
    CategoryMask clean = Regions.dropSmall(Objects.requireNonNull(MASKS.get(name)), LABELS, 10);

    assertThat(Regions.of(clean))
        .filteredOn(region -> region.category() != 255)
        .isNotEmpty()
        .allSatisfy(region -> assertThat(region.pixels()).isGreaterThanOrEqualTo(10));
  }

  static final List<String> MASKS_WITH_LARGE_REGIONS =
      List.of("noise", "blobs", "gaps", "islands", "rings", "even");

  @Test
  void takesTheLowestOfCategoriesWithEquallyLongBorders() {
    CategoryMask mask = CategoryMask.of(5, 1, new byte[] {2, 2, 0, 1, 1});

    assertThat(Regions.dropSmall(mask, LABELS, 2))
        .isEqualTo(CategoryMask.of(5, 1, new byte[] {2, 2, 1, 1, 1}));
  }

  @Test
  void addsUpTheBordersWithRegionsOfOneCategory() {
    byte[] categories = {
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, //
      2, 2, 2, 2, 0, 0, 0, 2, 2, 2, 2, //
      2, 2, 2, 2, 0, 0, 0, 2, 2, 2, 2, //
    };
    byte[] expected = categories.clone();
    Arrays.fill(expected, 11, 33, (byte) 2);

    assertThat(Regions.dropSmall(CategoryMask.of(11, 3, categories), LABELS, 7))
        .as("2 edges with either region of category 2, 3 with category 1")
        .isEqualTo(CategoryMask.of(11, 3, expected));
  }

  @Test
  void waitsForNeighboursRatherThanTakeTheCategoryAtACorner() {
    byte[] categories = {
      2, 2, 2, 5, 5, 5, 5, //
      2, 2, 2, 5, 5, 5, 5, //
      2, 2, 2, 0, 0, 0, 0, //
      2, 2, 0, 1, 1, 1, 1, //
    };
    byte[] expected = categories.clone();
    Arrays.fill(expected, 17, 21, (byte) 5);
    Arrays.fill(expected, 23, 28, (byte) 5);

    assertThat(Regions.dropSmall(CategoryMask.of(7, 4, categories), LABELS, 7))
        .isEqualTo(CategoryMask.of(7, 4, expected));
  }

  @Test
  void makesASmallRegionVoidOnlyIfNothingElseIsAboutIt() {
    CategoryMask mask =
        CategoryMask.of(
            6,
            3,
            new byte[] {
              VOID, VOID, VOID, VOID, 0, 0, //
              VOID, 1, VOID, 2, 0, 0, //
              VOID, VOID, VOID, VOID, 0, VOID
            });

    assertThat(Regions.dropSmall(mask, LABELS, 3))
        .isEqualTo(
            CategoryMask.of(
                6,
                3,
                new byte[] {
                  VOID, VOID, VOID, VOID, 0, 0, //
                  VOID, VOID, VOID, 0, 0, 0, //
                  VOID, VOID, VOID, VOID, 0, VOID
                }));
  }

  @Test
  void knowsVoidByTheLabels() {
    LabelMap labels = LabelMap.of(List.of("background", "cat"), 9);
    CategoryMask mask = CategoryMask.of(5, 1, new byte[] {0, 0, 9, 1, 1});

    assertThat(Regions.dropSmall(mask, labels, 2)).isEqualTo(mask);
    assertThat(Regions.dropSmall(mask, LABELS, 2))
        .isEqualTo(CategoryMask.of(5, 1, new byte[] {0, 0, 0, 1, 1}));
  }

  @Test
  void knowsCategoriesOfSixteenBits() {
    CategoryMask mask =
        CategoryMask.copyOf(3, 3, new int[] {256, 256, 256, 256, 7, 256, 256, 256, 256});
    CategoryMask even =
        CategoryMask.copyOf(3, 3, new int[] {256, 256, 256, 256, 256, 256, 256, 256, 256});

    assertThat(Regions.of(mask))
        .containsExactly(
            new Region(256, 8, new Box(0, 0, 3, 3)), new Region(7, 1, new Box(1, 1, 1, 1)));
    assertThat(Regions.dropSmall(mask, LABELS, 2)).isEqualTo(even);
    assertThat(Regions.fillHoles(mask, 256, 1)).isEqualTo(even);
    assertThat(Regions.fillHoles(mask, 65535, 1)).isEqualTo(mask);
  }

  /** A comb: its teeth are separate regions until the last row joins them. */
  @Test
  void joinsRegionsThatMeetLate() {
    int width = 2001;
    byte[] comb = new byte[width * 40];
    for (int i = 0; i < comb.length; i++) {
      comb[i] = (byte) (i / width == 39 || i % width % 2 == 0 ? 1 : 0);
    }
    CategoryMask mask = CategoryMask.of(width, 40, comb);

    assertThat(Regions.of(mask))
        .hasSize(1001)
        .contains(new Region(1, 41040, new Box(0, 0, width, 40)));
    assertThat(Regions.of(Regions.dropSmall(mask, LABELS, 40)))
        .containsExactly(new Region(1, 80040, new Box(0, 0, width, 40)));
  }

  static List<Arguments.ArgumentSet> classHoles() {
    return Golden.lines("regions-golden.txt", "fill").stream()
        .map(
            f ->
                Arguments.argumentSet(
                    String.join(" ", f[1], f[2], f[3]),
                    MASKS.get(f[1]),
                    Integer.parseInt(f[2]),
                    Integer.parseInt(f[3]),
                    Golden.bytes(f[4])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("classHoles")
  void fillsTheHolesOfAClass(CategoryMask mask, int category, int maxPixels, byte[] expected) {
    assertThat(Regions.fillHoles(mask, category, maxPixels))
        .isEqualTo(CategoryMask.of(mask.width(), mask.height(), expected));
  }

  @ParameterizedTest
  @MethodSource("islands")
  void dropsSmallIslands(AlphaMask alpha, int minPixels, byte[] expected) {
    assertThat(Regions.dropSmall(alpha, minPixels))
        .isEqualTo(AlphaMask.of(alpha.width(), alpha.height(), expected));
  }

  @ParameterizedTest
  @MethodSource("holes")
  void fillsTheHolesOfAForeground(AlphaMask alpha, int maxPixels, byte[] expected) {
    assertThat(Regions.fillHoles(alpha, maxPixels))
        .isEqualTo(AlphaMask.of(alpha.width(), alpha.height(), expected));
  }

  @Test
  void hasAllGoldenCases() {
    assertThat(regions()).hasSize(10);
    assertThat(drop()).hasSize(10 * 4);
    assertThat(classHoles()).hasSize(10 * 3 * 2);
    assertThat(islands()).hasSize(6 * 4);
    assertThat(holes()).hasSize(6 * 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void refusesALimitBelowOne(int limit) {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);
    AlphaMask alpha = AlphaMask.of(1, 1, new byte[1]);
    String fewest = "the fewest pixels of a region must be at least 1, found " + limit;
    String most = "the most pixels of a hole must be at least 1, found " + limit;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regions.dropSmall(mask, LABELS, limit))
        .withMessage(fewest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regions.dropSmall(alpha, limit))
        .withMessage(fewest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regions.fillHoles(mask, 0, limit))
        .withMessage(most);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regions.fillHoles(alpha, limit))
        .withMessage(most);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void refusesACategoryOutOfRange(int category) {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Regions.fillHoles(mask, category, 1))
        .withMessage("the category must lie in 0..65535, found " + category);
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    CategoryMask mask = CategoryMask.of(1, 1, new byte[1]);
    assertThatNullPointerException().isThrownBy(() -> Regions.of(null)).withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Regions.dropSmall(null, LABELS, 1))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Regions.dropSmall(mask, null, 1))
        .withMessage("labels");
    assertThatNullPointerException()
        .isThrownBy(() -> Regions.dropSmall(null, 1))
        .withMessage("alpha");
    assertThatNullPointerException()
        .isThrownBy(() -> Regions.fillHoles(null, 0, 1))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> Regions.fillHoles(null, 1))
        .withMessage("alpha");
    assertThatNullPointerException().isThrownBy(() -> new Region(0, 1, null)).withMessage("box");
  }
}
